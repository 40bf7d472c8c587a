"""Reading on in the book of deeds: what is new for whom, as messages that wait to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from silin.exchange.events import body_of, event_of
from silin.exchange.models import Delivery, Webhook
from silin.history.models import Entry
from silin.history.settled import since
from silin.matters.happenings import TOLD, known_to

LINES = 500
"""So many lines are looked at in one turn for one address."""


def gather(now: datetime) -> int:
    """Write down what each address is to be told; how many messages that are.

    Bookmark and messages are written in one transaction, and only where the bookmark stands where it was
    read: of two loops one writes, and a kill in the middle leaves nothing done and nothing left out.
    """
    return sum(
        _gather_for(webhook, now) for webhook in Webhook.objects.at_work(now).select_related("client__user")
    )


def _gather_for(webhook: Webhook, now: datetime) -> int:
    lines = since(webhook.bookmark, at_most=LINES)
    if not lines:
        return 0
    messages = _messages(webhook, lines, now)
    with transaction.atomic():
        same = Webhook.objects.filter(pk=webhook.pk, bookmark=webhook.bookmark, paused_at=None)
        if not same.update(bookmark=lines[-1].pk):
            return 0
        Delivery.objects.bulk_create(messages)
        if messages:
            Webhook.objects.filter(pk=webhook.pk, next_try=None).update(next_try=now)
    return len(messages)


def _messages(webhook: Webhook, lines: Sequence[Entry], now: datetime) -> list[Delivery]:
    """For the lines it wants and whose matter it may see; not for what it did itself."""
    account, wanted = webhook.client.user, webhook.actions or TOLD
    return [
        Delivery(
            webhook=webhook,
            line=line.pk,
            event=event_of(line),
            number=matter.number,
            body=body_of(line, matter),
            made_at=now,
        )
        for line, matter in known_to(account, lines)
        if line.action in wanted and line.actor_id != account.pk
    ]
