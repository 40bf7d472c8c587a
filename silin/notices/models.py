"""Messages: shown in the person's inbox, or waiting to be sent by text message or e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.personal import CONSENT, THE_PERSON, Held
from silin.lib.refusal import Words
from silin.notices.reasons import reason_of


class Channel(models.TextChoices):
    INBOX = "inbox"
    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True)
class Rendered:
    """A notice in words."""

    subject: str
    body: str


class Notice(models.Model):
    """One message to one person on one channel, put into words only when it is shown or sent.

    ``send_after`` is when it may be seen or sent; ``next_try`` is when the jobs loop looks at it next (empty
    once sent, passed on from the inbox, or given up).
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    name = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    link = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.INBOX)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    held = Held(
        title=_("Messages to you"),
        about="recipient",
        ends="created_at",
        keep_days=365,
        whole=True,
        purpose=gettext_noop("telling you what happened to your matters"),
        basis=CONSENT,
        owner=THE_PERSON,
    )
    objects: ClassVar[models.Manager[Notice]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "channel", "-id"], name="notices_inbox"),
            models.Index(
                fields=["recipient", "channel"], condition=Q(read_at__isnull=True), name="notices_unread"
            ),
            models.Index(fields=["next_try"], condition=Q(next_try__isnull=False), name="notices_due"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.channel}"

    @property
    def why(self) -> Words:
        """Why it did not go out, in plain words."""
        return reason_of(self.last_error)

    def render(self, language: str = "") -> Rendered:
        """Its words in ``language`` (the recipient's own when empty), from ``notices/<name>.txt``.

        The first line of the template is the subject, the rest the body. The link is no part of the words:
        a page makes the row a link, a message puts it at the end. Raises ``TemplateDoesNotExist``.
        """
        with translation.override(language or self.recipient.language):
            template = Engine.get_default().get_template(f"notices/{self.name}.txt")
            text = template.render(Context(self.params, autoescape=False))
        subject, _end, body = text.strip().partition("\n")
        return Rendered(subject.strip(), body.strip())


class ChosenChannel(models.Model):
    """What a person has said about one kind of notices (empty: all that are not urgent) on one channel.

    No row: it comes as its room sends it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    kind = models.CharField(max_length=30, blank=True, default="")
    wanted = models.BooleanField(default=False)
    chosen_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ChosenChannel]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "channel", "kind"], name="notices_chosen_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.channel}"


class SmsTemplate(models.Model):
    """Under which number the carrier knows a text, and the names of its blanks: carriers in China ask that.

    ``name`` is that of the notice, or ``sign_in_code``; ``blanks`` are names of its parameters in the order
    in which the carrier wants them.
    """

    name = models.CharField(max_length=60, primary_key=True)
    number = models.CharField(max_length=60)
    blanks = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager[SmsTemplate]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.name} = {self.number}"
