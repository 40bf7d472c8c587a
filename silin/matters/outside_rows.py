"""Which matters stand in the sheet of an outside system for some days, and what it says of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat

from silin.accounts.models import User
from silin.lib.dates import midnight
from silin.matters.models import Matter, MatterQuerySet, OutsideSystem, State, Ticket
from silin.matters.opening import PLACES
from silin.matters.outside import systems_on
from silin.matters.outside_fields import Told, as_text, is_personal, laid_out, telling
from silin.people import queries as people
from silin.people.revealing import note_taking_out
from silin.places.models import Place

CHUNK = 200


def belonging(system: OutsideSystem, user: User, since: date, until: date) -> MatterQuerySet:
    """What ``user`` may look at and was given a number there in these days, or was raised and belongs there.

    Of what few may read nothing goes out but what has a number there already.
    """
    days = (midnight(since), midnight(until + timedelta(days=1)))
    numbered = Ticket.objects.filter(system=system, matter=OuterRef("pk"), at__gte=days[0], at__lt=days[1])
    rows = Matter.objects.worked_by(user).exclude(state=State.WITHDRAWN)
    wanted = Q(Exists(numbered))
    if system.takes:
        open_kinds = Matter.objects.told_to_all().filter(category__in=system.takes)
        wanted |= Q(raised_at__gte=days[0], raised_at__lt=days[1], pk__in=open_kinds.values("pk"))
    return rows.filter(wanted)


def told(system: OutsideSystem, rows: MatterQuerySet, user: User, *, personal: bool) -> Iterator[Told]:
    """Each of the matters with its number there, the oldest first."""
    rows = rows.with_names().select_related(PLACES).order_by("raised_at", "pk")
    return telling(_numbered(system, rows.iterator(chunk_size=CHUNK)), user, personal=personal)


def lines(system: OutsideSystem, rows: MatterQuerySet, user: User, *, personal: bool) -> Iterator[list[str]]:
    """The same as the system's own columns say it."""
    return (laid_out(system, each) for each in told(system, rows, user, personal=personal))


def may_name(system: OutsideSystem, user: User, now: datetime) -> Place | None:
    """The place of the desk over which ``user`` reads names, where the sheet asks for them at all."""
    if not is_personal(system):
        return None
    there = people.places_where(user, "matters.name", now)
    desks = people.places_where(user, "matters.triage", now)
    return next((place for place in desks if any(each.contains(place.path) for each in there)), None)


def note_names(system: OutsideSystem, place: Place, rows: int, user: User, now: datetime) -> None:
    """Write down that a sheet with names and numbers of raisers left, as of any list of people."""
    note_taking_out(place, f"outside.{system.pk}", rows, actor=user, now=now)


def with_ticket(rows: MatterQuerySet) -> MatterQuerySet:
    """With the latest number of each in another system, ``ticket``, in the same statement."""
    named = Concat("system__name", Value(" "), "number")
    newest = Ticket.objects.filter(matter=OuterRef("pk")).order_by("-at", "-pk").annotate(said=named)
    return rows.annotate(ticket=Subquery(newest.values("said")[:1]))


def copies(matter: Matter, tickets: list[Ticket], user: User, now: datetime) -> list[dict[str, Any]]:
    """The matter as each system of today wants it typed, without who raised it. Two statements at most."""
    systems = [system for system in systems_on(now) if not system.connected]
    if not systems or matter.declared.confined:
        return []
    plain = told_of(systems[0], matter, user)
    named = matter.raiser is not None and not matter.name_withheld and user.has_perm("matters.name", matter)
    return [
        {
            "system": system,
            "text": as_text(system, Told(matter, _first(system, tickets), plain.answer, plain.grade)),
            "named": named and is_personal(system),
        }
        for system in systems
    ]


def told_of(system: OutsideSystem, matter: Matter, user: User, *, personal: bool = False) -> Told:
    """What a sheet of the system says of one matter."""
    ticket = _first(system, list(matter.tickets.all())) if personal else None
    return next(telling([(matter, ticket)], user, personal=personal))


def _first(system: OutsideSystem, tickets: list[Ticket]) -> Ticket | None:
    return next((ticket for ticket in tickets if ticket.system_id == system.pk), None)


def _numbered(system: OutsideSystem, matters: Iterator[Matter]) -> Iterator[tuple[Matter, Ticket | None]]:
    """Each matter with its first number there. One statement for each two hundred."""
    while some := list(islice(matters, CHUNK)):
        rows = Ticket.objects.filter(system=system, matter__in=[matter.pk for matter in some])
        first = {ticket.matter_id: ticket for ticket in rows.order_by("-at", "-pk")}
        yield from ((matter, first.get(matter.pk)) for matter in some)
