"""House test 14: what every phone gets works in Chromium 86 and WeChat's view."""

from __future__ import annotations

import re
from pathlib import Path

import silin

BUILT = Path(silin.__file__).parent / "lib" / "static" / "silin"
NEW_STYLES = re.compile(
    r"@container|@layer|@scope|@property|color-mix\(|oklch\(|\b\d+[dsl]v[hwb]\b|:where\(|:is\(|subgrid|[{};]inset:"
    r"|aspect-ratio:|accent-color:|&|overflow:clip|(?<![-\w])(?:translate|scale|rotate):"
)
NEW_SCRIPTS = re.compile(
    r"\.at\(|\.findLast|structuredClone\(|Object\.hasOwn\(|\.toSorted\(|\.toReversed\("
    r"|\bstatic\s*\{|Array\.fromAsync"
)
SELECTORS = re.compile(r"(?<=[}{])([^{}@]*:has\([^{}]*)\{")


def too_new(text: str, pattern: re.Pattern[str]) -> list[str]:
    """What ``text`` names that the oldest browser does not know."""
    return sorted(set(pattern.findall(text)))


def taken_along(styles: str) -> list[str]:
    """Selectors that an old browser drops because ``:has()`` stands beside them in the same rule."""
    lists = (re.split(r",(?![^(]*\))", found) for found in SELECTORS.findall(styles))
    return [each for parts in lists for each in parts if ":has(" not in each]


def test_styles_are_old_enough() -> None:
    styles = (BUILT / "silin.css").read_text()
    assert too_new(styles, NEW_STYLES) == []
    assert taken_along(styles) == []


def test_scripts_are_old_enough() -> None:
    assert too_new((BUILT / "pages.js").read_text(), NEW_SCRIPTS) == []


def test_breach() -> None:
    assert too_new(".a{inset:0;color:color-mix(in srgb,red,blue)}", NEW_STYLES) == ["color-mix(", "{inset:"]
    assert too_new("a??=b;c.at(-1)", NEW_SCRIPTS) == [".at("]
    assert taken_along("}.a,.b:has(i:checked,u){color:red}") == [".a"]
