"""An entry that the office deletes: for somebody at the counter, for a guardian, for a family."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.shredding import shred
from silin.notices.actions import Message, queue
from silin.people.asking import PAGE, community_of, note_at_counter
from silin.people.erasing import empty_homes, erase_rows, forget_elsewhere, forget_words, with_merged
from silin.people.models import Attention, DataRequest, Membership, Person, today
from silin.people.register import may_edit


def erase_entry(person: Person, asker: str, identity: str, *, actor: User, now: datetime) -> DataRequest:
    """Delete what the register says of ``person``; who asked and by what they were known is written down.

    An account of theirs stays, without the entry, and is told: it is only theirs to delete. Raises
    ``NotAllowed`` or ``Refused`` (``bad_choice``). Not to be called in a transaction: the database's own
    traces go after the commit.
    """
    made = _erase(person, asker, identity, actor, now)
    shred()
    return made


@transaction.atomic
def _erase(person: Person, asker: str, identity: str, actor: User, now: datetime) -> DataRequest:
    keys = with_merged([person.pk])
    people = list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    row = next(each for each in people if each.pk == person.pk)
    may_edit(actor, row)
    made = note_at_counter(row, DataRequest.Kind.DELETE, asker, identity, actor=actor, now=now)
    fields = {"request": str(made.pk), "asker": asker, "identity": identity}
    record(subject=row.subject, action="erase", actor=actor, now=now, fields=fields)
    _tell(row, now)
    forget_words([each.subject for each in people], {each.phone for each in people})
    forget_elsewhere(None, {said for each in people for said in (each.name, each.phone)}, now)
    empty_homes(people)
    _leave(people, now)
    erase_rows(people, now)
    return made


def _tell(person: Person, now: datetime) -> None:
    if person.user is None:
        return
    place = community_of(person)
    params = {"place": place.short_name if place else ""}
    queue([Message("entry_deleted", person.user, params, link=PAGE)], now=now)
    DataRequest.objects.filter(user=person.user).update(person=None)


def _leave(people: list[Person], now: datetime) -> None:
    Membership.objects.filter(person__in=people, until=None).update(until=today(now))
    Attention.objects.filter(person__in=people).delete()
    Person.objects.filter(pk__in=[each.pk for each in people]).update(user=None)
    Person.objects.filter(pk__in=[each.pk for each in people], left_on=None).update(left_on=today(now))
