"""The inbox of a person, and what could not be sent."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from silin.accounts.models import User
from silin.notices.models import Channel, Notice


def inbox_of(user: User, now: datetime | None = None) -> QuerySet[Notice]:
    """What ``user`` may see by ``now`` (the present moment when left out), newest first: page it by ``-id``.

    ``notice.render()`` costs no further query.
    """
    mine = Notice.objects.filter(recipient=user, channel=Channel.INBOX, send_after__lte=now or timezone.now())
    return mine.select_related("recipient").order_by("-id")


def given_up(since: datetime) -> QuerySet[Notice]:
    """Messages that could not be sent after all tries, newest first: somebody has to telephone."""
    return Notice.objects.filter(given_up_at__gte=since).order_by("-given_up_at")
