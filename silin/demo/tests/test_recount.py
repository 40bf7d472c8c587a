"""An independent recount: the figures of every card, from the rows of daily work in plain Python."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.timezone import localdate

from silin.assessment.models import AssessedPeriod, Scorecard
from silin.demo.tests.recounting import LINES, SHARES, Book, Line, count
from silin.places.levels import Kind, Level
from silin.places.models import Place

pytestmark = pytest.mark.usefixtures("demo_db")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def months_of(line: Line, last: int) -> list[int]:
    """From the beginning of the indicator's own period to the month of the card."""
    year, month = divmod(last, 100)
    long = MONTHS[line.over]
    return [year * 100 + each for each in range((month - 1) // long * long + 1, month + 1)]


def passing(book: Book, units: list[str], what: str) -> tuple[float, float]:
    """How many communities with a grid have one, of how many."""
    part = [book.there[unit] for unit in units if book.there[unit]["grids"]]
    return sum(each[what] >= 1 for each in part), len(part)


def recounted(line: Line, book: Book, units: list[str], communities: list[str], last: int) -> list[Any]:
    """Numerator, denominator, value, points as the rows of daily work say."""
    if line.above.startswith("has_"):
        what = {"has_lawyer": "lawyers", "has_culture": "culture"}[line.above]
        above, below = passing(book, communities, what)
    else:
        found = book.over(units, months_of(line, last))
        above, below = found[line.above], found[line.below]
    if below == 0:
        return [above, below, None, 0 if line.zero else None]
    if below < line.least:
        return [above, below, None, None]
    value = SHARES[line.unit] * above / below
    return [above, below, value, line.points(value)]


def differing(book: Book) -> tuple[list[Any], set[tuple[str, str]]]:
    """Figures of kept months that say otherwise than the rows; the codes and levels that have a value."""
    wide = Place.objects.filter(active_until=None, level__in=(Level.CITY, Level.COUNTY, Level.STREET))
    small = Place.objects.filter(active_until=None, level=Level.COMMUNITY, kind=Kind.COMMUNITY)
    places = [*wide, *small]
    everywhere = [each.unit for each in places]
    counted: set[tuple[str, str]] = set()
    differs: list[Any] = []
    for period in AssessedPeriod.objects.filter(name__regex=r"^\d{4}-\d{2}$"):
        for card in Scorecard.objects.filter(period=period, set_up=True).select_related("place"):
            inside = [each for each in places if each.path.startswith(card.place.path)]
            units = [each.unit for each in inside]
            communities = [each.unit for each in inside if each.level == Level.COMMUNITY]
            for line in LINES:
                mine = recounted(line, book, units, communities, period.last_ym)
                *kept, _light, state = card.figures[line.code]
                if state == "no_facts":  # of one of the two nobody in the whole city has done anything yet
                    mine = recounted(line, book, everywhere, [each.unit for each in small], period.last_ym)
                    wrong = bool(mine[0] and mine[1])
                else:
                    wrong = mine != pytest.approx(kept, abs=1e-6)
                if wrong:
                    differs.append((period.name, card.place.name, line.code, kept, mine))
                if kept[2]:
                    counted.add((line.code, card.level))
    return differs, counted


def test_every_card_says_what_the_rows_of_daily_work_say() -> None:
    differs, counted = differing(count(localdate()))
    assert not differs, "\n".join(map(str, differs[:40]))
    assert len({code for code, _level in counted}) >= 20, sorted(counted)
    assert {level for _code, level in counted} >= {"community", "street", "city"}
