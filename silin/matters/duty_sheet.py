"""Duty lists as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows
from silin.lib.sheets.sheet import CellProblem, Change, Key, Row, Scope, Sheet, Values
from silin.matters.models import Category, DutyItem
from silin.people.models import today
from silin.people.sheeting import (
    bodies,
    body_columns,
    body_of,
    body_words,
    check_body,
    elsewhere,
    place_column,
    places,
    tidy_body,
)
from silin.places.sheeting import problem, within

TOLD = ("title", "basis")


def load(scope: Scope) -> dict[Key, Values]:
    """The lines of the place's lists that have not ended."""
    rows = DutyItem.objects.filter(place__in=within(scope), valid_until=None)
    rows = rows.select_related("place", "organisation__place", "category")
    return {
        (row.list, row.place.code, row.code): {
            "list": row.list,
            "place": row.place.code,
            "code": row.code,
            **{name: getattr(row, name) for name in TOLD},
            **body_words(row.organisation, row.place),
            "category": row.category.name if row.category else "",
            "ended": row.valid_until,
        }
        for row in rows.order_by("place__path", "list", "code")
    }


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether place, organisation and category are there, and the last day is one."""
    here = places(scope, (row.values for row in rows))
    there = bodies(body_of(row.values) for row in rows)
    categories = _categories()
    for row in rows:
        if row.values["place"] not in here:
            yield elsewhere(row)
            continue
        yield from check_body(row, there)
        named = row.values.get("category")
        if named and named not in categories:
            what = _("There is no such category.")
            yield problem(row, "category", "no_category", what, _("Write it as in the list of categories."))
        ended = row.values.get("ended")
        if ended and ended < today(scope.now):
            yield problem(row, "ended", "past", _("What was cited was cited. Choose today or a day to come."))


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """New lines from today on; what a line says otherwise from now on; the last day of those that end."""
    here = places(scope, (change.after for change in changes))
    there = bodies(body_of(change.after) for change in changes)
    known = {(row.list, row.place.code, row.code): row for row in _lines(scope)}
    categories = _categories()
    for change in changes:
        values = change.after
        key = DUTIES.key_of(values)
        row = known.get(key) or DutyItem(
            list=values["list"], place=here[values["place"]], code=values["code"], valid_from=today(scope.now)
        )
        wanted = body_of(values)
        row.title, row.basis = values["title"], values.get("basis") or ""
        row.organisation = there.get(wanted) if wanted else None
        row.category = categories.get(values.get("category") or "")
        row.valid_until = values.get("ended")
        row.save()


def remove(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take lines away that no rule cites."""
    known = {(row.list, row.place.code, row.code): row.pk for row in _lines(scope)}
    keys = {row.line: known.get(DUTIES.key_of(row.values)) for row in rows}
    return remove_rows(DutyItem, {line: key for line, key in keys.items() if key is not None})


def lock(scope: Scope) -> None:
    """Nobody else changes the lines meanwhile."""
    rows = DutyItem.objects.filter(place__in=within(scope), valid_until=None)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _lines(scope: Scope) -> QuerySet[DutyItem]:
    return DutyItem.objects.filter(place__in=within(scope), valid_until=None).select_related("place")


def _categories() -> dict[str, Category]:
    return {row.name: row for row in Category.objects.all()}


DUTIES = Sheet(
    key="duties",
    title=gettext_lazy("Duty lists"),
    about=gettext_lazy(
        "Whose duty what is, and what may be asked of a community. Whoever gives a matter back cites a line."
    ),
    capability="routing.edit",
    columns=[
        columns.choice(
            "list", gettext_lazy("Which list"), dict(DutyItem.List.choices), key=True, required=True
        ),
        place_column(),
        columns.code("code", gettext_lazy("Number in the list"), most=20, key=True, required=True),
        columns.text("title", gettext_lazy("What the line says"), most=120, required=True, width=40),
        *body_columns(),
        columns.text(
            "category",
            gettext_lazy("Category of matters"),
            most=40,
            note=gettext_lazy("a category or a group; blank: all matters"),
        ),
        columns.text("basis", gettext_lazy("By which law or paper"), most=200, width=30),
        columns.day(
            "ended",
            gettext_lazy("No longer from"),
            note=gettext_lazy("only where the line ends: from this day on it is over"),
            keeps=True,
        ),
    ],
    load=load,
    write=write,
    check=check,
    lock=lock,
    remove=remove,
    tidy=tidy_body,
    after=("organisations",),
)
