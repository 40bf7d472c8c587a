"""Sending what is due: one message, or one digest in the place of many, from whichever loop comes first."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silin.accounts import passwords, tokens
from silin.accounts.models import User
from silin.lib.addresses import outside
from silin.lib.sending import send_sms
from silin.notices import choosing
from silin.notices.kinds import kind_of
from silin.notices.models import Channel, Notice, Rendered

log = logging.getLogger(__name__)

TRIES_AT_MOST = 12
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LEASE = timedelta(minutes=10)
BATCH = 20
PASSED_ON = 200  # so many messages of inboxes in one turn
IN_A_DIGEST = 50
NAMED_IN_SMS = 2
DIGEST = "digest"
"""What the one message in the place of many is called."""


class NoAddress(Exception):
    """The recipient has no number or address for the channel: trying again is no use."""


def send_due(now: datetime) -> None:
    """Send the text messages and e-mails that are due, at most ``BATCH`` (or as many digests) in one turn.

    A notice is claimed by moving its ``next_try``, so that of two loops only one sends it. A process that
    dies between sending and noting it leaves the claim standing, and the notice is sent once more when it
    runs out (``LEASE``): at least once, never silently lost. A failure is tried again after 1, 2, 4 … minutes
    (six hours at most), twelve times in all, then given up and listed. In the quiet hours of the recipient's
    place only what is urgent goes out; the rest waits for the morning. What is due together, or just after
    another message, goes out as one.
    """
    if _due_in_inboxes(now).exists():
        pass_on(now)
    due = Notice.objects.filter(next_try__lte=now).exclude(channel=Channel.INBOX)
    for notice in due.order_by("next_try").select_related("recipient")[:BATCH]:
        if later := choosing.quiet_until(notice, now):
            Notice.objects.filter(pk=notice.pk, next_try=notice.next_try).update(next_try=later)
        elif claimed := _claim(notice, now):
            _try(claimed, now)


@transaction.atomic
def pass_on(now: datetime) -> None:
    """Put what came into inboxes, and is not read yet, on the further ways their people have asked for."""
    due = _due_in_inboxes(now).select_for_update(skip_locked=True, of=("self",))
    notices = list(due.select_related("recipient")[:PASSED_ON])
    if not notices:
        return
    asked = choosing.asked_for({notice.recipient for notice in notices})
    said = _said_already(notices)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(next_try=None)
    Notice.objects.bulk_create(
        _copy(notice, channel, now)
        for notice in notices
        for channel in choosing.CHANNELS
        if notice.read_at is None
        and (notice.recipient_id, kind_of(notice.name).code, channel) in asked
        and (*_deed_of(notice), channel) not in said
    )


def _said_already(notices: Sequence[Notice]) -> set[tuple[object, ...]]:
    """The ways on which the same deed has a message of its own for the person: one is enough there."""
    people = {notice.recipient_id: notice.recipient for notice in notices}
    moments = {notice.created_at for notice in notices}
    rows = Notice.objects.filter(recipient__in=people, created_at__in=moments, channel__in=choosing.CHANNELS)
    chosen = {key: choosing.chosen(people[key]) for key in {row.recipient_id for row in rows}}
    return {
        (*_deed_of(row), Channel(row.channel))
        for row in rows
        if choosing.is_wanted(chosen[row.recipient_id], row.name, row.channel)
    }


def _deed_of(notice: Notice) -> tuple[object, ...]:
    """Whom it told of what and when: the same for all messages of one deed to one person."""
    return notice.recipient_id, notice.created_at, json.dumps(notice.params, sort_keys=True)


def _due_in_inboxes(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(channel=Channel.INBOX, next_try__lte=now).order_by("next_try")


def _copy(notice: Notice, channel: Channel, now: datetime) -> Notice:
    return Notice(
        recipient=notice.recipient,
        name=notice.name,
        params=notice.params,
        link=notice.link,
        channel=channel,
        created_at=notice.created_at,
        send_after=notice.send_after,
        next_try=now,
    )


def _claim(notice: Notice, now: datetime) -> list[Notice]:
    """``notice``, with all that is due to the same person on the same way; nothing where another loop was
    first, where it is not wanted, or where it has to gather with others."""
    if choosing.goes_alone(notice.name):
        return _claim_alone(notice, now)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=notice.recipient_id)
        mine = Notice.objects.filter(recipient=notice.recipient, channel=notice.channel, next_try__lte=now)
        due = [each for each in mine.order_by("pk")[:IN_A_DIGEST] if not choosing.goes_alone(each.name)]
        rows = choosing.chosen(notice.recipient)
        wanted = [each for each in due if choosing.is_wanted(rows, each.name, each.channel)]
        _wait(due, wanted, None)
        if wanted and (later := choosing.gathered_until(notice.recipient, notice.channel, now)):
            _wait(wanted, [], later)
            return []
        _take(wanted, now)
    for each in wanted:
        each.recipient = notice.recipient
    return wanted


def _claim_alone(notice: Notice, now: datetime) -> list[Notice]:
    required = choosing.is_required(notice.name)
    if required or choosing.is_wanted(choosing.chosen(notice.recipient), notice.name, notice.channel):
        return [notice] if _take([notice], now) else []
    _wait([notice], [], None)
    return []


def _wait(notices: Sequence[Notice], but: Sequence[Notice], until: datetime | None) -> None:
    kept = {notice.pk for notice in but}
    keys = [notice.pk for notice in notices if notice.pk not in kept]
    if keys:
        Notice.objects.filter(pk__in=keys).update(next_try=until)


def _take(notices: Sequence[Notice], now: datetime) -> int:
    """One conditional UPDATE for each moment: what was claimed meanwhile is not claimed again."""
    taken = 0
    for notice in notices:
        seen = Notice.objects.filter(pk=notice.pk, next_try=notice.next_try)
        notice.tries += 1
        taken += seen.update(next_try=now + LEASE, tries=F("tries") + 1)
    return taken


def _try(notices: Sequence[Notice], now: datetime) -> None:
    """Send them as one; one whose words cannot be said does not hold the others back."""
    said: list[tuple[Notice, Rendered]] = []
    for notice in notices:
        try:
            said.append((notice, notice.render()))
        except Exception as error:
            _failed(notice, error, now)
    try:
        if said:
            _send(said, now)
    except Exception as error:
        for notice, _words in said:
            _failed(notice, error, now)
    else:
        for notice, _words in said:
            notice.sent_at, notice.next_try, notice.last_error = now, None, ""
    for notice in notices:
        notice.save(update_fields=["sent_at", "next_try", "last_error", "given_up_at"])


def _send(said: Sequence[tuple[Notice, Rendered]], now: datetime) -> None:
    notice, words = said[0]
    person = notice.recipient
    address = person.phone if notice.channel == Channel.SMS else person.email
    if not address or not person.is_active:
        raise NoAddress
    if len(said) > 1:
        _send_digest(address, said)
        return
    link = full_link(tokens.filled(passwords.with_secret(notice.link, person, now), now))
    if notice.channel == Channel.SMS:
        stop = "" if choosing.is_required(notice.name) else full_link(_stop(notice))
        params = {**notice.params, "link": link, "stop": stop}
        send_sms(address, in_lines(words.subject, words.body, link), name=notice.name, params=params)
    else:
        _mail(address, words.subject, in_lines(words.body, link), [notice])


def _send_digest(address: str, said: Sequence[tuple[Notice, Rendered]]) -> None:
    """One message in the place of many: how many there are, the first of them, where all of them stand."""
    notice, count, inbox = said[0][0], len(said), full_link("/notices/")
    with translation.override(notice.recipient.language):
        subject = how_many(count)
        more = _("%(n)s further ones wait") % {"n": count - NAMED_IN_SMS}
    if notice.channel == Channel.SMS:
        named = [words.subject for _notice, words in said[:NAMED_IN_SMS]]
        text = in_lines(subject, *named, more if count > NAMED_IN_SMS else "", inbox)
        send_sms(address, text, name=DIGEST, params={"count": count, "link": inbox})
    else:
        parts = [in_lines(words.subject, words.body, full_link(each.link)) for each, words in said]
        _mail(address, subject, "\n\n".join([*parts, inbox]), [each for each, _words in said])


def how_many(count: int, shown: str = "") -> str:
    """The first line of a digest; ``shown`` stands for the number where only its place matters."""
    return ngettext("%(n)s new message", "%(n)s new messages", count) % {"n": shown or count}


def _mail(address: str, subject: str, body: str, notices: Sequence[Notice]) -> None:
    """An e-mail says how each kind in it is stopped; mailboxes show a button of their own for the first."""
    kinds = {kind_of(each.name).code: each for each in notices if not choosing.is_required(each.name)}
    headers = {}
    if kinds:
        first = full_link(_stop(next(iter(kinds.values()))))
        headers = {"List-Unsubscribe": f"<{first}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    body = in_lines(body, *(_farewell(each) for each in kinds.values()))
    EmailMessage(subject, body, None, [address], headers=headers).send()


def _farewell(notice: Notice) -> str:
    with translation.override(notice.recipient.language):
        words = {"kind": kind_of(notice.name).title, "link": full_link(_stop(notice))}
        return _("No more e-mails about “%(kind)s”: %(link)s") % words


def _stop(notice: Notice) -> str:
    return choosing.stop_link(notice.recipient, notice.channel, kind_of(notice.name).code)


def in_lines(*parts: str) -> str:
    """The parts that say something, each on its line."""
    return "\n".join(part for part in parts if part)


def full_link(link: str) -> str:
    """A link outside the pages names the host."""
    return outside(link) if link.startswith("/") else link


def _failed(notice: Notice, error: Exception, now: datetime) -> None:
    notice.last_error = _without_address(f"{type(error).__name__}: {error}", notice.recipient)[:300]
    if notice.tries >= TRIES_AT_MOST or isinstance(error, NoAddress):
        notice.given_up_at, notice.next_try = now, None
    else:
        notice.next_try = now + min(FIRST_WAIT * 2 ** (notice.tries - 1), LONGEST_WAIT)
    log.warning("notice %s was not sent (try %s): %s", notice.pk, notice.tries, notice.last_error)


def _without_address(text: str, person: User) -> str:
    """Gateways like to repeat the number or address they could not reach; it is not ours to keep or log."""
    for address in (person.phone, person.email):
        if address:
            text = text.replace(address, "…")
    return text
