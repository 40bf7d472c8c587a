"""The divisions of a place as a spreadsheet: for names that change and communities that are new.

The list of a whole city or country comes in by ``imports.import_divisions``, which also sees what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows
from silin.lib.sheets.sheet import CellProblem, Change, Key, Row, Scope, Sheet, Values
from silin.places import divisions
from silin.places.divisions import LEVELS, LONGEST_NAME, check_rows, level_word
from silin.places.imports import take_over_rows
from silin.places.levels import DIGITS, Kind, Level, level_of_code
from silin.places.models import BOUNDARIES, Place, Revision

LEVEL_WORDS = {word: Kind(word).label if word in list(Kind)[-4:] else Level(word).label for word in LEVELS}
COLUMN_OF = {"name": {"no_name", "long_name"}, "level": {"unknown_level", "wrong_level"}}


def load(scope: Scope) -> dict[Key, Values]:
    """Every division in use at the place and below it."""
    rows = Place.objects.filter(path__gte=scope.path, path__lt=f"{scope.path}a", level__in=DIGITS).active()
    found = rows.select_related("parent").order_by("path")
    return {(place.code,): _values(place) for place in found}


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterable[CellProblem]:
    """Whether each code lies in the place, fits its level and hangs under its parent."""
    inside = []
    for row in rows:
        if _is_inside(scope, row.values["code"]):
            inside.append(row)
        else:
            what = _("This division does not lie in the place you chose.")
            yield CellProblem(row.line, "code", "elsewhere", str(what), str(_("Correct the code.")))
    parents = [row.values.get("parent", "") for row in inside]
    levels = {place.code: Level(place.level) for place in Place.objects.active().filter(code__in=parents)}
    for found in check_rows([_row(row.line, row.values) for row in inside], levels):
        yield CellProblem(found.line, _column_of(found.code), found.code, found.what, found.mend)


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """New divisions and new names; what was closed and is in the file again is opened."""
    rows = [_row(change.line, change.after) for change in changes]
    codes = {code for row in rows for code in (row.code, row.parent) if code}
    known = {place.code: place for place in Place.objects.filter(code__in=codes)}
    take_over_rows(rows, known, timezone.localdate(scope.now))
    Revision.objects.bump(BOUNDARIES)


def remove(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take divisions away in which nothing lies yet, those furthest down first."""
    found = Place.objects.filter(code__in={row.values["code"] for row in rows}).order_by("-path")
    keys = {place.code: place.pk for place in found}
    lines = {row.values["code"]: row.line for row in rows}
    Revision.objects.bump(BOUNDARIES)
    return [
        each
        for code, key in keys.items()
        for each in remove_rows(Place, {lines[code]: key}, {"search_keys", "boundaries"})
    ]


def lock(scope: Scope) -> None:
    """Nobody changes the territory meanwhile."""
    Revision.objects.hold(BOUNDARIES)


def _values(place: Place) -> Values:
    parent = place.parent.code if place.parent else ""
    word = level_word(place.code)
    return {"code": place.code, "name": place.name, "level": word, "parent": parent}


def _row(line: int, values: Values) -> divisions.Row:
    code = values["code"]
    return divisions.Row(
        line, code, values["name"], values.get("level") or level_word(code), values.get("parent") or ""
    )


def _is_inside(scope: Scope, code: str) -> bool:
    """By the digits: those that name the place begin the code."""
    if len(scope.code) != 12:
        return False
    return code.startswith(scope.code[: DIGITS[level_of_code(scope.code)]])


def _column_of(code: str) -> str:
    return next((name for name, codes in COLUMN_OF.items() if code in codes), "parent")


DIVISIONS = Sheet(
    key="divisions",
    title=_("Divisions"),
    about=_("Counties, streets, communities and villages by their official codes."),
    capability="places.edit",
    columns=[
        columns.code(
            "code", _("Code"), digits=12, key=True, required=True, also=("区划代码", "统计用区划代码")
        ),
        columns.text(
            "name", _("Name"), most=LONGEST_NAME, required=True, also=("区划名称", "单位名称"), width=28
        ),
        columns.choice("level", _("Level"), LEVEL_WORDS, keeps=True, also=("级别", "类别")),
        columns.code("parent", _("Code of the parent"), digits=12, required=False, also=("上级区划代码",)),
    ],
    load=load,
    write=write,
    remove=remove,
    check=check,
    lock=lock,
)
