"""What a client sent under its own id, and what it was answered."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.personal import CONSENT, THE_PERSON, Held


class Receipt(models.Model):
    """The first answer to one client id. What was sent is kept only as a hash."""

    client_id = models.UUIDField(primary_key=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    action = models.CharField(max_length=40)
    payload_hash = models.CharField(max_length=64)
    answer = models.JSONField(encoder=DjangoJSONEncoder)
    at = models.DateTimeField()

    held = Held(
        title=_("Receipts of what this device sent"),
        about="actor",
        ends="at",
        keep_days=180,
        whole=True,
        purpose=gettext_noop("what is sent twice is done once"),
        basis=CONSENT,
        owner=THE_PERSON,
    )
    objects: ClassVar[models.Manager[Receipt]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.action} {self.client_id}"
