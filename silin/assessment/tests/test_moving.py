"""What moved a figure: the parts are the whole change, to the last digit; the page names who pulled."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from silin.assessment.models import AssessedPeriod, Catalogue, Indicator
from silin.assessment.moved import pull_of
from silin.assessment.moving import adds_up, split, strongest
from silin.assessment.tests.test_desk import OCTOBER, ON_TIME, closed, measured, page
from silin.facts.actions import FactRow, write
from silin.facts.expressions import parse
from silin.lib.workdays import SHANGHAI
from silin.places.models import Place
from tests.town import MONDAY, Town
from tests.visitors import client_of

HEADED, TAUGHT = "S1.1.4", "S3.3.1"
SEPTEMBER = datetime(2026, 9, 14, 12, tzinfo=SHANGHAI)
pairs = st.tuples(st.integers(0, 500), st.integers(0, 500))
towns = st.dictionaries(st.integers(0, 9), st.tuples(pairs, pairs), max_size=8)


def summed(parts: list[tuple[int, int]]) -> tuple[int, int]:
    return sum(num for num, _den in parts), sum(den for _num, den in parts)


@given(towns, st.sampled_from((1, 100, 1000)), pairs, pairs)
def test_the_pulls_are_the_whole_change(
    parts: dict[int, tuple[tuple[int, int], tuple[int, int]]],
    scale: int,
    beside: tuple[int, int],
    beside_now: tuple[int, int],
) -> None:
    """Places appear and vanish (0 of 0), some count nothing, something is counted at no place at all."""
    before = summed([beside, *(had for had, _has in parts.values())])
    now = summed([beside_now, *(has for _had, has in parts.values())])
    found = split(before, now, parts, scale)
    if not before[1] or not now[1]:
        assert found == []
        return
    change = scale * (now[0] / now[1] - before[0] / before[1])
    assert sum(part.pull for part in found) == pytest.approx(change, rel=1e-9, abs=1e-6)
    own = {part.key: (part.before, part.now) for part in found}
    assert {key: own[key] for key in parts} == parts
    assert own.get(None, ((0, 0), (0, 0))) == (beside, beside_now)
    up, down = strongest(found, 3)
    shown = sum(part.pull for part in (*up, *down))
    rest = sum(part.pull for part in found if part not in (*up, *down))
    assert shown + rest == pytest.approx(change, rel=1e-9, abs=1e-6)


@given(towns, pairs)
def test_what_stays_as_it_was_moves_nothing(
    parts: dict[int, tuple[tuple[int, int], tuple[int, int]]], beside: tuple[int, int]
) -> None:
    same = {key: (had, had) for key, (had, _has) in parts.items()}
    whole = summed([beside, *(had for had, _has in parts.values())])
    assert all(part.pull == pytest.approx(0, abs=1e-9) for part in split(whole, whole, same))


def test_a_place_at_the_old_value_pulls_nothing_however_large_it_grows() -> None:
    [steady, worse] = split(
        (50, 100), (90, 190), {"a": ((40, 80), (80, 160)), "b": ((10, 20), (10, 30))}, 100
    )
    assert steady.pull == pytest.approx(0)
    assert worse.pull == pytest.approx(100 * (90 / 190 - 0.5))


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        ("count(matter.closed)", True),
        ("sum(service.hours, kind == patrol) / 60", True),
        ("2 * last(circle.residents)", True),
        ("count(matter.closed) + count(matter.overdue) - sum(points.spent)", True),
        ("count(matter.closed) / count(matter.overdue)", False),
        ("count(matter.closed) * count(matter.overdue)", False),
        ("count(matter.closed) + 1", False),
        ("60 / count(matter.closed)", False),
        ("passing(count(matter.closed) >= 1)", False),
        ("1", False),
    ],
)
def test_which_expressions_add_up(text: str, adds: bool) -> None:
    assert adds_up(parse(text)) is adds


def there(place: Place, code: str = ON_TIME) -> str:
    return f"/desk/assessment/{place.code}/of/{code}/{OCTOBER}"


def told(town: Town, place: Place, code: str = ON_TIME) -> str:
    """The part of the page that says what moved it."""
    said = page(town.zhou, there(place, code))
    return said[said.index('aria-labelledby="moved"') :].split("</section>")[0]


def two_months(town: Town) -> None:
    """Li's community gets better, the other one worse: 14 of 20, then 19 of 40."""
    closed(town.community.code, on_time=4, late=6, now=SEPTEMBER)
    closed(town.other.code, on_time=10, late=0, now=SEPTEMBER)
    closed(town.community.code, on_time=9, late=1)
    closed(town.other.code, on_time=10, late=20)
    measured()


