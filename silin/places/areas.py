"""What is asked about functional areas: which acts as county for a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from silin.places.levels import Level
from silin.places.models import AreaMember, FunctionalArea, Place


def acting_county(place: Place, on: date) -> AreaMember | None:
    """The membership by which an area acts as county for ``place`` on a day; the finest one counts.

    None where its own county does. One statement.
    """
    rows = AreaMember.objects.current(on).filter(place__in=place.path_ids)
    return rows.select_related("area", "place").order_by("-place__path").first()


@dataclass(frozen=True)
class AreaShown:
    """An area on the page of a place: with those of its members that lie there."""

    area: FunctionalArea
    members: list[AreaMember]


def areas_in(place: Place, on: date) -> list[AreaShown]:
    """The areas that act as county in a part of ``place``, or belong to it. At most two statements."""
    if Level(place.level).depth > Level.STREET.depth:
        return []
    rows = AreaMember.objects.current(on).filter(
        place__path__gte=place.path, place__path__lt=f"{place.path}a"
    )
    members = list(rows.exclude(place=place).select_related("area", "place").order_by("place__path"))
    areas = {member.area_id: member.area for member in members}
    if place.level == Level.CITY:
        own = FunctionalArea.objects.filter(place=place).filter(Q(active_until=None) | Q(active_until__gt=on))
        areas |= {area.pk: area for area in own}
    return [
        AreaShown(area, [member for member in members if member.area_id == area.pk])
        for area in sorted(areas.values(), key=lambda each: each.code)
    ]
