"""From a sum back to what it is made of: the very facts that the cube counts, without what was taken back."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db.models import Sum
from hypothesis import given, settings

from silin.facts.actions import FactRow, write
from silin.facts.behind import as_q, subjects
from silin.facts.expressions import Term, parse
from silin.facts.folding import fold
from silin.facts.models import Fact
from silin.facts.sums import sums
from silin.facts.tests.books import facts
from silin.facts.tests.test_cube import random_story, taken_back
from silin.lib.workdays import SHANGHAI

NOW = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
UNIT = "990102001001"
MONTHS = [*range(202601, 202613)]
WRITTEN = (
    "count(matter.closed)",
    "count(matter.closed, on_time)",
    "count(matter.closed, not on_time)",
    "count(matter.closed, not (on_time or channel != web))",
    "count(matter.closed, category in (light, lamp) or level == grid and origin == system)",
    "count(matter.closed, kind not in (report, finding))",
    "count(matter.reviewed, grade <= 2)",
    "count(matter.reviewed, grade != 5)",
    "count(matter.reviewed, not grade >= 2)",
)


@settings(random_story, max_examples=25)
@given(facts(least=6))
def test_the_facts_behind_a_sum_are_those_that_the_cube_counts(db: None, rows: list[Fact]) -> None:
    terms = [term for text in WRITTEN if isinstance(term := parse(text), Term)]
    with taken_back():
        Fact.objects.bulk_create(rows)
        while fold():
            pass
        book = sums(terms, [UNIT], MONTHS)
        for term in terms:
            own = Fact.objects.filter(as_q(term.condition), name=term.name, unit=UNIT, ym__in=MONTHS)
            assert (own.aggregate(n=Sum("n"))["n"] or 0) == book.figures[term].sum(), term


@pytest.mark.django_db
def test_what_was_taken_back_is_not_behind_it() -> None:
    def row(subject: str) -> FactRow:
        return FactRow.of("matter.closed", now=NOW, unit=UNIT, subject=subject, kind="report", on_time=True)

    write([row("matter:kept"), row("matter:gone"), row("matter:again")])
    for subject in ("matter:gone", "matter:again"):
        write([FactRow.undoing(Fact.objects.get(subject=subject))])
    write([row("matter:again")])
    [term] = [parse("count(matter.closed, on_time)")]
    assert isinstance(term, Term)
    assert subjects([term], [UNIT], MONTHS) == ["matter:again", "matter:kept"]
    assert subjects([term], [UNIT], [202610]) == []
    assert subjects([Term("last", "stock.grids")], [UNIT], MONTHS) == []
