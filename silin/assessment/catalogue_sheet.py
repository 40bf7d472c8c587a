"""The catalogue as two spreadsheets: what a file changes goes into the draft, and counts once published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.assessment.catalogue_columns import (
    Percentage,
    heading_columns,
    indicator_columns,
    rounded,
)
from silin.assessment.differences import fields_of
from silin.assessment.drafting import (
    EDIT,
    LOCK,
    check_code,
    check_expressions,
    open_draft,
    remove_row,
    set_row,
)
from silin.assessment.foretelling import foretold
from silin.assessment.linting import of_row
from silin.assessment.models import Catalogue, Heading, Indicator
from silin.assessment.scoring import FIELDS, NEEDS, flat, scoring_of
from silin.history.rows import mark
from silin.lib.refusal import Refused
from silin.lib.sheets.comparing import changed_names, compare
from silin.lib.sheets.sheet import CellProblem, Change, Key, Row, Scope, Sheet, Values
from silin.people.queries import places_where
from silin.people.sheeting import in_line
from silin.places.levels import Level
from silin.places.models import Revision
from silin.places.sheeting import problem

Said = TypeVar("Said", Heading, Indicator)
LEVELS = list(Heading.Level)
CELLS = {"bands": "bands", "rule": "target", "lights": "red", "form": "rule"}
"""In which column stands what a finding of the linter about points is to be mended."""


def load_indicators(scope: Scope) -> dict[Key, Values]:
    """Those of the draft, where there is none those of the newest version; the whole city's."""
    return _loaded(Indicator)


def load_headings(scope: Scope) -> dict[Key, Values]:
    """Types, tasks and items, of the same version as the indicators."""
    return _loaded(Heading)


