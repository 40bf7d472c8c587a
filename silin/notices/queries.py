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


def unread_count(user: User, now: datetime | None = None) -> int:
    """How many notices in the inbox of ``user`` were not read yet."""
    return inbox_of(user, now).filter(read_at__isnull=True).order_by().count()


def given_up() -> QuerySet[Notice]:
    """Messages that could not be sent after all tries, newest first: somebody has to telephone."""
    return (
        Notice.objects.filter(given_up_at__isnull=False).select_related("recipient").order_by("-given_up_at")
    )
