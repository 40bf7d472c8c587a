"""Changes to estates, their buildings and entrances, and their figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Refused
from silin.lib.text import plain_digits
from silin.places.changing import called, check_free, clean_name, may_edit, put, said
from silin.places.levels import Level
from silin.places.models import (
    BOUNDARIES,
    YES_OR_NO,
    Building,
    Entrance,
    Estate,
    EstateFigure,
    Place,
    Revision,
)
from silin.places.paths import Followed, follow

Values = Mapping[str, Any]
FIRST_YEAR = 1900
MOST = 100_000  # no estate has more of anything


@transaction.atomic
def add_estate(place: Place, values: Values, *, actor: User | None, now: datetime) -> Estate:
    """Write one estate of a community; ``values`` are its fields by name.

    Raises ``NotAllowed``, ``Refused`` (``wrong_level``, ``missing``, ``too_long``, ``name_taken``,
    ``bad_year``).
    """
    may_edit(actor, place)
    if place.level != Level.COMMUNITY:
        raise Refused("wrong_level", _("An estate belongs to a community."), field="name")
    _lock(place.pk)
    clean = _clean_estate(place, values, None, now)
    estate = Estate.objects.create(place=place, **clean)
    Revision.objects.bump(BOUNDARIES)
    record(
        subject=estate.subject,
        action="add",
        actor=actor,
        now=now,
        fields={"place": place.code, **{name: said(value) for name, value in clean.items()}},
    )
    return estate


@transaction.atomic
def edit_estate(estate: Estate, values: Values, *, actor: User | None, now: datetime) -> Estate:
    """Change some fields of an estate. Nothing is written where nothing differs. Raises as ``add_estate``."""
    _lock(estate.place_id)
    row = Estate.objects.select_for_update().select_related("place").get(pk=estate.pk)
    may_edit(actor, row)
    changed = put(row, _clean_estate(row.place, values, row, now))
    if changed:
        Revision.objects.bump(BOUNDARIES)
        record(subject=row.subject, action="edit", actor=actor, now=now, fields=changed)
    return row


def _lock(community: int) -> None:
    """The outlines first, as whoever draws grids anew does: then neither waits for the other for ever."""
    Revision.objects.hold(BOUNDARIES)
    Place.objects.select_for_update().get(pk=community)


def _clean_estate(place: Place, values: Values, row: Estate | None, now: datetime) -> dict[str, Any]:
    clean = dict(values)
    if row is None or "name" in clean:
        clean["name"] = plain_digits(clean_name(clean.get("name", "")))
        check_free(Estate.objects.filter(place=place), clean["name"], row)
    year = clean.get("built_year")
    if year is not None and not FIRST_YEAR <= year <= localdate(now).year:
        message = _("The year lies between %(first)s and this year.") % {"first": FIRST_YEAR}
        raise Refused("bad_year", message, field="built_year")
    return clean


@dataclass(frozen=True)
class Said:
    """One figure as somebody said it: which, how much, as of which day, and who said so."""

    name: str
    value: int
    as_of: date
    said_by: str


@transaction.atomic
def add_figure(estate: Estate, figure: Said, *, actor: User | None, now: datetime) -> EstateFigure:
    """Write down a figure; the earlier ones stay. Said again in the same words, it stays one row.

    Raises ``NotAllowed``, ``Refused`` (``bad_figure``, ``future``, ``missing``, ``too_long``).
    """
    row = Estate.objects.select_for_update().select_related("place").get(pk=estate.pk)
    may_edit(actor, row)
    _check_figure(figure, localdate(now))
    said_by = clean_name(figure.said_by, "said_by")
    newest = (
        EstateFigure.objects.filter(estate=row, name=figure.name, as_of=figure.as_of).order_by("pk").last()
    )
    if newest and (newest.value, newest.said_by) == (figure.value, said_by):
        return newest
    made = EstateFigure.objects.create(
        estate=row,
        name=figure.name,
        value=figure.value,
        as_of=figure.as_of,
        said_by=said_by,
        recorded_at=now,
        recorded_by=actor,
    )
    fields = {"name": figure.name, "value": figure.value, "as_of": figure.as_of.isoformat()}
    record(subject=row.subject, action="add_figure", actor=actor, now=now, fields=fields)
    return made


def _check_figure(figure: Said, today: date) -> None:
    most = 1 if figure.name in YES_OR_NO else MOST
    if figure.name not in EstateFigure.Name or not 0 <= figure.value <= most:
        message = _("A figure lies between 0 and %(most)s.") % {"most": most}
        raise Refused("bad_figure", message, field="value")
    if figure.as_of > today:
        raise Refused("future", _("That day has not come yet."), field="as_of")


@transaction.atomic
def add_building(estate: Estate, values: Values, *, actor: User | None, now: datetime) -> Building:
    """Write one building. Raises as ``edit_building``."""
    Revision.objects.hold(BOUNDARIES)
    row = Estate.objects.select_for_update().select_related("place").get(pk=estate.pk)
    may_edit(actor, row)
    clean = _clean_building(row, values, None)
    building = Building.objects.create(estate=row, **clean)
    Revision.objects.bump(BOUNDARIES)
    fields = {"estate": row.pk, **{name: said(value) for name, value in clean.items()}}
    record(subject=building.subject, action="add", actor=actor, now=now, fields=fields)
    return building


@transaction.atomic
def edit_building(building: Building, values: Values, *, actor: User | None, now: datetime) -> Building:
    """Change some fields of a building.

    Raises ``NotAllowed``, ``Refused`` (``missing``, ``too_long``, ``name_taken``, ``wrong_grid``,
    ``few_entrances``).
    """
    Revision.objects.hold(BOUNDARIES)
    estate = Estate.objects.select_for_update().select_related("place").get(pk=building.estate_id)
    row = Building.objects.select_for_update().select_related("grid").get(pk=building.pk)
    may_edit(actor, estate)
    changed = put(row, _clean_building(estate, values, row))
    if changed:
        Revision.objects.bump(BOUNDARIES)
        follow(Followed(buildings={row.pk: row.grid.pk} if "grid" in changed else {}))
        record(subject=row.subject, action="edit", actor=actor, now=now, fields=changed)
    return row


def _clean_building(estate: Estate, values: Values, row: Building | None) -> dict[str, Any]:
    clean = dict(values)
    if row is None or "number" in clean:
        clean["number"] = plain_digits(clean_name(clean.get("number", ""), "number", 12))
        check_free(Building.objects.filter(estate=estate), clean["number"], row, "number")
    grid = clean.get("grid", row.grid if row else None)
    if not (grid and Level(grid.level).depth >= Level.GRID.depth and estate.place.contains(grid.path)):
        raise Refused("wrong_grid", _("Choose a grid of this community."), field="grid")
    written = Entrance.objects.filter(building=row).count() if row else 0
    if clean.get("entrances", written) < written:
        message = _("%(n)s entrances are written down one by one already.") % {"n": written}
        raise Refused("few_entrances", message, field="entrances")
    return clean


@transaction.atomic
def set_entrance(
    building: Building, number: str, values: Values, *, actor: User | None, now: datetime
) -> Entrance:
    """Write down what is known about one entrance, or change it (``households``, ``lift``).

    Raises ``NotAllowed``, ``Refused`` (``missing``, ``too_long``).
    """
    row = Building.objects.select_for_update().select_related("estate__place").get(pk=building.pk)
    may_edit(actor, row.estate)
    number = plain_digits(clean_name(number, "number", 12))
    entrance = next(iter(called(Entrance.objects.filter(building=row), number, "number")), None)
    if entrance is None:
        entrance = Entrance.objects.create(building=row, number=number)
        put(row, {"entrances": max(row.entrances, row.doors.count())})
        fields = {"number": entrance.number, **put(entrance, values)}
        record(subject=row.subject, action="add_entrance", actor=actor, now=now, fields=fields)
    elif changed := put(entrance, values):
        fields = {"number": entrance.number, **changed}
        record(subject=row.subject, action="edit_entrance", actor=actor, now=now, fields=fields)
    return entrance
