"""What is asked about facilities: lists, and whether each is open now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from silin.places.hours import OpenState, say_hours, state
from silin.places.models import Facility, FacilityKind, FacilityQuerySet, Place
from silin.places.queries import calendar

SHOWN = 6  # on the page of a place; the rest stands on a page of its own
ORDER = ("kind_id", "name")


@dataclass(frozen=True)
class Listed:
    """A facility as a list shows it."""

    facility: Facility
    open: OpenState | None
    now: datetime

    @property
    def open_words(self) -> str:
        """``open now, until 18:00``; empty where the hours are not known."""
        return self.open.words(self.now) if self.open else ""

    @property
    def hours_words(self) -> str:
        """The hours of the week."""
        return say_hours(self.facility.hours)

    @property
    def access_words(self) -> str:
        """What is known about getting in and how many it holds, in plain words."""
        row = self.facility
        known = (
            (row.step_free, _("Reached without steps"), _("There are steps")),
            (row.accessible_toilet, _("Toilet for wheelchairs"), _("No toilet for wheelchairs")),
            (row.accessible_parking, _("Parking for wheelchairs"), _("No parking for wheelchairs")),
        )
        said = [str(yes if value else no) for value, yes, no in known if value is not None]
        if row.capacity:
            said.append(_("Room for %(n)s") % {"n": row.capacity})
        return " · ".join(said)

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it."""
        return "".join(sign for sign in self.facility.telephone if sign.isdigit() or sign == "+")


def listed(rows: Iterable[Facility], now: datetime) -> list[Listed]:
    """Each facility with whether it is open now. One small statement for the calendar."""
    days = calendar()
    return [
        Listed(row, state(row.hours, now, days, closed_on_days_off=row.closed_on_days_off), now)
        for row in rows
    ]


def facilities_of(place: Place, now: datetime) -> FacilityQuerySet:
    """What is there today in ``place``, with what a list shows of it."""
    rows = Facility.objects.under(place).active(localdate(now))
    return rows.select_related("kind", "place", "building__estate", "block")


@dataclass(frozen=True)
class KindCount:
    """How many facilities of one kind there are."""

    kind: FacilityKind
    n: int


def kinds_of(rows: FacilityQuerySet) -> list[KindCount]:
    """The kinds among ``rows`` in the order of the kinds. Two statements."""
    counts = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    kinds = FacilityKind.objects.filter(pk__in=counts)
    return [KindCount(kind, counts[kind.pk]) for kind in kinds]


@dataclass(frozen=True)
class Near:
    """What the page of a place shows of its facilities: some of them, and how many there are."""

    lines: Sequence[Listed]
    n: int


def near(place: Place, now: datetime) -> Near:
    """The first facilities of a place. Two statements, three where there are any."""
    rows = facilities_of(place, now)
    n = rows.count()
    return Near(listed(rows.order_by("kind__serial", "name", "pk")[:SHOWN], now) if n else [], n)
