"""What a list of rectifications is narrowed to, as its address says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.kinds.rectification.models import Rectification
from silin.lib.refusal import Words
from silin.matters.models import MatterQuerySet
from silin.matters.models.matter import within_paths
from silin.people.models import Organisation
from silin.places.models import Place

NAMES = ("at", "bureau", "colour", "reference")
STATES: dict[str, Words] = {
    "late": _("Overdue"),
    "warn": _("Soon due"),
    "applied": _("To be checked"),
    "look": _("To look back at"),
    "fell": _("Fell back"),
}
"""What a row may wait for, beside the list that it stands in."""


@dataclass(frozen=True)
class Filters:
    """A place, the bureau that set it or answers for it, a colour or what it waits for, a reference."""

    at: str = ""
    bureau: str = ""
    colour: str = ""
    reference: str = ""

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Filters:
        """What an address asks for; a colour that nobody knows is none."""
        said = {name: str(data.get(name, "")).strip()[:40] for name in NAMES}
        return cls(**said | {"colour": said["colour"] if said["colour"] in STATES else ""})

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in NAMES)

    def narrow(self, rows: MatterQuerySet, now: datetime) -> MatterQuerySet:
        """Those of ``rows`` that are meant. One statement more where a place is named."""
        if self.at:
            place = self.place
            rows = rows.filter(within_paths([place.path])) if place else rows.none()
        if self.bureau:
            body = Q(holder__organisation__name=self.bureau)
            rows = rows.filter(body | Q(rectification__setter__organisation__name=self.bureau))
        if self.reference:
            rows = rows.filter(rectification__reference=self.reference)
        return rows.filter(self._waits(now)) if self.colour else rows

    def _waits(self, now: datetime) -> Q:
        return {
            "late": Q(colour="late") | Q(handle_due__lt=now, answered_at=None),
            "warn": Q(colour="warn"),
            "applied": Q(state="answered"),
            "look": Q(state="closed", look_back_on__lte=localdate(now)),
            "fell": Q(rectification__fell__gt=0),
        }[self.colour]

    def query(self, **changes: str) -> str:
        """The part of an address that says the same, with ``changes``."""
        kept = QueryDict(mutable=True)
        said = {name: getattr(self, name) for name in NAMES} | changes
        kept.update({name: value for name, value in said.items() if value})
        return kept.urlencode()

    @cached_property
    def place(self) -> Place | None:
        """The place that is named."""
        return Place.objects.filter(code=self.at).first()


def places_of(rows: MatterQuerySet) -> list[tuple[str, str]]:
    """The counties, streets and communities of ``rows``, for a choice; one statement."""
    found: dict[str, tuple[str, str]] = {}
    units = Place.objects.filter(pk__in=rows.values("rectification__unit"))
    for unit in units.select_related("parent__parent"):
        for place in (unit.parent.parent if unit.parent else None, unit.parent, unit):
            if place is not None and place.level in ("county", "street", "community"):
                found[place.path] = (place.code, place.short_name)
    return [found[path] for path in sorted(found)]


def bureaus_of(rows: MatterQuerySet) -> list[str]:
    """The bodies that set or answer for any of ``rows``, by name; one statement."""
    tasks = Rectification.objects.filter(pk__in=rows.values("pk"))
    owners = Organisation.objects.filter(posts__in=rows.filter(holder__isnull=False).values("holder"))
    setters = Organisation.objects.filter(posts__in=tasks.filter(setter__isnull=False).values("setter"))
    return _names(owners.values_list("name", flat=True).union(setters.values_list("name", flat=True)))


def references_of(rows: MatterQuerySet) -> list[str]:
    """The references of ``rows``; one statement."""
    tasks = Rectification.objects.filter(pk__in=rows.values("pk")).exclude(reference="")
    return _names(tasks.values_list("reference", flat=True).distinct())


def _names(found: Iterable[str]) -> list[str]:
    return sorted(set(found))
