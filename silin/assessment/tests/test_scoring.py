"""Every way of earning points goes into the fields of a form and comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silin.assessment.rules import Rule
from silin.assessment.scoring import NEEDS, POSITIVE, flat, scoring_of
from silin.lib.refusal import Refused

COUNTS = st.integers(0, 100_000) | st.integers(0, 10_000_000).map(lambda hundredths: hundredths / 100)
POINTS = COUNTS.filter(lambda value: value > 0)
THINGS = st.text("制度公示栏物业协议abc ", min_size=1).map(str.strip).filter(bool)


@st.composite
def bands(draw: st.DrawFn) -> list[list[float | None]]:
    edges = sorted(draw(st.lists(COUNTS, min_size=1, max_size=5, unique=True)))
    return [[low, high, draw(COUNTS)] for low, high in zip(edges, [*edges[1:], None], strict=True)]


def settings_of(rule: str) -> st.SearchStrategy[Any]:
    """What a rule needs, any of it."""
    if rule == "banded":
        return bands()
    if rule == "checklist":
        return st.lists(THINGS, min_size=1, max_size=5)
    numbers = {name: POINTS if name in POSITIVE else COUNTS for name in NEEDS[rule]}
    if rule == "threshold":
        return numbers["target"]
    return st.fixed_dictionaries(numbers).filter(lambda said: said.get("floor", -1) != said.get("target"))


SCORINGS = st.sampled_from(sorted(NEEDS)).flatmap(
    lambda rule: st.fixed_dictionaries({"points": POINTS, rule: settings_of(rule)})
)


@given(SCORINGS)
def test_fields_say_the_whole_scoring(scoring: dict[str, Any]) -> None:
    assert scoring_of(flat(scoring)) == scoring
    assert Rule.of(scoring).score(1).why, "its rule finds what it needs"


@given(SCORINGS, st.data())
def test_what_a_rule_needs_is_asked_and_nothing_else(scoring: dict[str, Any], data: st.DataObject) -> None:
    fields = flat(scoring)
    needed = {"points", *NEEDS[fields["rule"]]}
    spare = {name: 7 for name in fields if name not in {"rule", *needed}}
    assert scoring_of(fields | spare) == scoring
    name = data.draw(st.sampled_from(sorted(needed)))
    empty: Any = "" if name in ("bands", "things") else data.draw(st.sampled_from([None, "", float("nan")]))
    with pytest.raises(Refused) as refused:
        scoring_of(fields | {name: empty})
    assert refused.value.field == name


@pytest.mark.parametrize("name", POSITIVE)
def test_what_is_taken_or_given_is_more_than_nothing(name: str) -> None:
    rule = next(rule for rule, names in NEEDS.items() if name in ("points", *names))
    fields = {"rule": rule, "points": 3} | dict.fromkeys(NEEDS[rule], 1) | {"floor": 0}
    assert scoring_of(fields)
    with pytest.raises(Refused) as refused:
        scoring_of(fields | {name: 0})
    assert (refused.value.code, refused.value.field) == ("not_positive", name)


def test_a_floor_that_is_the_target_is_no_way_to_go() -> None:
    with pytest.raises(Refused) as refused:
        scoring_of({"rule": "linear", "points": 3, "floor": 80, "target": 80})
    assert (refused.value.code, refused.value.field) == ("same", "target")


@pytest.mark.parametrize(
    "words",
    ["0-600: 2; 600-900: 1; 900-: 0", "0～600：2；600~900：1；900至：0；", "0—600:2;600–900:1;900—:0"],
)
def test_bands_are_read_however_they_are_typed(words: str) -> None:
    read = scoring_of({"rule": "banded", "points": 2, "bands": words})
    assert read["banded"] == [[0, 600, 2], [600, 900, 1], [900, None, 0]]
