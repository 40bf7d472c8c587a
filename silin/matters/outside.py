"""Systems of others in which a matter stands too: what is said of each, and the numbers it has there."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.history.actions import record
from silin.history.models import Entry
from silin.history.rows import line_of, write_row
from silin.lib.refusal import Refused, Words
from silin.lib.remembering import Remembered
from silin.matters import parts, watching
from silin.matters.deeds import Deed, verb
from silin.matters.models import (
    TICKET_AT_MOST,
    Category,
    Matter,
    Outcome,
    OutsideSystem,
    OutsideType,
    State,
    Ticket,
)
from silin.matters.outside_fields import FIELDS
from silin.matters.searching import searched

KIND = "outside_system"
CODE = re.compile(r"[a-z][a-z0-9_]{1,19}")
NEW = "new"
"""No system is called so: its page would have the address of the page for a new one."""
LINK = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?/(?:[A-Za-z0-9._~:/?#@!$&()*+,;=%-]|\{number\}|\{matter\})*")
"""A host without a name or a password; what is left open is their number and ours."""
HEADING_AT_MOST, FIXED_AT_MOST = 40, 60
TOUCHED = _("Somebody has had a hand in it since.")
OF_THE_CLOCK = ("warn", "overdue", "escalate", "recount")

systems = Remembered(lambda: list(OutsideSystem.objects.select_related("client__user")))
"""Every outside system, also those that ended."""


def systems_on(now: datetime) -> list[OutsideSystem]:
    """The outside systems that count today."""
    return [each for each in systems() if each.counts_on(localdate(now))]


def set_system(
    row: OutsideSystem, *, actor: User | None, now: datetime, seen: str | None = None
) -> OutsideSystem:
    """Let an outside system be what ``row`` says, a new one too; ``seen`` as in ``write_row``.

    One whose program comes in with a key is connected by that. Raises ``Refused`` (``bad_code``,
    ``bad_link``, ``bad_columns``, ``bad_day``, ``taken``) and ``Changed``.
    """
    if row._state.adding and (not CODE.fullmatch(row.pk) or row.pk == NEW):
        message = _("A code begins with a small letter; small letters, digits and _ follow, 20 at most.")
        raise Refused("bad_code", message, field="code")
    if row.valid_until is not None and row.valid_until < row.valid_from:
        raise Refused("bad_day", _("It cannot end before it begins."), field="valid_until")
    check_link(row.link)
    _check_columns(row)
    row.connected = row.connected or row.client_id is not None
    write_row(row, KIND, actor=actor, now=now, seen=seen)
    systems.forget()
    return row


def check_link(link: str) -> None:
    """Whether a deep link may stand on our pages. Raises ``Refused`` (``bad_link``)."""
    if link and not LINK.fullmatch(link):
        message = _("A link begins with https:// and a host; {number} is their number, {matter} is ours.")
        raise Refused("bad_link", message, field="link")


def set_type(
    system: OutsideSystem, name: str, category: Category | None, *, actor: User | None, now: datetime
) -> None:
    """What the system calls ``name`` is ``category`` from now on; None: nothing is said of it any more.

    Leaves one line under the system where it was not so before.
    """
    with transaction.atomic():
        OutsideSystem.objects.select_for_update().get(pk=system.pk)
        row = OutsideType.objects.filter(system=system, name=name).first()
        before = row.category_id if row else None
        if before == (category.pk if category else None):
            return
        if category is None and row is not None:
            row.delete()
        elif category is not None:
            OutsideType.objects.update_or_create(system=system, name=name, defaults={"category": category})
        fields = {"name": name, "before": before, "after": category.pk if category else None}
        record(subject=line_of(KIND, system), action="type", actor=actor, now=now, fields=fields)


def read_ticket(text: str) -> str:
    """A number of theirs without blanks, in plain width. Raises ``Refused`` (``missing``, ``too_long``)."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lstrip("'’")
    if not plain:
        raise Refused("missing", _("Please write the number that it has there."), field="ticket")
    if len(plain) > TICKET_AT_MOST or not plain.isprintable():
        raise Refused("too_long", _("A number has 40 signs at most."), field="ticket")
    return plain


