"""Where systems are told at once, and what they were told."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import Client
from silin.lib.ids import new_id
from silin.lib.keyring import decrypt, encrypt
from silin.lib.personal import ClosedTextField
from silin.lib.refusal import Words
from silin.matters.happenings import TOLD


class Pause(models.TextChoices):
    """Why nothing is sent any more."""

    BY_HAND = "by_hand", _("somebody stopped it")
    FAILING = "failing", _("nobody answered there for three days")
    GONE = "gone", _("the system says that there is nobody any more")


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def at_work(self, now: datetime) -> WebhookQuerySet:
        """Those that are not stopped and whose client may still come in."""
        day = localdate(now)
        lasts = Q(client__valid_until=None) | Q(client__valid_until__gt=day)
        return self.filter(lasts, paused_at=None, client__ended_at=None, client__user__is_active=True)


class Webhook(models.Model):
    """An address at which a client is told what happens to the matters it may see (推送地址).

    ``actions`` are the deeds it wants to hear of, none for all. ``bookmark`` is the last line of the book of
    deeds that was looked at. The ``secret`` with which each message is signed lies here encrypted.
    ``next_try`` is when the next message is due, None while nothing waits; ``tries`` counts failures in a
    row and ``failing_since`` says when they began.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    closed_secret = ClosedTextField()
    actions = models.JSONField(default=list)
    bookmark = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    next_try = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause = models.CharField(max_length=8, choices=Pause, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_try"], name="exchange_webhook_due")]

    def __str__(self) -> str:
        return f"{self.client} {self.url}"

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"webhook:{self.pk}"

    @property
    def secret(self) -> str:
        """With what messages to it are signed."""
        return decrypt(self.closed_secret)

    @secret.setter
    def secret(self, secret: str) -> None:
        self.closed_secret = encrypt(secret)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        """What is neither sent nor left out."""
        return self.filter(sent_at=None, left_out_at=None)


class Delivery(models.Model):
    """One message to a webhook, and how it went (推送记录): at least once, in the order of the deeds.

    ``line`` is the line of the book of deeds it tells of, None for one that only tries the address. ``body``
    is what is sent, word for word; it holds no personal data. ``status`` is what the system answered last,
    ``told`` what went wrong where it answered nothing. Somebody may leave one out that is never taken.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    line = models.BigIntegerField(null=True)
    event = models.CharField(max_length=60)
    number = models.CharField(max_length=20, blank=True)
    body = models.TextField()
    made_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    left_out_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    told = models.CharField(max_length=60, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "line"], name="exchange_told_once")]
        indexes = [
            models.Index(
                fields=["webhook", "id"],
                condition=Q(sent_at=None, left_out_at=None),
                name="exchange_delivery_wait",
            ),
            models.Index(fields=["made_at"], name="exchange_delivery_old"),
        ]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.event} {self.number}".strip()

    @property
    def title(self) -> Words:
        """The deed it tells of, in the words of the story."""
        return TOLD.get(self.event.partition(".")[2], _("a try"))
