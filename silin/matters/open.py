"""A matter as everybody sees it, once a desk has released it: never a door, never a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from silin.lib.clockview import ClockView
from silin.lib.ids import read_number
from silin.lib.masking import cover, find_personal
from silin.lib.refusal import NotFound, Refused
from silin.matters.models import Matter, Photo
from silin.matters.showing import clock_of, crumb_of, photos_by_stage
from silin.matters.timeline import Step, steps
from silin.places.queries import calendar

UNTOLD = frozenset({"comment", "review"})
WITH_WORDS = frozenset({"answer", "sign", "close", "settle_at_once"})


@require_safe
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """Everyone, where a desk has released it; anything else is "not found"."""
    return render(request, "matters/open/matter.html", story(_released(number)))


def story(found: Matter) -> dict[str, Any]:
    """What everybody reads of a released matter: words with numbers covered, photos a desk has seen."""
    told = public_steps(found)
    shown = [photo for photo in found.photos.left() if found.released_at and photo.at <= found.released_at]
    photos = photos_by_stage(shown)
    found.spot = ""  # somebody's own words may name a door
    return {
        "matter": found,
        "title": covered(found.title),
        "words": covered(found.words),
        "clock": clock_of(found, timezone.now(), calendar()),
        "crumb": crumb_of(found),
        "steps": told,
        "before": (photos["before"] or photos["raised"])[:1],
        "after": photos["after"][:1],
        "joined": photos["joined"],
    }


def public_steps(found: Matter) -> list[Step]:
    """What was done with a released matter, the newest first: nobody is named, words only as released."""
    return [
        _public(step, found.released_at)
        for step in steps(found, None, for_resident=True, named=False)
        if step.action not in UNTOLD
    ]


@dataclass(frozen=True)
class Line:
    """A released matter in a list."""

    matter: Matter
    title: str
    where: str
    clock: ClockView | None


def listed(matters: Iterable[Matter], now: datetime) -> list[Line]:
    """The lines of a public list: the community and the grid say where, nothing finer."""
    rows = list(matters)
    days = calendar() if rows else None
    return [
        Line(row, covered(row.title), _grid(row), clock_of(row, now, days))
        for row in rows
        if days is not None
    ]


def released_photos(matters: Iterable[Matter]) -> dict[UUID, Photo]:
    """The newest picture of each matter that a desk has released with it. One statement."""
    rows = {row.pk: row for row in matters}
    found: dict[UUID, Photo] = {}
    for photo in Photo.objects.left().filter(matter__in=rows) if rows else ():
        released = rows[photo.matter_id].released_at
        if released is not None and photo.at <= released:
            found[photo.matter_id] = photo
    return found


def covered(words: str) -> str:
    """Somebody's words without telephone numbers, identity cards and number plates."""
    return cover(words, find_personal(words))


def _grid(matter: Matter) -> str:
    parent = matter.place.parent
    return " › ".join(each.short_name for each in (parent, matter.place) if each is not None)


def _released(number: str) -> Matter:
    try:
        wanted = read_number(number)
    except Refused as refusal:
        raise NotFound from refusal
    rows = Matter.objects.public().with_names().select_related("place__parent__parent__parent")
    found = rows.filter(number=wanted).first()
    if found is None:
        raise NotFound
    return found


def _public(step: Step, released_at: datetime | None) -> Step:
    """A step as far as a desk has seen it: what came after the release waits for the next one."""
    if released_at is None or step.at > released_at:
        return replace(step, words="", photos=[])
    return replace(step, words=covered(step.words) if step.action in WITH_WORDS else "")
