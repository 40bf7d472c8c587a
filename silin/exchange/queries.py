"""Which addresses there are, and who may have one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from silin.accounts.models import Client, User
from silin.exchange.actions import EDIT, FEED
from silin.exchange.models import Webhook
from silin.lib.refusal import NotFound


def webhooks_for(user: User) -> QuerySet[Webhook]:
    """All addresses, for whoever looks after the system; nobody else sees any. With how much waits there."""
    waits = Q(deliveries__sent_at=None, deliveries__left_out_at=None, deliveries__isnull=False)
    rows = Webhook.objects.select_related("client__user").annotate(waiting=Count("deliveries", filter=waits))
    return rows.order_by("-made_at", "-pk") if user.has_perm(EDIT) else rows.none()


def webhook_for(user: User, key: UUID) -> Webhook:
    """One address. Raises ``NotFound`` for whoever does not look after the system."""
    found = webhooks_for(user).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def clients_to_tell() -> list[Client]:
    """The systems whose key lets them hear what happens."""
    rows = Client.objects.filter(ended_at=None).select_related("user").order_by("user__name", "pk")
    return [each for each in rows if each.may(FEED)]
