"""``silin check`` counts facts again from history and names the matter of which the two books disagree."""

from __future__ import annotations

import pytest

from silin.cli import main
from silin.facts.actions import FactRow, write
from silin.matters.deeds import By
from silin.matters.raising import Report, raise_matter
from tests.town import MONDAY, build


def test_a_planted_fact_is_named(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    town = build()
    matter = raise_matter("report", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))
    main(["check"])
    assert "ok    facts" in capsys.readouterr().out
    planted = {"kind": "report", "channel": "web", "category": "street_light", "outcome": "fixed"}
    row = FactRow.of("matter.closed", now=MONDAY, unit=matter.unit, subject=matter.subject, **planted)
    write([row])
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert "silin.E118" in said
    assert matter.subject in said
