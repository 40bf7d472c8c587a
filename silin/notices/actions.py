"""Queueing messages with the deed they tell of, and reading them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.template import Engine
from django.utils import timezone

from silin.accounts.models import User
from silin.notices.models import Channel, Notice


@dataclass(frozen=True)
class Message:
    """One message to queue: the name of its template, and what the template needs.

    A ``link`` may have a blank for a secret, drawn when the message goes out (``accounts.passwords``,
    ``accounts.tokens.blank``).
    ``params`` are values that JSON can say; say numbers, titles and places in them, not phone numbers.
    ``send_after`` keeps it back until then (a desk has ten seconds to take a dispatch back).
    """

    name: str
    recipient: User
    params: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    channel: str = Channel.INBOX
    send_after: datetime | None = None


def queue(messages: Sequence[Message], *, now: datetime | None = None) -> list[int]:
    """Put ``messages`` in the queue, in the transaction of the deed they tell of, with one INSERT.

    A system is told nothing: it reads the feed, or has a webhook.

    ``now`` is the moment of the deed (the present one when left out). Gives the keys of the rows.
    Raises ``TemplateDoesNotExist`` when no room has words for a name, ``ValueError`` for an unknown channel.
    """
    moment = now or timezone.now()
    for name in {message.name for message in messages}:
        Engine.get_default().get_template(f"notices/{name}.txt")
    rows = Notice.objects.bulk_create(
        [_notice(message, moment) for message in messages if not message.recipient.is_system]
    )
    return [row.pk for row in rows]


def take_back(ids: Sequence[int], *, now: datetime) -> bool:
    """Drop messages that were kept back and that nobody has seen; in the transaction of whoever undoes.

    False where one has gone out, been passed on or been seen: then the caller has to undo nothing.
    """
    nowhere = Q(recipient__email=None) | Q(recipient__email="")
    waits = Q(next_try=F("send_after")) | Q(nowhere, next_try=None, recipient__phone_hash=None)
    rows = Notice.objects.filter(waits, pk__in=ids, send_after__gt=now, tries=0, read_at=None)
    found = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    Notice.objects.filter(pk__in=found).delete()
    return len(found) == len(ids)


def try_again(ids: Sequence[int], *, now: datetime) -> int:
    """Put what was given up back into the queue with all its tries; gives how many that were."""
    given_up = Notice.objects.filter(pk__in=ids, given_up_at__isnull=False)
    return given_up.update(next_try=now, given_up_at=None, tries=0)


def mark_read(user: User, notice_id: int, *, now: datetime | None = None) -> bool:
    """The person has read a notice of theirs; False when there is none of that id or it was read already."""
    unread = Notice.objects.filter(recipient=user, channel=Channel.INBOX, pk=notice_id, read_at__isnull=True)
    return unread.update(read_at=now or timezone.now()) == 1


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
        next_try=None if channel == Channel.INBOX and not _has_ways(message.recipient) else send_after,
    )


def _has_ways(user: User) -> bool:
    """Whether somebody may have asked to get by text message or e-mail what comes into the inbox."""
    return bool(user.phone_hash or user.email)
