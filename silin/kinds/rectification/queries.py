"""The three lists of an office, and what others ask of rectifications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.raising import setting_posts
from silin.lib.refusal import Words
from silin.matters.models import OPEN, Matter, MatterQuerySet, State
from silin.places.models import Place


@dataclass(frozen=True)
class Listing:
    """One of the lists: what it is called, what stands in it, in which order."""

    key: str
    title: Words
    about: Words
    which: Q
    order: tuple[str, ...]


LISTS = {
    each.key: each
    for each in (
        Listing(
            "problems",
            _("Problem list"),
            _("Set, and nobody has said yet what is done about it."),
            Q(state__in=(State.RAISED, State.ASSIGNED)),
            ("handle_due",),
        ),
        Listing(
            "register",
            _("Rectification register"),
            _("In hand: the measure, who is in charge, by when. Those that wait for a check as well."),
            Q(state__in=(State.IN_HAND, State.WAITING, State.ANSWERED)),
            ("handle_due",),
        ),
        Listing(
            "struck",
            _("Struck off"),
            _("Checked and struck off one by one, with the day of the look back."),
            Q(state=State.CLOSED),
            ("-closed_at",),
        ),
    )
}


def due_for_look_back(now: datetime) -> MatterQuerySet:
    """What was struck off and is to be looked back at by today."""
    rows = Matter.objects.filter(rectification__isnull=False, state=State.CLOSED)
    return rows.filter(look_back_on__lte=localdate(now)).select_related("rectification__unit")


def open_for(reference: str, unit: Place) -> QuerySet[Rectification]:
    """What is set about a reference in a unit and not struck off yet."""
    rows = Rectification.objects.filter(reference=reference, unit=unit, matter__state__in=OPEN)
    return rows.select_related("matter")


def open_under(user: User, group: str, place: Place) -> MatterQuerySet:
    """What is set under a heading in ``place`` or beneath it, not struck off, and ``user`` may open."""
    return seen_by(user).under(place).filter(rectification__group=group, state__in=OPEN)


def works_with(user: User, now: datetime) -> bool:
    """Whether ``user`` sets such tasks or answers for them."""
    return bool(setting_posts(user, now))


def seen_by(user: User) -> MatterQuerySet:
    """The rectifications that ``user`` may open, with what a list shows; no statement yet."""
    beside = ("unit__parent__parent", "setter__kind", "setter__place", "setter__organisation", "checked_by")
    rows = Rectification.objects.seen_by(user).with_names()
    return rows.select_related(*(f"rectification__{name}" for name in beside))


def tally(rows: MatterQuerySet, now: datetime) -> dict[str, int]:
    """How many stand in each list, and of these what waits for somebody; one statement."""
    counted = {name: Count("pk", filter=each.which) for name, each in LISTS.items()}
    late = Q(state__in=OPEN) & (Q(colour="late") | Q(handle_due__lt=now, answered_at=None))
    counted["late"] = Count("pk", filter=late)
    counted["applied"] = Count("pk", filter=Q(state=State.ANSWERED))
    counted["look"] = Count("pk", filter=Q(state=State.CLOSED, look_back_on__lte=localdate(now)))
    counted["fell"] = Count("pk", filter=Q(state__in=OPEN, rectification__fell__gt=0))
    return rows.aggregate(**counted)
