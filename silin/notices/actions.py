"""Queueing messages with the deed they tell of, sending them later, and reading them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.template import Engine
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from silin.accounts import passwords
from silin.accounts.models import User
from silin.lib.sending import send_sms
from silin.notices import choosing
from silin.notices.models import Channel, Notice

log = logging.getLogger(__name__)

TRIES_AT_MOST = 12
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LEASE = timedelta(minutes=10)
BATCH = 20


class NoAddress(Exception):
    """The recipient has no number or address for the channel: trying again is no use."""


@dataclass(frozen=True)
class Message:
    """One message to queue: the name of its template, and what the template needs.

    A ``link`` may have a blank for a secret, drawn when the message goes out (``accounts.passwords``).
    ``params`` are values that JSON can say; say numbers, titles and places in them, not phone numbers.
    ``send_after`` keeps it back until then (a desk has ten seconds to take a dispatch back).
    """

    name: str
    recipient: User
    params: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    channel: str = Channel.INBOX
    send_after: datetime | None = None


def queue(messages: Sequence[Message], *, now: datetime | None = None) -> None:
    """Put ``messages`` in the queue, in the transaction of the deed they tell of, with one INSERT.

    ``now`` is the moment of the deed (the present one when left out). Raises ``TemplateDoesNotExist`` when no
    room has words for a name and ``ValueError`` for an unknown channel.
    """
    moment = now or timezone.now()
    for name in {message.name for message in messages}:
        Engine.get_default().get_template(f"notices/{name}.txt")
    Notice.objects.bulk_create([_notice(message, moment) for message in messages])


def try_again(ids: Sequence[int], *, now: datetime) -> int:
    """Put what was given up back into the queue with all its tries; gives how many that were."""
    given_up = Notice.objects.filter(pk__in=ids, given_up_at__isnull=False)
    return given_up.update(next_try=now, given_up_at=None, tries=0)


def mark_read(user: User, notice_id: int, *, now: datetime | None = None) -> bool:
    """The person has read a notice of theirs; False when there is none of that id or it was read already."""
    unread = Notice.objects.filter(recipient=user, channel=Channel.INBOX, pk=notice_id, read_at__isnull=True)
    return unread.update(read_at=now or timezone.now()) == 1


def send_due(now: datetime) -> None:
    """Send the text messages and e-mails that are due, at most ``BATCH`` in one turn.

    A notice is claimed by moving its ``next_try`` from the value that was seen, so that of two loops only one
    sends it. A process that dies between sending and noting it leaves the claim standing, and the notice is
    sent once more when the claim runs out (``LEASE``): at least once, never silently lost. A failure is tried
    again after 1, 2, 4 … minutes (six hours at most), twelve times in all, then given up and listed. In the
    quiet hours of the recipient's place only what is required goes out; the rest waits for the morning.
    """
    due = Notice.objects.filter(next_try__lte=now).order_by("next_try").select_related("recipient")
    for notice in due[:BATCH]:
        if later := choosing.quiet_until(notice, now):
            Notice.objects.filter(pk=notice.pk, next_try=notice.next_try).update(next_try=later)
        elif _claim(notice, now):
            _try(notice, now)


def _notice(message: Message, now: datetime) -> Notice:
    channel = Channel(message.channel)
    send_after = message.send_after or now
    return Notice(
        recipient=message.recipient,
        name=message.name,
        params=dict(message.params),
        link=message.link,
        channel=channel,
        created_at=now,
        send_after=send_after,
        next_try=None if channel == Channel.INBOX else send_after,
    )


def _claim(notice: Notice, now: datetime) -> bool:
    seen = Notice.objects.filter(pk=notice.pk, next_try=notice.next_try)
    notice.tries += 1
    return seen.update(next_try=now + LEASE, tries=F("tries") + 1) == 1


def _try(notice: Notice, now: datetime) -> None:
    try:
        if not choosing.is_stopped(notice):
            _send(notice, now)
            notice.sent_at = now
    except Exception as error:
        _failed(notice, error, now)
    else:
        notice.next_try, notice.last_error = None, ""
    notice.save(update_fields=["sent_at", "next_try", "last_error", "given_up_at"])


def _send(notice: Notice, now: datetime) -> None:
    person = notice.recipient
    address = person.phone if notice.channel == Channel.SMS else person.email
    if not address or not person.is_active:
        raise NoAddress
    words = notice.render()
    link = _full(passwords.with_secret(notice.link, person, now))
    if notice.channel == Channel.SMS:
        text = _lines(words.subject, words.body, link)
        send_sms(address, text, name=notice.name, params={**notice.params, "link": link})
    else:
        send_mail(words.subject, _lines(words.body, link, _farewell(notice)), None, [address])


def _farewell(notice: Notice) -> str:
    if choosing.is_required(notice.name):
        return ""
    with translation.override(notice.recipient.language):
        return _("No more e-mails: %(link)s") % {"link": _full(choosing.stop_link(notice.recipient))}


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _full(link: str) -> str:
    """A link outside the pages names the host: the first origin that the operator trusts."""
    origins = settings.CSRF_TRUSTED_ORIGINS
    return f"{origins[0].rstrip('/')}{link}" if link.startswith("/") and origins else link


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
