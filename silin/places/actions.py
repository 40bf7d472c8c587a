"""Changes to the territory. Each is one transaction with one line of history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.history.rows import mark
from silin.lib.dates import day_words
from silin.lib.refusal import Changed, Refused
from silin.places.levels import DIGITS, Level, kind_of_code, level_of_code
from silin.places.models import BOUNDARIES, DAYS_OFF, Boundary, Building, DayOff, Estate, Place, Revision
from silin.places.ordering import Box, reading_order
from silin.places.shapes import Shape, checked

TERRITORY = "places:divisions"
CALENDAR = "places:days_off"
GRID = "01"  # the two digits between the community's code and the serial of a grid
MOST = {Level.GRID: 999, Level.MICRO_GRID: 99}
PROVISIONAL = "n"  # stands in the code of a grid that has not been numbered yet


@dataclass(frozen=True)
class Outline:
    """A shape that is to become the boundary of a place; ``schematic`` when it only shows about where."""

    place: Place
    shape: Shape
    schematic: bool = False


def add_place(
    *,
    name: str,
    level: Level | str,
    parent: Place | None,
    actor: User | None,
    now: datetime,
    code: str = "",
    name_en: str = "",
) -> Place:
    """Write one place. A grid or micro-grid needs neither code nor name: ``number_grids`` gives both.

    Raises ``Refused`` (``missing``, ``wrong_level``, ``bad_code``, ``code_taken``).
    """
    place = Place(code=code, name=name, name_en=name_en, level=str(level), parent=parent)
    return bulk_add([place], actor=actor, now=now)[0]


@transaction.atomic
def bulk_add(places: Sequence[Place], *, actor: User | None, now: datetime) -> list[Place]:
    """Write many unsaved places at once, each parent before its children; keys and paths are set here.

    Raises ``Refused`` as ``add_place`` does; then nothing is written.
    """
    if not places:
        return []
    Revision.objects.bump(BOUNDARIES)
    Place.objects.take_paths(places)
    for place in places:
        check_level(place)
        place.code = place.code or _provisional_code(place)
        _check_code(place)
        place.active_from = place.active_from or timezone.localdate(now)
    _check_free([place.code for place in places])
    Place.objects.bulk_create(places, batch_size=500)
    fields = {"count": len(places), "under": _codes(place.parent for place in places)}
    record(subject=TERRITORY, action="add_places", actor=actor, now=now, fields=fields)
    return list(places)


def check_level(place: Place) -> None:
    """Whether a place may lie in its parent. Raises ``Refused`` (``missing``, ``wrong_level``)."""
    level = Level(place.level)
    if not place.name and level not in MOST:
        raise Refused("missing", _("A place needs a name."), field="name")
    if place.parent is None:
        return
    above = Level(place.parent.level)
    fits = (
        above == Level.GRID if level == Level.MICRO_GRID else above.depth < min(level.depth, Level.GRID.depth)
    )
    if not fits:
        words = {"name": place.name or place.kind_words, "parent": place.parent.name}
        raise Refused("wrong_level", _("%(name)s cannot lie in %(parent)s.") % words, field="level")


def _provisional_code(place: Place) -> str:
    if place.parent is None or Level(place.level) not in MOST:
        raise Refused("missing", _("A place needs a code."), field="code")
    return f"{place.parent.unit}{PROVISIONAL}{place.id:08d}"


def _check_code(place: Place) -> None:
    level = Level(place.level)
    if level in MOST:
        good = place.parent is not None and place.code.startswith(place.parent.unit)
    else:
        place.kind = place.kind or kind_of_code(place.code, level)
        good = place.code.isdecimal() and len(place.code) == 12 and level_of_code(place.code) == level
    if not good:
        words = {"code": place.code, "name": place.name}
        raise Refused("bad_code", _("The code %(code)s does not fit %(name)s.") % words, field="code")


def _check_free(codes: list[str]) -> None:
    taken = Place.objects.filter(code__in=codes).values_list("code", flat=True)[:1]
    twice = [code for code in set(codes) if codes.count(code) > 1] if len(set(codes)) < len(codes) else []
    for code in [*taken, *twice]:
        raise Refused("code_taken", _("The code %(code)s is taken.") % {"code": code}, field="code")


def _codes(places: Iterable[Place | None]) -> list[str]:
    return sorted({place.code for place in places if place})


@transaction.atomic
def number_grids(parent: Place, *, actor: User | None, now: datetime) -> list[Place]:
    """Number the grids of a community and the micro-grids in them, as one reads a map.

    A grid's code is the community's 12 digits, ``01`` and a serial of three digits; a micro-grid's is its
    grid's code and a serial of two. Only what has no number yet gets one, after the last one given (also to
    what is closed by now), so that a code once written somewhere never changes its meaning. The order is
    that of ``ordering.reading_order``. A blank name becomes "Grid 5". Returns what was numbered, in order.

    Raises ``Refused`` (``no_outline``, ``too_many_grids``).
    """
    Revision.objects.bump(BOUNDARIES)
    below = list(Place.objects.below(parent).filter(level__in=MOST).select_related("parent").order_by("path"))
    boxes = _boxes(below)
    grids = [place for place in below if place.parent_id == parent.pk]
    numbered = _number(parent.code + GRID, grids, boxes)
    for grid in sorted(grids, key=lambda each: each.serial):
        numbered += _number(grid.code, [place for place in below if place.parent_id == grid.pk], boxes)
    Place.objects.bulk_update(numbered, ["code", "serial", "name", "name_en"], batch_size=500)
    if numbered:
        fields = {"count": len(numbered), "under": [parent.code]}
        record(subject=TERRITORY, action="number_grids", actor=actor, now=now, fields=fields)
    return numbered


def _boxes(places: Sequence[Place]) -> dict[int, Box]:
    rows = Boundary.objects.filter(place__in=places, valid_until=None)
    return {row.place_id: Box(row.min_lon, row.min_lat, row.max_lon, row.max_lat) for row in rows}


def _number(start: str, siblings: Sequence[Place], boxes: Mapping[int, Box]) -> list[Place]:
    fresh = {place.pk: place for place in siblings if PROVISIONAL in place.code and place.is_active}
    if any(key not in boxes for key in fresh):
        raise Refused("no_outline", _("Draw the outlines of all grids before they are numbered."))
    last = max([last_serial(start), *(place.serial for place in siblings)]) if fresh else 0
    for serial, key in enumerate(reading_order({key: boxes[key] for key in fresh}), last + 1):
        give_number(fresh[key], start, serial)
    return sorted(fresh.values(), key=lambda place: place.serial)


def last_serial(start: str) -> int:
    """The last number ever given after ``start``: also to what is closed or lies elsewhere by now."""
    codes = Place.objects.filter(code__gt=start, code__lt=f"{start}a", level__in=MOST)
    serials = [code.removeprefix(start) for code in codes.values_list("code", flat=True)]
    length = 3 if len(start) == DIGITS[Level.COMMUNITY] + len(GRID) else 2
    return max((int(each[:length]) for each in serials if each[:length].isdecimal()), default=0)


def give_number(place: Place, start: str, serial: int) -> None:
    """Give a place its serial, its code and, where it has none, its name.

    Raises ``Refused`` (``too_many_grids``).
    """
    most = MOST[Level(place.level)]
    if serial > most:
        raise Refused("too_many_grids", _("There is room for %(most)s numbers only.") % {"most": most})
    place.serial = serial
    place.code = f"{start}{serial:0{len(str(most))}d}"
    if not place.name:
        place.name = _numbered_name(place, settings.LANGUAGE_CODE)
        place.name_en = _numbered_name(place, "en")


def _numbered_name(place: Place, language: str) -> str:
    with override(language):
        pattern = (
            gettext("Grid %(serial)s") if place.level == Level.GRID else gettext("Micro-grid %(serial)s")
        )
        return pattern % {"serial": place.serial}


def set_boundary(
    place: Place,
    polygon: Shape,
    valid_from: date,
    *,
    actor: User | None,
    now: datetime,
    schematic: bool = False,
) -> Boundary:
    """Give a place its outline (CGCS2000 degrees) from a day on; the old one ends on that day.

    A second outline from the same day takes the place of the first.
    Raises ``Refused`` (``bad_shape``, ``boundary_date``).
    """
    return set_boundaries([Outline(place, polygon, schematic)], valid_from, actor=actor, now=now)[0]


@transaction.atomic
def set_boundaries(
    outlines: Sequence[Outline], valid_from: date, *, actor: User | None, now: datetime
) -> list[Boundary]:
    """Many outlines at once, as ``set_boundary`` does one: all of them or none."""
    Revision.objects.bump(BOUNDARIES)
    rows = lay_outlines(outlines, valid_from)
    subject = outlines[0].place.subject if len(outlines) == 1 else TERRITORY
    fields = {"count": len(outlines), "from": valid_from.isoformat()}
    record(subject=subject, action="set_boundary", actor=actor, now=now, fields=fields)
    return rows


def lay_outlines(outlines: Sequence[Outline], valid_from: date) -> list[Boundary]:
    """The part of ``set_boundaries`` that larger verbs share, without lock and history line.

    Raises ``Refused`` (``bad_shape``, ``boundary_date``).
    """
    shapes = {outline.place.pk: checked(outline.shape, name=outline.place.short_name) for outline in outlines}
    _end_old(shapes, valid_from)
    rows = [_boundary(outline, shapes[outline.place.pk], valid_from) for outline in outlines]
    Boundary.objects.bulk_create(rows, batch_size=200)
    for outline in outlines:
        inside = shapes[outline.place.pk].representative_point()
        outline.place.lon, outline.place.lat = inside.x, inside.y
    Place.objects.bulk_update([outline.place for outline in outlines], ["lon", "lat"], batch_size=500)
    return rows


def _end_old(shapes: Mapping[int, Shape], valid_from: date) -> None:
    old = Boundary.objects.filter(place__in=list(shapes), valid_until=None)
    if late := old.filter(valid_from__gt=valid_from).select_related("place").first():
        words = {"name": late.place.short_name, "day": day_words(late.valid_from, with_year=True)}
        message = _("%(name)s already has an outline from %(day)s on; choose a later day.") % words
        raise Refused("boundary_date", message, field="valid_from")
    old.filter(valid_from=valid_from).delete()
    old.update(valid_until=valid_from)


def _boundary(outline: Outline, shape: Shape, valid_from: date) -> Boundary:
    west, south, east, north = shape.bounds
    return Boundary(
        place=outline.place,
        wkb=shape.wkb,
        min_lon=west,
        min_lat=south,
        max_lon=east,
        max_lat=north,
        valid_from=valid_from,
        schematic=outline.schematic,
    )


@transaction.atomic
def add_estates(estates: Sequence[Estate], *, actor: User | None, now: datetime) -> list[Estate]:
    """Write many unsaved estates."""
    rows = Estate.objects.bulk_create(estates, batch_size=500)
    Revision.objects.bump(BOUNDARIES)
    fields = {"count": len(rows), "under": _codes(row.place for row in rows)}
    record(subject=TERRITORY, action="add_estates", actor=actor, now=now, fields=fields)
    return rows


@transaction.atomic
def add_buildings(buildings: Sequence[Building], *, actor: User | None, now: datetime) -> list[Building]:
    """Write many unsaved buildings; each grid must lie in the community of the estate.

    Raises ``Refused`` (``wrong_grid``).
    """
    for building in buildings:
        if not building.estate.place.contains(building.grid.path):
            words = {"building": building.name, "grid": building.grid.short_name}
            raise Refused("wrong_grid", _("%(building)s does not stand in %(grid)s.") % words, field="grid")
    rows = Building.objects.bulk_create(buildings, batch_size=500)
    Revision.objects.bump(BOUNDARIES)
    fields = {"count": len(rows), "under": _codes(row.estate.place for row in rows)}
    record(subject=TERRITORY, action="add_buildings", actor=actor, now=now, fields=fields)
    return rows


@transaction.atomic
def set_day_off(
    day: date, kind: str, *, name: str = "", actor: User | None, now: datetime, seen: str | None = None
) -> None:
    """Say that a day is off or worked (``DayOff.Kind``); with an empty ``kind`` it follows the week again.

    ``seen`` is the mark of the row that the actor looked at (``silin.history.rows``), empty when there was
    none. Raises ``Changed`` and ``Refused`` (``taken``).
    """
    Revision.objects.bump(DAYS_OFF)
    old = DayOff.objects.filter(day=day).first()
    if seen == "" and old:
        raise Refused("taken", _("There is such a day already."), field="day", status=409)
    if seen and (old is None or mark(old) != seen):
        raise Changed()
    before, after = (old.kind, old.name) if old else ("", ""), (kind, name if kind else "")
    if before == after:
        return
    if kind:
        DayOff.objects.update_or_create(day=day, defaults={"kind": DayOff.Kind(kind), "name": name})
    elif old:
        old.delete()
    names = ("kind", "name")
    words = {"before": dict(zip(names, before, strict=True)), "after": dict(zip(names, after, strict=True))}
    fields = {"day": day.isoformat(), **words}
    record(subject=CALENDAR, action="set_day", actor=actor, now=now, fields=fields)
