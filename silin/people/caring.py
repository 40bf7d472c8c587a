"""The verbs of looking in on somebody: agreed to, ended; who may know, and what the night counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import NotAllowed, Refused
from silin.people import queries
from silin.people.models import Attention, AttentionKind, Household, Membership, Person, Post, today
from silin.people.register import EDIT, read_choice

SEE = "attention.see"
WORKER = "grid_worker"


@transaction.atomic
def look_in_on(
    person: Person, kind: AttentionKind, *, agreed: str, actor: User, now: datetime, carer: Post | None = None
) -> Attention:
    """``person`` agreed to be looked in on by ``carer`` (the actor's own post, if none is said).

    Agreed to a second time it lasts anew from today. Raises ``NotAllowed``, or ``Refused`` (``not_agreed``,
    ``too_young``, ``bad_choice``, ``no_carer``).
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    carer = carer or carer_for(person, actor, now)
    if not may_care(actor, person, carer, now):
        raise NotAllowed(_("This home is not in your part of the register."))
    if not read_choice(agreed, Attention.Agreed, "agreed"):
        raise Refused("not_agreed", _("Only whoever has agreed is put down."), field="agreed")
    _old_enough(person, kind, now)
    day = today(now)
    until = day + timedelta(days=kind.lasts_days)
    row = next((each for each in person.attentions.current(day) if each.kind == kind.code), None)
    if row is None:
        row = Attention(person=person, kind=kind.code, since=day, by=actor)
    row.carer, row.agreed, row.until = carer, agreed, until
    row.save()
    _line(row, "look_in_on", actor, now)
    return row


@transaction.atomic
def end_attention(row: Attention, *, actor: User, now: datetime) -> None:
    """From today on nobody looks in any more. Twice is once. Raises ``NotAllowed``."""
    person = Person.objects.select_for_update().get(pk=row.person_id)
    row = Attention.objects.select_for_update().select_related("carer").get(pk=row.pk)
    if person.user_id != actor.pk and not may_care(actor, person, row.carer, now):
        raise NotAllowed
    if row.ended_on is None:
        row.ended_on = row.until = min(today(now), row.until)
        row.save(update_fields=["ended_on", "until"])
        _line(row, "end_attention", actor, now)


def seen_in(household: Household, user: User, now: datetime) -> list[Attention]:
    """Who is looked in on in a home, as far as ``user`` may know: as carer, or as whoever leads there."""
    rows = Attention.objects.current(today(now)).filter(
        person__memberships__household=household,
        person__memberships__until=None,
        person__merged_into=None,
    )
    if not user.has_perm(SEE, household):
        rows = rows.filter(carer__in=_posts(user, now))
    found = list(rows.select_related("person", "carer__kind", "carer__place").order_by("since", "pk"))
    kinds = AttentionKind.objects.in_bulk({each.kind for each in found})
    for each in found:
        each.why = kinds.get(each.kind)  # type: ignore[attr-defined]
    return found


def cared_homes(user: User, now: datetime) -> Q:
    """Homes in which ``user`` looks in on somebody."""
    mine = Attention.objects.current(today(now)).filter(carer__in=_posts(user, now), person__merged_into=None)
    living = Membership.objects.filter(person__in=mine.values("person"), until=None)
    return Q(pk__in=living.values("household"))


def may_care(actor: User, person: Person, carer: Post, now: datetime) -> bool:
    """Whether ``actor`` is the carer, or leads where the person lives; both keep the register there."""
    if not actor.has_perm(EDIT, person):
        return False
    return carer.pk in _posts(actor, now) or actor.has_perm(SEE, person)


def carer_for(person: Person, actor: User, now: datetime) -> Post:
    """The actor's own post if they are on duty there, else the grid worker's. Raises ``Refused``."""
    path = person.placed_path
    for post in queries.posts_of(actor, now):
        if post.kind_id == WORKER and path.startswith(post.place.path):
            return post
    home = person.memberships.filter(until=None).select_related("household__building__grid").first()
    duty = queries.on_duty(home.household.building.grid, [WORKER], now) if home else None
    if duty is None:
        raise Refused("no_carer", _("There is no grid worker here who could look in."), field="person")
    return duty.post


def counted(now: datetime) -> Iterator[tuple[str, str, int]]:
    """Stock, code of the place and number of those who are counted by a kind; whoever is not alone is not."""
    kinds = {each.code: each for each in AttentionKind.objects.exclude(counts_as="")}
    rows = Attention.objects.current(today(now)).filter(person__merged_into=None)
    homes = _homes(rows.values_list("person", flat=True))
    found: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[UUID, str]] = set()
    for person, code in ((row.person_id, row.kind) for row in rows.iterator()):
        kind, (place, n) = kinds.get(code), homes.get(person, ("", 0))
        if kind and place and (n == 1 or not kind.alone) and (person, code) not in seen:
            seen.add((person, code))
            found[kind.counts_as, place] += 1
    for (stock, place), n in found.items():
        yield stock, place, n


def _homes(people: Iterable[UUID]) -> dict[UUID, tuple[str, int]]:
    """For each person the code of the place of their home, and how many live in it."""
    inside = Q(memberships__until=None, memberships__person__merged_into=None)
    homes = Household.objects.filter(merged_into=None).annotate(n=Count("memberships", filter=inside))
    living = Membership.objects.filter(person__in=people, until=None, household__in=homes.values("pk"))
    pairs = list(living.values_list("person", "household", "household__building__estate__place__code"))
    size = dict(homes.filter(pk__in={home for _who, home, _code in pairs}).values_list("pk", "n"))
    return {person: (code, size[home]) for person, home, code in pairs}


def _posts(user: User, now: datetime) -> set[UUID]:
    return {post.pk for post in queries.posts_of(user, now)}


def _old_enough(person: Person, kind: AttentionKind, now: datetime) -> None:
    if kind.least_age and person.birth_year and today(now).year - person.birth_year < kind.least_age:
        words = _("The register says that they are younger than %(age)s.") % {"age": kind.least_age}
        raise Refused("too_young", words, field="kind")


def _line(row: Attention, action: str, actor: User, now: datetime) -> None:
    """Which reason is not said: the book of deeds is read by others than the list."""
    record(
        subject=f"person:{row.person_id}",
        action=action,
        actor=actor,
        now=now,
        fields={"until": f"{row.until}"},
    )