def check_indicators(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether each line that differs can be an indicator; what only the whole shows is for the draft."""
    base = _base(scope)
    there, headings = _by_code(base, Indicator), set(_by_code(base, Heading))
    for change in compare(INDICATORS, rows, known).changes:
        row = _row(base, there, change, Indicator)
        wrong = [*_misplaced(change), *_refusals(row, change, headings)]
        findings = () if wrong else of_row(row)
        yield from wrong
        for each in findings:
            column = CELLS.get(each.code, each.field) if each.field == "scoring" else each.field
            yield problem(_line(change), column, each.code, each.message)


def check_headings(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether each line that differs bears the code of its level, and stands under one that is there."""
    base = _base(scope)
    there = _by_code(base, Heading)
    codes = {*there, *(row.values["code"] for row in rows)}
    for change in compare(HEADINGS, rows, known).changes:
        yield from _refusals(_row(base, there, change, Heading), change, codes)


def write(scope: Scope, changes: Sequence[Change], table: type[Said]) -> None:
    """Put each line into the draft; where there is none, one is opened. What lies above comes first."""
    draft = open_draft(actor=scope.actor, now=scope.now)
    there = _by_code(draft, table)
    for change in scope.watched(sorted(changes, key=_depth)):
        row = _row(draft, there, change, table)
        _say(row, change)
        in_line(change, set_row, row, actor=scope.actor, now=scope.now)


def remove(scope: Scope, rows: Sequence[Row], table: type[Said]) -> Iterator[CellProblem]:
    """Take lines out of the draft that a file has put into it, what lies below first."""
    draft = Catalogue.objects.draft()
    there: dict[str, Any] = _by_code(draft, table) if draft is not None else {}
    for row in sorted(rows, key=lambda each: -len(each.values["code"])):
        held = there.get(row.values["code"])
        if held is None:
            what = _("It counts already, or will from a month on. Take it out in a new draft.")
            yield problem(row, "code", "stays", what)
            continue
        try:
            remove_row(held, actor=scope.actor, now=scope.now, seen=mark(held))
        except Refused as refusal:
            yield problem(row, "code", refusal.code, str(refusal.message))


def lock(scope: Scope) -> None:
    """Nobody changes the draft meanwhile, or publishes it."""
    Revision.objects.hold(LOCK)


def foretell(scope: Scope, changes: Sequence[Change], table: type[Said]) -> Iterator[str]:
    """Which scores move by what the lines say, in the last month that was measured."""
    base = _base(scope)
    rows: dict[type[Any], dict[str, Any]] = {each: _by_code(base, each) for each in (Heading, Indicator)}
    for change in changes:
        row = rows[table].setdefault(change.after["code"], _row(base, rows[table], change, table))
        _say(row, change)
    yield from foretold(base, list(rows[Heading].values()), list(rows[Indicator].values()))


def tidy(values: dict[str, Any]) -> None:
    """What its way of earning points does not need says nothing."""
    if rule := values.get("rule"):
        needed = ("rule", "points", *NEEDS[rule])
        values |= {name: None for name in FIELDS if name in values and name not in needed}


def _base(scope: Scope) -> Catalogue:
    """What a file is held against. Raises ``Refused`` (``not_the_citys``, ``no_catalogue``)."""
    if scope.actor is not None:
        places = places_where(scope.actor, EDIT, scope.now)
        if not any(Level(place.level).depth <= Level.CITY.depth for place in places):
            message = _("The catalogue is the whole city's: only its own office brings it in.")
            raise Refused("not_the_citys", message, field="place")
    base = Catalogue.objects.draft() or Catalogue.objects.newest()
    if base is None:
        raise Refused("no_catalogue", _("There is no catalogue yet to begin from."), field="file")
    return base


def _loaded(table: type[Said]) -> dict[Key, Values]:
    base = Catalogue.objects.draft() or Catalogue.objects.newest()
    rows = _by_code(base, table).values() if base is not None else ()
    return {(row.code,): {name: rounded(value) for name, value in fields_of(row).items()} for row in rows}


def _by_code(catalogue: Catalogue, table: type[Said]) -> dict[str, Said]:
    return {row.code: row for row in table._default_manager.filter(catalogue=catalogue)}


def _row(catalogue: Catalogue, there: Mapping[str, Said], change: Change, table: type[Said]) -> Said:
    code = change.after["code"]
    return there.get(code) or table(catalogue=catalogue, code=code)


def _say(row: Heading | Indicator, change: Change) -> None:
    """Let ``row`` say what the line says otherwise; what it leaves alone stays to the last decimal.

    Raises ``Refused`` as ``scoring_of`` does.
    """
    said = {name: change.after[name] for name in changed_names(change)}
    scoring = {name: said.pop(name) for name in FIELDS if name in said}
    for name, value in said.items():
        setattr(row, name, float(value) if isinstance(value, float) else value)
    if scoring and isinstance(row, Indicator):
        row.scoring = scoring_of({**(flat(row.scoring) if row.scoring else {}), **scoring})


def _misplaced(change: Change) -> Iterator[CellProblem]:
    """Numbers that mean nothing in this line."""
    values = change.after
    for name in changed_names(change) & set(FIELDS) - {"rule", "points"}:
        if values[name] not in (None, "") and name not in NEEDS[values["rule"]]:
            what = _("This way of earning points does not need it.")
            yield problem(_line(change), name, "not_needed", what, _("Leave the cell blank."))
    for name, value in values.items():
        if isinstance(value, Percentage) and values["unit"] != Indicator.Unit.PERCENT:
            what = _("This indicator is not measured in percent.")
            yield problem(_line(change), name, "not_percent", what, _("Write a number without a sign."))


def _refusals(row: Heading | Indicator, change: Change, headings: Collection[str]) -> Iterator[CellProblem]:
    """What the draft would not take: everything at once, each at its cell."""
    steps: list[Callable[[], None]] = [partial(_say, row, change)]
    if change.before is None or isinstance(row, Heading):
        steps.append(lambda: check_code(row, headings))
    if isinstance(row, Indicator):
        steps.append(lambda: check_expressions(row))
    for step in steps:
        try:
            step()
        except Refused as refusal:
            yield problem(_line(change), refusal.field, refusal.code, str(refusal.message))


def _line(change: Change) -> Row:
    return Row(change.line, change.after)


def _depth(change: Change) -> int:
    level = change.after.get("level")
    return LEVELS.index(level) if level else 0


FINAL = gettext_lazy("What a file changed stays in the draft. Change it there, or throw the draft away.")
HEADINGS = Sheet(
    key="headings",
    title=gettext_lazy("Headings of the catalogue"),
    about=gettext_lazy(
        "Types, tasks and items under which the indicators stand. What a file changes goes into the draft; "
        "a line that the file does not have stays."
    ),
    capability=EDIT,
    columns=heading_columns(),
    load=load_headings,
    write=partial(write, table=Heading),
    check=check_headings,
    lock=lock,
    remove=partial(remove, table=Heading),
    foretell=partial(foretell, table=Heading),
    final=FINAL,
)
INDICATORS = Sheet(
    key="indicators",
    title=gettext_lazy("Indicators of the catalogue"),
    about=gettext_lazy(
        "What communities are assessed by: numerator, denominator, points, lights. What a file changes goes "
        "into the draft and counts once that is published; a line that the file does not have stays."
    ),
    capability=EDIT,
    columns=indicator_columns(),
    load=load_indicators,
    write=partial(write, table=Indicator),
    check=check_indicators,
    lock=lock,
    remove=partial(remove, table=Indicator),
    tidy=tidy,
    foretell=partial(foretell, table=Indicator),
    final=FINAL,
    after=("headings",),
)
