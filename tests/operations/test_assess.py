"""``silin assess``: any period can be measured again by whoever doubts it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from silin.assessment.publishing import measure_due, publish_due
from silin.assessment.sample import load_sample
from silin.cli import main
from silin.facts.actions import FactRow, write
from silin.facts.folding import fold
from silin.lib.workdays import SHANGHAI
from silin.places.stocks import count_territory
from tests.town import MONDAY, build

pytestmark = pytest.mark.usefixtures("live_db")
JUNE_30 = datetime(2026, 6, 30, 12, tzinfo=SHANGHAI)
JULY_5 = datetime(2026, 7, 5, 7, tzinfo=SHANGHAI)
ON_TIME = "S1.3.1"


def closed(unit: str, n: int, name: str = "matter.closed") -> None:
    """``n`` reports closed on time in June, or overdue ones."""
    kept = True if name == "matter.closed" else None
    write(
        [
            FactRow.of(name, now=JUNE_30, unit=unit, subject=f"matter:{at}", kind="report", on_time=kept)
            for at in range(n)
        ]
    )
    while fold():
        pass


def test_a_doubted_month_is_measured_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "--period", "2026-06"]) == 1
    assert "No catalogue" in capsys.readouterr().err
    town = build()
    load_sample()
    count_territory(JUNE_30, as_of=MONDAY.date())
    unit = town.community.code
    closed(unit, 9)
    assert main(["assess", "--period", "2026-06", "--place", unit, "--json"]) == 0
    rows = {row["indicator"]: row for row in json.loads(capsys.readouterr().out)}
    assert len(rows) == 133
    assert (rows[ON_TIME]["numerator"], rows[ON_TIME]["light"]) == (9, "green")
    assert main(["assess", "--period", "2026-06", "--place", "1"]) == 1
    assert main(["assess", "--period", "June"]) == 1
    assert main(["assess", "--period", "2026-06", "--verify"]) == 1
    assert "not published" in capsys.readouterr().err
    measure_due(JUNE_30)
    publish_due(JULY_5)
    assert main(["assess", "--period", "2026-06", "--verify"]) == 0
    assert "0 figures differ" in capsys.readouterr().out
    closed(unit, 10, "matter.overdue")
    assert main(["assess", "--period", "2026-06", "--verify", "--json", "--place", unit]) == 1
    said = {row["indicator"]: row for row in json.loads(capsys.readouterr().out)["differing"]}
    assert (said[ON_TIME]["published"][:2], said[ON_TIME]["now"][:2]) == ([9, 9], [9, 19])
    assert main(["assess", "--period", "2026-06", "--verify"]) == 1
    assert "another" in capsys.readouterr().out
    assert main(["assess", "--period", "2026-06"]) == 0
    assert town.street.code in capsys.readouterr().out
