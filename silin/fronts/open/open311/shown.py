"""A matter as a service request: what everybody may read of it; to whom it lies in hand, where exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from silin.fronts.open.open311.discovery import said_at
from silin.fronts.open.open311.statuses import finer_status, notes_of, status_of
from silin.lib.datum import Datum
from silin.matters.models import Matter, MatterQuerySet, Photo
from silin.matters.open import covered, public_steps, released_photos
from silin.matters.released import endings_of, exact_point_of, point_of
from silin.places.levels import Level
from silin.places.models import Place

BESIDE = ("category", "terms", "place__parent__parent", "building__estate", "holder__kind", "holder__place")


def with_beside(rows: MatterQuerySet, *, extended: bool = False) -> MatterQuerySet:
    """With the rows that a service request tells of beside the matter, in the same statement."""
    rows = rows.select_related(*BESIDE, "holder__organisation")
    return rows.select_related("answers_to") if extended else rows


@dataclass
class Shown:
    """Some matters with what stands beside them, read at once however many there are.

    ``inner`` are those that the client who asks sees by its own right: it reads of them where exactly they
    are, and what has not been released. Who reported one is told to nobody.
    """

    rows: list[Matter]
    request: HttpRequest
    datum: Datum
    inner: set[UUID] = field(default_factory=set)
    extended: bool = False

    def told(self) -> list[dict[str, Any]]:
        """Each of them as a service request. Two statements at most."""
        endings = endings_of(self.rows, seen=self.inner)
        photos = released_photos(self.rows)
        return [self._one(row, endings.get(row.pk, ""), photos.get(row.pk)) for row in self.rows]

    def _one(self, matter: Matter, ending: str, photo: Photo | None) -> dict[str, Any]:
        inner = matter.pk in self.inner
        point = (exact_point_of if inner else point_of)(matter, self.datum)
        told = {
            "service_request_id": matter.number,
            "status": status_of(matter),
            "status_notes": notes_of(matter, ending),
            "service_name": str(matter.filed_as),
            "service_code": matter.category_id,
            "description": covered(matter.words),
            "agency_responsible": agency_of(matter),
            "service_notice": None,
            "requested_datetime": said_at(matter.raised_at),
            "updated_datetime": said_at(changed_at(matter)),
            "expected_datetime": said_at(matter.handle_due) if matter.handle_due else None,
            "address": address_of(matter),
            "address_id": f"b{matter.building_id}" if matter.building_id else matter.place.code,
            "zipcode": None,
            "lat": point[1] if point else None,
            "long": point[0] if point else None,
            "media_url": self._link(matter, photo),
        }
        return told | self._more(matter, inner) if self.extended else told

    def _link(self, matter: Matter, photo: Photo | None) -> str | None:
        if photo is None:
            return None
        return self.request.build_absolute_uri(reverse("matters:photo", args=[matter.number, photo.pk]))

    def _more(self, matter: Matter, inner: bool) -> dict[str, Any]:
        """What the extensions add (``extensions=true``); what somebody answered is not for everybody."""
        return {
            "extended_attributes": {
                "status": finer_status(matter.state, matter.outcome),
                "state": str(matter.state),
                "outcome": str(matter.outcome),
                "title": covered(matter.title),
                "colour": str(matter.colour),
                "me_too": matter.me_toos,
            },
            "attributes": [{"name": name, "value": value} for name, value in matter.told if inner],
        }


def agency_of(matter: Matter) -> str | None:
    """Whose it is now: the department or company, else the post of the community."""
    post = matter.holder
    if post is None:
        return None
    if post.organisation is not None:
        return post.known_as
    inside = Level(post.place.level).depth >= Level.COMMUNITY.depth
    there = _up_to_community(matter)[-1] if inside else post.place
    return f"{there.short_name} {post.kind}"


def address_of(matter: Matter) -> str:
    """Where it is, the nearest first, as the spec has it: building, grid, community. Never a door."""
    building = [matter.building.name] if matter.building else []
    return ", ".join([*building, *(each.short_name for each in _up_to_community(matter))])


def changed_at(matter: Matter) -> datetime:
    """When something was last done with it; of one that is closed, when it was."""
    return matter.closed_at or matter.changed_at or matter.raised_at


def _up_to_community(matter: Matter) -> list[Place]:
    """The grid or micro-grid where it lies, and what lies round it up to the community."""
    line = [matter.place]
    while Level(line[-1].level).depth > Level.COMMUNITY.depth and line[-1].parent is not None:
        line.append(line[-1].parent)
    return line


def notes(matter: Matter) -> list[dict[str, Any]]:
    """What was done with a released matter, as everybody reads it, the oldest first."""
    return [
        {
            "datetime": said_at(step.at),
            "type": step.action,
            "description": f"{step.sentence}: {step.words}" if step.words else step.sentence,
        }
        for step in reversed(public_steps(matter))
    ]
