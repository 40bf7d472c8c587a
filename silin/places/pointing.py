"""Where something stands, as a form asks it: longitude and latitude, and from which map they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Refused
from silin.places.locating import Located, locate
from silin.places.models import Place


def read_point(form: forms.Form, community: Place, point: str, datum: str) -> Located | None:
    """Where the point lies, or None with what is to be mended noted at its field.

    A phone's position and a click on the map come with their datum; it is never guessed.
    """
    try:
        lon, lat = (float(each) for each in point.replace("，", ",").split(","))
    except ValueError:
        form.add_error("point", _("Write longitude and latitude with a comma: 107.1501, 34.3602."))
        return None
    if not datum:
        form.add_error("datum", _("Please say from which map the point is: it is never guessed."))
        return None
    try:
        spot = locate(lon, lat, datum)
    except Refused as refusal:
        form.add_error("point", str(refusal.message))
        return None
    if not community.contains(spot.place.path):
        form.add_error("point", _("That point lies in %(place)s.") % {"place": spot.place.full_name()})
        return None
    return spot


def shown_point(lon: float | None, lat: float | None) -> dict[str, Any]:
    """What a form shows first of a true point."""
    if lon is None or lat is None:
        return {"point": "", "datum": ""}
    return {"point": f"{lon:.6f}, {lat:.6f}", "datum": "CGCS2000"}
