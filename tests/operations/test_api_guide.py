"""The guide to the API does what it says: its blocks are run against a demo, in their order."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT
from tests.operations import worked

GUIDE = ROOT / "docs" / "api.md"
ADDRESS = "http://127.0.0.1:8000"


def test_the_guide_to_the_api_works_in_its_order(demo_server: str, tmp_path: Path) -> None:
    text = GUIDE.read_text()
    assert text.count(ADDRESS) == 1
    said = worked.run(text.replace(ADDRESS, demo_server), tmp_path, {})
    first, again = re.findall(r"^(?:first|again): (\w{8})$", said, re.MULTILINE)
    assert first == again
    assert "key_unknown" in said
    assert "category" in said
