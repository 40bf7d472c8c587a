"""How it goes on (``servicerequestupdates``): read by anybody, written by a department's system."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from silin.accounts.models import Client
from silin.fronts.open.open311.asking import PAGE, asked_of
from silin.fronts.open.open311.discovery import said_at
from silin.fronts.open.open311.door import Said, door, visiting
from silin.fronts.open.open311.progress import reported
from silin.fronts.open.open311.statuses import finer_status
from silin.history.models import Entry
from silin.lib.refusal import Refused
from silin.matters.models import Matter, MatterQuerySet, Photo, State
from silin.matters.open import WITH_WORDS, covered
from silin.matters.released import was_released

ROOT = "service_request_updates"
TOLD = (
    "accept",
    "pause",
    "resume",
    "answer",
    "sign",
    "settle_at_once",
    "verify",
    "reject",
    "close",
    "reopen",
    "return",
    "dispatch",
    "whistle",
)
"""The deeds that everybody reads on the page of a matter and that change how it stands."""

DAY = timedelta(days=1)
AT_MOST = 2000  # matters that are looked through for one answer


@door("GET", "POST")
def updates(request: HttpRequest) -> Said:
    """Everyone: how released matters went on; by POST a department's system with a key says how far it is."""
    return reported(request) if request.method == "POST" else _listed(request)


def _listed(request: HttpRequest) -> Said:
    """What was done in a window of time (the last day), the oldest first, a thousand lines at most."""
    asked = asked_of(request)
    begin, end = asked.span("start_date", "end_date", timezone.now(), DAY)
    asked.check()
    rows, inner = _changed_since(begin, visiting(request))
    lines = Entry.objects.filter(subject__in=list(rows), action__in=TOLD, at__gte=begin, at__lte=end)
    found = list(lines.select_related("words").order_by("at", "pk")[:PAGE])
    photos = _photos(rows, found)
    return ROOT, [_update(request, rows[line.subject], line, photos, line.subject in inner) for line in found]


def _changed_since(begin: datetime, client: Client | None) -> tuple[dict[str, Matter], set[str]]:
    """What was changed since, by its name in the books: released, or seen by the client's own right."""
    rows = {row.subject: row for row in _some(Matter.objects.public(), begin)}
    inner: set[str] = set()
    if client is not None and client.may("read"):
        own = {row.subject: row for row in _some(Matter.objects.seen_by(client.user), begin)}
        rows, inner = own | rows, set(own)
    return rows, inner


def _some(rows: MatterQuerySet, begin: datetime) -> list[Matter]:
    found = list(rows.filter(changed_at__gte=begin).order_by("-changed_at", "-pk")[: AT_MOST + 1])
    if len(found) > AT_MOST:
        raise Refused("too_many", _("start_date: too much has happened since then. Please ask for less."))
    return found


def _photos(rows: dict[str, Matter], lines: list[Entry]) -> dict[tuple[UUID, datetime], Photo]:
    matters = {rows[line.subject].pk for line in lines}
    kept = Photo.objects.left().filter(matter__in=matters, stage=Photo.Stage.AFTER) if matters else ()
    return {(photo.matter_id, photo.at): photo for photo in kept}


def _update(
    request: HttpRequest,
    matter: Matter,
    line: Entry,
    photos: dict[tuple[UUID, datetime], Photo],
    inner: bool,
) -> dict[str, Any]:
    released = was_released(matter, line.at)
    photo = photos.get((matter.pk, line.at)) if released else None
    link = reverse("matters:photo", args=[matter.number, photo.pk]) if photo else ""
    said = line.text if inner or (released and line.action in WITH_WORDS) else ""
    return {
        "update_id": f"{matter.number}-{line.seq}",
        "service_request_id": matter.number,
        "status": finer_status(line.after, str(line.fields.get("outcome") or "")),
        "updated_datetime": said_at(line.at),
        "description": covered(said) or str(State(line.after).label),
        "media_url": request.build_absolute_uri(link) if link else None,
    }
