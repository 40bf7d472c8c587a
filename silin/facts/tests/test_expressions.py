"""What an indicator may be made of: read against the vocabulary, and nothing else is ever run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from silin.facts.conditions import DIMENSIONS
from silin.facts.expressions import Operation, Passing, Term, evaluate, parse, terms_in
from silin.facts.parsing import NotRead
from silin.facts.vocabulary import WORDS, find

CLOSED = "count(matter.closed, on_time and kind in (finding, report))"
REFUSED = [
    ("count(matter.closed, on_tiem)", "no_column", 1, 22, "是不是“on_time”"),
    ("count(matter.closd)", "no_word", 1, 7, "“matter.closed”"),
    ("count(matter.closed, outcome == fixd)", "no_value", 1, 33, "是不是“fixed”"),
    ("count(matter.closed, kind == report\n  and levl == grid)", "no_column", 2, 7, "“level”"),
    ("count(matter.closed, 级别 == grid)", "no_column", 1, 22, "级别"),
    ("cuont(matter.closed)", "no_function", 1, 1, "是不是“count”"),
    ("last(matter.closed)", "not_a_stock", 1, 1, "count 或 sum"),
    ("count(stock.grids)", "a_stock", 1, 1, "last(stock.grids)"),
    ("grades(matter.closed)", "no_column", 1, 1, "grade"),
    ("count(matter.closed, hours > 3)", "no_column", 1, 22, "hours"),
    ("count(matter.closed, kind > report)", "unexpected", 1, 22, "=="),
    ("count(matter.closed, kind == 'report')", "unexpected", 1, 30, "一个词"),
    ("1 + passing(count(matter.closed) >= 3)", "passing", 1, 5, "整个"),
    ("passing(count(matter.closed))", "passing", 1, 1, ">="),
    ("count(matter.closed", "syntax", 1, 6, ""),
    ("", "syntax", 1, 1, ""),
]
HOSTILE = [
    "__import__('os').system('id')",
    "count(matter.closed.__class__)",
    "().__class__.__bases__",
    "[x for x in (1, 2)]",
    "lambda: 1",
    "f'{1}'",
    "count(*matter.closed)",
    "count(matter.closed, **{})",
    "count(x := 1)",
    "2 ** 99999999",
    "9" * 900,
    "1e999",
    "-" * 900 + "1",
    "(" * 400 + "1" + ")" * 400,
    "1 + " * 240 + "1",
    "\0",
    "True",
    "await count(matter.closed)",
]


def test_what_an_indicator_says_is_read() -> None:
    tree = parse(f"{CLOSED} / (count(matter.overdue) + 2)")
    assert isinstance(tree, Operation)
    assert [(term.function, term.name) for term in terms_in(tree)] == [
        ("count", "matter.closed"),
        ("count", "matter.overdue"),
    ]
    passing = parse("passing(count(activity.held, kind == clean_up) >= 12)")
    assert isinstance(passing, Passing)
    assert passing.at_least == 12
    assert next(terms_in(parse("sum(outside.pension.of)"))).name == "outside.pension.of"


@pytest.mark.parametrize(("text", "code", "row", "column", "says"), REFUSED)
def test_what_cannot_be_read_is_refused_with_its_place(
    text: str, code: str, row: int, column: int, says: str
) -> None:
    with pytest.raises(NotRead) as refused:
        parse(text)
    error = refused.value
    assert (error.code, error.row, error.column) == (code, row, column)
    assert says in error.message


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_nothing_is_run(text: str) -> None:
    with pytest.raises(NotRead):
        parse(text)


PIECES = [
    *DIMENSIONS,
    *list(WORDS)[:20],
    *"(),+-*/.<",
    "==",
    "!=",
    ">=",
    "in",
    "and",
    "or",
    "not",
    "1",
    "count",
]


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)))
def test_whatever_is_typed_is_read_or_refused_where_it_stands(text: str) -> None:
    try:
        read = parse(text)
    except NotRead as error:
        where = [bool(error.message), error.row >= 1, error.column >= 1]
    else:
        where = [find(term.name) is not None for term in terms_in(read)]
    assert all(where)


def test_a_division_by_nothing_has_no_value() -> None:
    tree = parse("count(matter.closed) / count(matter.overdue)")
    assert not isinstance(tree, Passing)
    closed, overdue = terms_in(tree)
    value = evaluate(tree, {closed: np.array([6.0, 6.0]), overdue: np.array([3.0, 0.0])})
    assert value[0] == 2
    assert np.isnan(value[1])
    assert isinstance(closed, Term)
