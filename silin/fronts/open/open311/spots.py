"""Where a service request is: a point, the id of an address, or an address in words."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from silin.fronts.open.open311.asking import Asked
from silin.kinds.report.actions import SPOT_AT_MOST
from silin.lib.refusal import NotFound, Refused
from silin.lib.text import listed
from silin.places.finding import LONGEST, Spot, find_spots
from silin.places.levels import Level
from silin.places.locating import locate
from silin.places.models import Building, Estate, Place

BUILDING = re.compile(r"b([1-9][0-9]{0,17})")
NAMED = 5  # of several that an address may mean


def spot_of(asked: Asked) -> dict[str, Any]:
    """Where it is, as ``Report`` takes it. The nearest that is said counts; what else is said goes with it.

    Raises ``Refused`` (those of ``locate``, ``no_place``, ``several``) and ``NotFound`` for an unknown id.
    """
    lat, lon, said = asked.number("lat"), asked.number("long"), asked.words("address_string")
    beside = {"spot": said[:SPOT_AT_MOST]}
    if lat is not None or lon is not None:
        if lat is None or lon is None:
            raise Refused("bad_point", _("A point needs a longitude and a latitude."), field="lat")
        return {"located": locate(lon, lat, asked.datum()), **beside}
    if wanted := asked.words("address_id"):
        return {**_called(wanted), **beside}
    found = _meant(said)
    said_only = _joined(str(found.get("building", ""))) == _joined(said)
    return found if said_only else found | beside


def _called(wanted: str) -> dict[str, Any]:
    """The building or the place with that id."""
    if found := BUILDING.fullmatch(wanted):
        building = Building.objects.select_related("estate", "grid").filter(pk=found[1]).first()
        if building is not None:
            return {"building": building}
    place = Place.objects.active().filter(code=wanted).first()
    if place is None or Level(place.level).depth < Level.COMMUNITY.depth:
        raise NotFound(_("address_id: there is no such address."))
    return {"place": place}


def _meant(said: str) -> dict[str, Any]:
    """The one building or estate that an address in words names."""
    named = [spot for spot in find_spots(said[-LONGEST:]) if _is_named(_estate(spot).name, said)]
    found = [spot for spot in named if isinstance(spot, Building)] or named
    if not found:
        raise Refused("no_place", _("address_string: no estate is known by that name."), field="address")
    if len(found) > 1:
        names = listed(f"{each.name} ({_estate(each).place.short_name})" for each in found[:NAMED])
        message = _("address_string: that may be several, say lat and long. %(names)s")
        raise Refused("several", message % {"names": names}, field="address")
    first = found[0]
    return {"building": first} if isinstance(first, Building) else {"place": first.place}


def _joined(words: str) -> str:
    return "".join(words.split())


def _estate(spot: Spot) -> Estate:
    return spot.estate if isinstance(spot, Building) else spot


def _is_named(name: str, said: str) -> bool:
    """Whether an address holds the name of an estate, or begins with a part of it."""
    beginning = re.split(r"[0-9]", said, maxsplit=1)[0].strip()
    return name in said or (len(beginning) > 1 and beginning in name)
