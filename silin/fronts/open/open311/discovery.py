"""Service discovery: where GeoReport v2 is found here, in which forms, and whom to ask for a key."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from silin.fronts.open.open311.door import Said, door
from silin.fronts.open.open311.writing import JSON, TYPES, XML
from silin.history import queries as history
from silin.places.texts import SUBJECT, texts

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
SINCE = parse_datetime("2026-11-28T00:00:00+08:00")
"""When the answers of this programme last changed their shape."""


@door("GET")
def discovery(request: HttpRequest) -> Said:
    """Everyone: where and in which forms the calls are found; the city's texts say whom to ask."""
    base = request.build_absolute_uri(reverse("open:open311"))
    changed = said_at(_changed())
    ends = [_endpoint(base, "production", changed)]
    if test := texts().get("open311_test") or (base if settings.SILIN_DEMO else ""):
        ends.append(_endpoint(test, "test", changed))
    contact = texts().get("open311_contact") or _office() or request.build_absolute_uri(reverse("open:home"))
    return "discovery", {
        "changeset": changed,
        "contact": contact,
        "key_service": texts().get("open311_keys") or contact,
        "endpoints": ends,
    }


def said_at(moment: datetime) -> str:
    """A moment in ISO 8601 with the zone of the city, to the second."""
    return localtime(moment).isoformat(timespec="seconds")


def _endpoint(url: str, kind: str, changed: str) -> dict[str, object]:
    return {
        "specification": SPECIFICATION,
        "url": url.rstrip("/"),
        "changeset": changed,
        "type": kind,
        "formats": [TYPES[form].partition(";")[0] for form in (XML, JSON)],
    }


def _office() -> str:
    said = (texts().get(name, "") for name in ("operator", "office_telephone"))
    return " ".join(filter(None, said))


def _changed() -> datetime:
    """When a text of the city last changed, or this programme."""
    assert SINCE is not None
    last = history.of(SUBJECT).first()
    return max(last.at, SINCE) if last else SINCE