@verb("ticket")
def give_ticket(deed: Deed, system: OutsideSystem, number: str) -> None:
    """Note the number that the matter has in an outside system.

    Raises ``Refused``: ``missing``, ``too_long``, ``no_system`` where the system has ended, ``taken`` where
    the number belongs to a matter already.
    """
    if not system.counts_on(localdate(deed.now)):
        raise Refused("no_system", _("That system is not used any more."), field="system")
    plain = read_ticket(number)
    add_ticket(Ticket(system=system, matter=deed.matter, number=plain, by=deed.actor, at=deed.now))
    deed.matter.search = f"{deed.matter.search} {searched(plain)}"
    deed.fields = {"system": system.pk, "ticket": plain}
    deed.move(deed.before)


def add_ticket(ticket: Ticket) -> None:
    """Keep the row. Raises ``Refused`` (``taken``) where the number belongs to a matter already."""
    try:
        with transaction.atomic():
            ticket.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("taken", _taken(ticket), field="ticket", status=409) from error


@verb("hear_more")
def hear_more(deed: Deed, ticket: Ticket, withheld: bool = False) -> None:
    """The outside system sends its order again, in other words: they are a word more in the story.

    ``withheld``: the caller asks by now that their name is kept.
    """
    deed.fields = {"system": ticket.system_id, "ticket": ticket.number}
    if withheld and not deed.matter.name_withheld:
        deed.matter.name_withheld = deed.fields["withheld"] = True
    deed.move(deed.before)
    deed.tell_post(deed.matter.holder, "matter_commented")


@verb("recall")
def recall(deed: Deed) -> None:
    """Take back what came with a sheet that should not have come: as if nobody had raised it.

    Its numbers there are free again. Raises ``Refused`` (``touched``) once anybody has had a hand in it.
    """
    matter = deed.matter
    lines = Entry.objects.filter(subject=matter.subject)
    if lines.exclude(actor=None, action__in=OF_THE_CLOCK).count() > 1:
        raise Refused("touched", TOUCHED, status=409)
    matter.tickets.all().delete()
    matter.outcome, matter.closed_at, matter.released_at = Outcome.CANCELLED, deed.now, None
    parts.let_go(matter, deed.now)
    watching.let_go(matter, deed.now)
    deed.move(State.WITHDRAWN)
    deed.take_back("matter.raised")
    deed.tell_post(matter.holder, "matter_withdrawn")


def tickets_of(matter: Matter) -> list[Ticket]:
    """The numbers that it has in other systems, the oldest first; no statement where it has none."""
    if not getattr(matter, "is_ticketed", True):
        return []
    rows = list(matter.tickets.select_related("system"))
    for row in rows:
        row.matter = matter
    return rows


def _taken(ticket: Ticket) -> Words:
    own = Ticket.objects.filter(system=ticket.system_id, number=ticket.number, matter=ticket.matter_id)
    if own.exists():
        return _("It has this number already.")
    return _("Another matter has this number there.")


def _check_columns(row: OutsideSystem) -> None:
    for heading, field, fixed in row.columns:
        if field and field not in FIELDS:
            raise Refused("bad_columns", _("There is no such field here."), field="columns")
        if len(heading) > HEADING_AT_MOST or len(fixed) > FIXED_AT_MOST or not heading.strip():
            message = _("A heading has 1 to 40 signs, words that always stand there have 60 at most.")
            raise Refused("bad_columns", message, field="columns")
    fields = [field for _heading, field, _fixed in row.columns if field]
    if len(set(fields)) < len(fields):
        raise Refused("bad_columns", _("Two columns say the same. Leave one of them empty."), field="columns")
