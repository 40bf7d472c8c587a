"""Key-set pages against slices of the whole list."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from django.contrib.sessions.models import Session
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import NullIf
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from silin.lib.paging import Page, page_by_key
from silin.lib.refusal import Refused

START = datetime(2026, 3, 3, 8, tzinfo=timezone(timedelta(hours=8)))
ORDERS = [
    ["expire_date"],
    ["-expire_date", "session_data"],
    ["session_data", "-expire_date"],
    ["-pk"],
    ["pk"],
    [],
]
ORDERS += [["maybe"], ["-maybe", "expire_date"]]

Sessions = QuerySet[Session]
rows = st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc")), max_size=14)


def put(values: list[tuple[int, str]]) -> Sessions:
    """Rows with many ties; where the text is ``a``, the annotation ``maybe`` is empty."""
    Session.objects.all().delete()
    Session.objects.bulk_create(
        Session(
            session_key=f"{n * 7 % 16:02}",
            session_data=text,
            expire_date=START + timedelta(microseconds=tick),
        )
        for n, (tick, text) in enumerate(values)
    )
    return Session.objects.annotate(maybe=NullIf("session_data", Value("a"), output_field=TextField()))


def in_order(found: Sessions, order: list[str]) -> list[str]:
    """The whole list sorted in Python, empty values last."""
    ordered = sorted(found, key=lambda row: row.pk, reverse=bool(order) and order[-1].startswith("-"))
    for name in reversed(order):
        plain, falling = name.removeprefix("-"), name.startswith("-")
        filled = [row for row in ordered if getattr(row, plain) is not None]
        empty = [row for row in ordered if getattr(row, plain) is None]
        ordered = sorted(filled, key=lambda row: getattr(row, plain), reverse=falling) + empty
    return [row.pk for row in ordered]


def keys(page: Page[Session]) -> list[str]:
    return [row.pk for row in page.rows]


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(rows, st.sampled_from(ORDERS), st.integers(1, 5))
def test_pages_forward_and_back_are_slices(
    values: list[tuple[int, str]], order: list[str], size: int
) -> None:
    found = put(values)
    whole = in_order(found, order)
    slices = [whole[n : n + size] for n in range(0, len(whole), size)] or [[]]
    page = page_by_key(found, order, size=size)
    seen = [page]
    while page.next and len(seen) <= len(slices):
        page = page_by_key(found, order, page.next, size)
        seen.append(page)
    assert [keys(each) for each in seen] == slices
    while page.previous and len(seen) > 1:
        page = page_by_key(found, order, page.previous, size)
        seen.pop()
        assert keys(page) == keys(seen[-1])
    assert (len(seen), page.previous) == (1, "")


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(rows.filter(lambda values: len(values) > 2), st.sampled_from(ORDERS), st.data())
def test_rows_that_come_and_go_shift_nothing(
    values: list[tuple[int, str]], order: list[str], data: st.DataObject
) -> None:
    found = put(values)
    first = page_by_key(found, order, size=2)
    gone = data.draw(st.sampled_from(keys(first)))
    Session.objects.filter(pk=gone).delete()
    Session.objects.create(session_key="zz", session_data="a", expire_date=START - timedelta(days=1))
    rest = in_order(found, order)
    if first.next:
        following = keys(page_by_key(found, order, first.next, 20))
        assert [pk for pk in following if pk != "zz"] == [pk for pk in rest if pk not in {*keys(first), "zz"}]


@pytest.mark.django_db
def test_an_emptied_place_leads_back() -> None:
    found = put([(n, "b") for n in range(6)])
    first = page_by_key(found, ["expire_date"], size=3)
    Session.objects.filter(pk__in=keys(page_by_key(found, ["expire_date"], first.next, 3))).delete()
    nothing = page_by_key(found, ["expire_date"], first.next, 3)
    assert (nothing.rows, nothing.next) == ([], "")
    assert keys(page_by_key(found, ["expire_date"], nothing.previous, 3)) == keys(first)


@pytest.mark.django_db
def test_going_back_fills_the_first_page() -> None:
    found = put([(n, "b") for n in range(6)])
    second = page_by_key(found, ["expire_date"], page_by_key(found, ["expire_date"], size=2).next, 2)
    wider = page_by_key(found, ["expire_date"], second.previous, 4)
    assert keys(wider) == in_order(found, ["expire_date"])[:4]
    assert wider.previous == ""


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["x", "W10:abc:def", "%00", "路灯" * 500])
def test_a_place_nobody_gave_out_is_refused(after: str) -> None:
    with pytest.raises(Refused) as refused:
        page_by_key(put([]), ["expire_date"], after)
    assert refused.value.code == "bad_page"


@pytest.mark.django_db
def test_a_place_in_another_list_is_refused() -> None:
    found = put([(n, "b") for n in range(6)])
    place = page_by_key(found, ["expire_date"], size=2).next
    with pytest.raises(Refused):
        page_by_key(found, ["-expire_date"], place)


@pytest.mark.django_db
def test_one_page_is_one_statement_that_can_begin_inside_an_index(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    found = put([(n, "b") for n in range(6)])
    place = page_by_key(found, ["expire_date"], size=2).next
    with django_assert_num_queries(1) as asked:
        page_by_key(found.order_by(), ["expire_date"], place, 2)
    assert "IS NULL" not in asked[0]["sql"]
    assert "NULLS" not in asked[0]["sql"]
    assert '"expire_date" >= ' in asked[0]["sql"]
