"""What one process changes, another one knows at its next question."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pytest

from silin.places.actions import set_boundary, set_day_off
from silin.places.tests import tiny
from silin.places.tests.tiny import DAY, NOW, at, square
from tests import servers

DAY_IN_QUESTION = date(2027, 2, 5)
OTHER = """
import sys
from datetime import date
import django
django.setup()
from silin.places.locating import locate
from silin.places.queries import calendar
for line in sys.stdin:
    lon, lat, day = line.split()
    place = locate(float(lon), float(lat)).place
    print(place.code, calendar().is_workday(date.fromisoformat(day)), flush=True)
"""


class Other:
    """A second process on the same database, with its own memory."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def asked(self, lon: float, lat: float) -> list[str]:
        """The code of the place there, and whether the day in question is worked."""
        assert self.process.stdin
        assert self.process.stdout
        print(lon, lat, DAY_IN_QUESTION, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().split()


@pytest.fixture
def other(live_db: str) -> Iterator[Other]:
    """The second process."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER],
        env=servers.environment(live_db),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Other(process)


def test_outlines_and_days_off_are_noticed_at_once(other: Other) -> None:
    town = tiny.build()
    spot = at(2.5, 1)
    assert other.asked(*spot) == [town.oak.code, "True"]
    set_boundary(town.elm, square(0, 0, 3, 2), DAY, actor=None, now=NOW)
    set_boundary(town.oak, square(3, 0), DAY, actor=None, now=NOW)
    set_day_off(DAY_IN_QUESTION, "day_off", actor=None, now=NOW)
    assert other.asked(*spot) == [town.elm.code, "False"]