def test_who_pulled_it_up_and_who_down(town: Town) -> None:
    two_months(town)
    said = told(town, town.street)
    for words in ("70%", "47.5%", "−22.5 个百分点", "14 → 19", "(+5)", "20 → 40", "(+20)"):
        assert words in said, words
    assert "重新起算" not in said
    up, down = (said.index(name) for name in ("柳巷社区", "河沿社区"))
    assert up < down
    assert "4 / 10" in said[up:down]
    assert "▲ +20 个百分点" in said[up:down], "100 * (2/40 + 3/20)"
    assert "▼ −42.5 个百分点" in said[down:], "100 * (-11/40 - 3/20)"
    answered = client_of(town.zhou).get(f"{there(town.street)}&as=xlsx")
    rows = list(load_workbook(io.BytesIO(answered.content)).active.iter_rows(values_only=True))
    own = next(row for row in rows if row[0] == town.street.code)
    parts = [row for row in rows if row[0] in (town.community.code, town.other.code)]
    assert own[2:6] == ("14", "20", "19", "40")
    assert sum(float(str(row[6])) for row in parts) == pytest.approx(float(str(own[6]))) == -22.5
    assert client_of(town.zhou).get(f"{there(town.street)}&as=pdf").status_code == 404
    for who in (town.chen, town.stranger):
        assert client_of(who).get(f"{there(town.street)}&as=csv").status_code == 404


def test_what_is_counted_at_the_place_itself_is_a_part(town: Town) -> None:
    two_months(town)
    closed(town.street.code, on_time=0, late=10)
    measured()
    said = told(town, town.street)
    assert "不在下面任何一地" in said
    assert "0 / 10" in said


def test_a_community_says_how_its_own_counts_changed(town: Town) -> None:
    two_months(town)
    said = told(town, town.community)
    for words in ("+50 个百分点", "4 → 9", "10 → 10", "(0)", "下面不再分解"):
        assert words in said, words
    assert "<table" not in said


def test_why_it_cannot_be_said(town: Town) -> None:
    closed(town.community.code, on_time=9, late=1)
    measured()
    assert "2026 年 9 月没有算过" in told(town, town.street)
    closed(town.other.code, on_time=1, late=1, now=SEPTEMBER)
    measured()
    said = told(town, town.street)
    assert "2026 年 9 月没有数值：件数太少" in said
    assert "2 → 10" in said, "the counts are said all the same"
    assert "<table" not in said


def test_a_register_and_a_share_that_passes_are_not_split(town: Town) -> None:
    for now, headed in ((SEPTEMBER, 1), (MONDAY, 2)):
        unit = town.community.code
        write(
            [
                FactRow.of("stock.buildings", now=now, unit=unit, subject=f"unit:{unit}", amount=3),
                FactRow.of(
                    "stock.buildings_headed", now=now, unit=unit, subject=f"unit:{unit}", amount=headed
                ),
                FactRow.of("course.held", now=now, unit=unit, subject=f"course:{headed}", kind="minors"),
            ]
        )
    measured()
    for code, words in ((HEADED, "登记数"), (TAUGHT, "达标社区")):
        said = told(town, town.city, code)
        assert words in said
        assert "→" in said, "how it changed is said all the same"
        assert "<table" not in said
        anew = code == TAUGHT
        assert ("重新起算" in said) is anew, (
            "what was done is counted over the quarter, and October begins one"
        )


def test_where_less_is_better_a_rise_is_for_the_worse() -> None:
    for better, good in (("up", True), ("down", False)):
        row = Indicator(unit="percent", better=better)
        rise, fall, none = (pull_of(row, amount) for amount in (1.5, -1.5, 0.001))
        assert (rise.better, fall.better, none.better) == (good, not good, None)
    assert pull_of(Indicator(unit="ratio", better="up"), -0.25).words == "−0.25"


def test_after_another_definition_the_two_are_not_compared(town: Town) -> None:
    two_months(town)
    held = AssessedPeriod.objects.get(pk="2026-09")
    old = Catalogue.objects.create(number=9, effective_from=200001, made_at=MONDAY, published_at=MONDAY)
    row = Indicator.objects.get(code=ON_TIME)
    row.pk, row.catalogue = None, old
    row.save(force_insert=True)
    held.catalogue = old
    held.save()
    assert "柳巷社区" in told(town, town.street), "another version, the same definition"
    Indicator.objects.filter(catalogue=old).update(red=50, lead="市民政局")
    assert "柳巷社区" in told(town, town.street), "another target, the same figure"
    Indicator.objects.filter(catalogue=old).update(num="count(matter.closed)")
    said = told(town, town.street)
    assert "定义不同" in said
    assert "→" not in said
