"""The list of the year (年初下发的整改清单) as a spreadsheet: each line becomes a task, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.kinds.rectification.actions import take_back
from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.raising import Problem, prepare, raise_rectification, seat_of
from silin.lib.refusal import Refused
from silin.lib.sheets import columns
from silin.lib.sheets.columns import read_day
from silin.lib.sheets.sheet import CellProblem, Change, Key, Row, Scope, Sheet, Values
from silin.matters.deeds import By
from silin.people.sheeting import (
    bodies,
    body_columns,
    body_of,
    check_body,
    elsewhere,
    in_line,
    place_column,
    places,
    tidy_body,
)
from silin.places.models import Place
from silin.places.sheeting import problem, within

SAID = ("heading", "words", "reference", "period", "measured", "target", "organisation", "organisation_place")

CELLS = {"unit": "place", "owner": "organisation", "own_number": "number"}
"""In which column stands what a refusal is about."""


def load(scope: Scope) -> dict[Key, Values]:
    """The lines of the place's lists, as they were set: what became of them stands in the register."""
    rows = Rectification.objects.filter(unit__in=within(scope)).exclude(own_number="").select_related("unit")
    return {
        (row.unit.code, row.own_number): {
            "place": row.unit.code,
            "number": row.own_number,
            **{name: row.listed.get(name, "") for name in SAID},
            "deadline": read_day(row.listed.get("deadline", "")),
        }
        for row in rows.order_by("unit__path", "own_number")
    }


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether each new line can be set as a task; what is set already stays as it was set."""
    here = places(scope, (row.values for row in rows))
    there = bodies(body_of(row.values) for row in rows)
    for row in rows:
        before = known.get(YEAR.key_of(row.values))
        if row.values["place"] not in here:
            yield elsewhere(row)
        elif before is not None:
            yield from _as_it_was(row, before)
        elif wrong := list(check_body(row, there)):
            yield from wrong
        else:
            yield from _refused(scope, row, here, there)


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """Each new line becomes a task; one that somebody set meanwhile stays as it is."""
    here = places(scope, (change.after for change in changes))
    there = bodies(body_of(change.after) for change in changes)
    by = By(scope.actor, scope.now)
    for change in scope.watched(changes):
        if change.before is None:
            said = _problem(scope, change.after, here, there)
            in_line(change, raise_rectification, by, said)


def remove(scope: Scope, rows: Sequence[Row]) -> Iterator[CellProblem]:
    """Take lines back on which nobody has begun; their numbers are free again."""
    found = Rectification.objects.filter(unit__in=within(scope)).exclude(own_number="")
    known = {(row.unit.code, row.own_number): row for row in found.select_related("unit", "matter")}
    for row in rows:
        task = known.get(YEAR.key_of(row.values))
        if task is not None and task.is_untouched:
            take_back(task, scope.now)
        elif task is not None:
            yield problem(row, "", "begun", _("Somebody has begun on it. Call it off in the register."))


def _as_it_was(row: Row, before: Values) -> Iterator[CellProblem]:
    for name in (*SAID, "deadline"):
        if name in row.values and row.values[name] != before.get(name):
            what = _("This task is set already, in other words.")
            mend = _("Change it in the register, or give the line a number of its own.")
            yield problem(row, name, "set", what, mend)


def _refused(
    scope: Scope, row: Row, here: Mapping[str, Place], there: Mapping[Any, Any]
) -> Iterator[CellProblem]:
    """What setting it would be refused for."""
    body = there.get(body_of(row.values) or ("", ""))
    if body is not None and seat_of(body, scope.now) is None:
        what = _("Nobody there handles matters yet.")
        yield problem(row, "organisation", "no_owner", what, _("Give somebody a post there first."))
        return
    try:
        prepare(By(scope.actor, scope.now), _problem(scope, row.values, here, there))
    except Refused as refusal:
        yield problem(row, CELLS.get(refusal.field, refusal.field), refusal.code, str(refusal.message))


def _problem(scope: Scope, values: Values, here: Mapping[str, Place], there: Mapping[Any, Any]) -> Problem:
    said: dict[str, str] = {name: values.get(name) or "" for name in SAID}
    body = there.get(body_of(values) or ("", ""))
    return Problem(
        heading=said["heading"],
        words=said["words"] or said["heading"],
        unit=here[values["place"]],
        deadline=values["deadline"],
        owner=seat_of(body, scope.now) if body is not None else None,
        own_number=values["number"],
        listed=said | {"deadline": values["deadline"].isoformat()},
        reference=said["reference"],
        period=said["period"],
        measured=said["measured"],
        target=said["target"],
    )


YEAR = Sheet(
    key="rectifications",
    title=gettext_lazy("Rectification list of the year"),
    about=gettext_lazy(
        "What is to be put right this year, line by line. Each line becomes a task with an owner and a day."
    ),
    capability="matters.triage",
    columns=[
        place_column(),
        columns.code(
            "number", gettext_lazy("Number in the list"), most=24, key=True, required=True, also=("序号",)
        ),
        columns.text(
            "heading", gettext_lazy("Problem"), most=40, required=True, also=("问题", "存在问题"), width=30
        ),
        columns.text("words", gettext_lazy("What was seen"), most=500, also=("问题描述",), width=40),
        *body_columns(),
        columns.day("deadline", gettext_lazy("To be done by"), required=True, also=("整改时限", "完成时限")),
        columns.code("reference", gettext_lazy("Code of the indicator"), most=24),
        columns.text(
            "period", gettext_lazy("Period"), most=7, note=gettext_lazy("2026, 2026-Q2 or 2026-06, or blank")
        ),
        columns.text("measured", gettext_lazy("Measured"), most=60),
        columns.text("target", gettext_lazy("Target"), most=60),
    ],
    load=load,
    write=write,
    check=check,
    tidy=tidy_body,
    remove=remove,
    after=("organisations", "posts"),
)
