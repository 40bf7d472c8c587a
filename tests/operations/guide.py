"""The operator's guide as a machine reads it: its blocks of commands, and what each needs."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from django.core.management import get_commands

from silin.cli import COMMANDS
from tests.servers import ROOT

GUIDE = ROOT / "docs/operators.md"
DEPLOY = ROOT / "deploy"
UNTIL_STOPPED = "until Ctrl-C"
LOOKED_AT = {"as root", "with a network", "ten minutes later"}
"""What a block may need that a test does not have: such a block is read, not run."""
FOLDERS = re.compile(r"/(?=(?:etc/silin|var/lib/silin|var/backups/silin|opt/silin|media/keys)\b)")


@dataclass(frozen=True)
class Block:
    """Commands that belong together, the line of the guide where they stand, and what they need."""

    line: int
    needs: frozenset[str]
    text: str

    @property
    def is_run(self) -> bool:
        """Whether a test can run it."""
        return not self.needs & LOOKED_AT

    def commands(self) -> list[list[str]]:
        """Each line as words."""
        return [words for line in self.text.splitlines() if (words := shlex.split(line, comments=True))]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of commands in order. Raises ``ValueError`` for a mark that means nothing."""
    for found in re.finditer(r"^```sh\n(?:# ([^\n]+)\n)?(.*?)^```$", text, re.M | re.S):
        needs = frozenset((found[1] or "").split(", ")) - {""}
        line = text.count("\n", 0, found.start()) + 1
        if unknown := needs - LOOKED_AT - {UNTIL_STOPPED}:
            raise ValueError(f"line {line}: no test knows what “{', '.join(unknown)}” means")
        yield Block(line, needs, found[2])


def below(root: Path, text: str) -> str:
    """``text`` with the folders of an installation moved below ``root``."""
    return FOLDERS.sub(f"{root}/", text)


def stale(words: list[str]) -> str:
    """What is wrong with a command of ours, or with a file of the checkout that a command names."""
    if words[0] == "silin":
        return _stale_command(words[1:])
    for word in words[1:]:
        if word.startswith("deploy/") and not (ROOT / word).is_file():
            return f"there is no {word}"
    if words[0] == "systemctl":
        units = [word for word in words[2:] if word.startswith("silin-")]
        missing = [unit for unit in units if not (DEPLOY / "systemd" / _unit(unit)).is_file()]
        return f"no unit {missing[0]}" if missing else ""
    return ""


def _stale_command(words: list[str]) -> str:
    if not words or words[0] not in COMMANDS:
        return "" if words and words[0] in get_commands() else f"there is no command {words}"
    parser = ArgumentParser(exit_on_error=False)
    import_module(f"silin.cli.{'imports' if words[0] == 'import' else words[0]}").arguments(parser)
    try:
        _known, unknown = parser.parse_known_args(words[1:])
    except (Exception, SystemExit) as error:
        return f"{words}: {error}"
    return f"{words}: there is no {unknown}" if unknown else ""


def _unit(name: str) -> str:
    return name if name.endswith(".timer") else f"{name}.service"
