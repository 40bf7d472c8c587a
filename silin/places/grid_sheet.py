"""The grids of a place as a spreadsheet, or with their outlines as geodata."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.refusal import Refused
from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows
from silin.lib.sheets.sheet import CellProblem, Change, Key, Row, Scope, Sheet, Values
from silin.places.actions import GRID, PROVISIONAL, Outline, bulk_add, number_grids, set_boundaries
from silin.places.levels import Level
from silin.places.models import BOUNDARIES, Boundary, Place, Revision
from silin.places.models.place import PlaceQuerySet
from silin.places.shapes import checked
from silin.places.sheeting import communities, community_column, elsewhere, problem

NUMBER_DIGITS = 17


def load(scope: Scope) -> dict[Key, Values]:
    """The grids in use at the place and below it, with their outlines."""
    rows = Boundary.objects.filter(place__in=_grids(scope), valid_until=None)
    shapes = {row.place_id: row.shape for row in rows}
    return {
        (grid.unit, grid.name): {
            "community": grid.unit,
            "name": grid.name,
            "number": _number(grid),
            "shape": shapes.get(grid.pk),
        }
        for grid in _grids(scope).order_by("code")
    }


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the community is one of the place, the number is free, the outline can be kept."""
    here = communities(scope, (row.values for row in rows))
    asked = [row.values.get("number", "") for row in rows]
    taken = {
        place.code: (place.unit, place.name) for place in Place.objects.filter(code__in=filter(None, asked))
    }
    seen: set[str] = set()
    for row in rows:
        values = row.values
        if values["community"] not in here:
            yield elsewhere(row)
            continue
        if number := values.get("number"):
            yield from _check_number(row, number, known, taken, seen)
            seen.add(number)
        if shape := values.get("shape"):
            try:
                checked(shape, name=values["name"])
            except Refused as refusal:
                yield problem(row, "", refusal.code, str(refusal.message))


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """New grids, numbers for those that had none, outlines from today on; then what is drawn is numbered."""
    here = communities(scope, (change.after for change in changes))
    known = {(grid.unit, grid.name): grid for grid in _grids(scope)}
    fresh = [
        _grid(change.after, here[change.after["community"]]) for change in changes if change.before is None
    ]
    for grid in bulk_add(fresh, actor=scope.actor, now=scope.now):
        known[grid.unit, grid.name] = grid
    _give_numbers(changes, known)
    _draw(scope, changes, known)
    for code in sorted({change.after["community"] for change in changes}):
        if _is_drawn(here[code]):
            number_grids(here[code], actor=scope.actor, now=scope.now)


def remove(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take grids away, with their outlines, in which nobody and nothing is yet."""
    there = {(grid.unit, grid.name): grid.pk for grid in _grids(scope)}
    Revision.objects.bump(BOUNDARIES)
    keys = {row.line: there[GRIDS.key_of(row.values)] for row in rows}
    return remove_rows(Place, keys, {"search_keys", "boundaries"})


def lock(scope: Scope) -> None:
    """Nobody changes the territory meanwhile."""
    Revision.objects.hold(BOUNDARIES)


def _grids(scope: Scope) -> PlaceQuerySet:
    return Place.objects.filter(
        path__gte=scope.path, path__lt=f"{scope.path}a", level=Level.GRID, parent__level=Level.COMMUNITY
    ).active()


def _number(grid: Place) -> str:
    return "" if PROVISIONAL in grid.code else grid.code


def _check_number(
    row: Row, number: str, known: Mapping[Key, Values], taken: Mapping[str, Key], seen: set[str]
) -> Iterator[CellProblem]:
    key = (row.values["community"], row.values["name"])
    has = known.get(key, {}).get("number", "")
    if has and has != number:
        what = _("This grid has the number {has}; a number once given never changes.").format(has=has)
        yield problem(row, "number", "number_kept", what, _("Leave the cell blank."))
    elif not re.fullmatch(rf"{key[0]}{GRID}(?!000)\d{{3}}", number):
        words = _("The number of a grid in this community is {code}01 and three more digits.")
        mend = _("Correct it, or leave the cell blank: then it gets one.")
        yield problem(row, "number", "bad_number", words.format(code=key[0]), mend)
    elif number in seen or taken.get(number, key) != key:
        yield problem(row, "number", "number_taken", _("Another grid has this number."), _("Correct it."))


def _grid(values: Values, community: Place) -> Place:
    number = values.get("number") or ""
    serial = int(number[-3:]) if number else 0
    return Place(level=Level.GRID, parent=community, name=values["name"], code=number, serial=serial)


def _give_numbers(changes: Sequence[Change], known: Mapping[Key, Place]) -> None:
    """What was here without a number and gets the office's own."""
    given = []
    for change in changes:
        grid, number = known[change.after["community"], change.after["name"]], change.after.get("number")
        if number and grid.code != number:
            grid.code, grid.serial = number, int(number[-3:])
            given.append(grid)
    Place.objects.bulk_update(given, ["code", "serial"], batch_size=500)
    if given:
        Revision.objects.bump(BOUNDARIES)


def _draw(scope: Scope, changes: Sequence[Change], known: Mapping[Key, Place]) -> None:
    outlines = [
        Outline(known[change.after["community"], change.after["name"]], shape)
        for change in changes
        if (shape := change.after.get("shape")) is not None
        and (change.before is None or change.before.get("shape") != shape)
    ]
    if outlines:
        set_boundaries(outlines, timezone.localdate(scope.now), actor=scope.actor, now=scope.now)


def _is_drawn(community: Place) -> bool:
    """Whether every grid without a number has an outline, by which it can be numbered."""
    drawn = Boundary.objects.filter(valid_until=None).values("place")
    bare = Place.objects.below(community).active().filter(code__contains=PROVISIONAL)
    return not bare.exclude(pk__in=drawn).exists()


GRIDS = Sheet(
    key="grids",
    title=gettext_lazy("Register of grids"),
    about=gettext_lazy("The grids of each community. With outlines: as GeoJSON, GeoPackage or shapefile."),
    capability="places.edit",
    columns=[
        community_column(),
        columns.text(
            "name",
            gettext_lazy("Name of the grid"),
            most=60,
            key=True,
            required=True,
            also=("名称", "网格", "wgmc"),
            width=24,
        ),
        columns.code(
            "number",
            gettext_lazy("Number of the grid"),
            digits=NUMBER_DIGITS,
            keeps=True,
            note=gettext_lazy("17 digits; blank: it gets one once its outline is here"),
            also=("网格编号", "网格代码", "wgbm"),
            width=24,
        ),
    ],
    load=load,
    write=write,
    remove=remove,
    check=check,
    lock=lock,
    shape="shape",
    after=("divisions",),
)
