"""The book of deeds: who did what to which subject, when. Lines are added and never changed."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.canonical import digest
from silin.lib.personal import CONSENT, THE_PERSON, Held
from silin.lib.settling import Reach


class Entry(models.Model):
    """One deed on one subject (``matter:<id>``, ``place:<code>`` …), chained to the line before it.

    ``fields`` carries what changed as codes and numbers, never personal data: it cannot be removed later.
    """

    append_only = True

    subject = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=80, blank=True)
    action = models.CharField(max_length=40)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    client_id = models.UUIDField(null=True, blank=True)
    words_hash = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Entry]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "seq"], name="history_entry_once")]

    def __str__(self) -> str:
        return f"{self.subject} {self.seq} {self.action}"

    @property
    def text(self) -> str:
        """The words said with the deed; empty when there were none or they were removed."""
        return self.words.text if hasattr(self, "words") else ""

    def own_hash(self) -> str:
        """The hash this line ought to bear: over everything in it and the hash of the line before."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = [self.subject, self.seq, at, self.actor_id, self.post, self.action, self.before, self.after]
        return digest([*said, self.fields, self.client_id, self.words_hash, self.prev_hash])


class Words(models.Model):
    """What was said with a deed. It lies beside the line, so that it can go without breaking the chain."""

    held = Held(
        title=_("What you wrote with your deeds"),
        about="entry__actor",
        only=Q(entry__post=""),
        whole=True,
        purpose=gettext_noop("whoever handles a matter reads what was said about it"),
        basis=CONSENT,
        owner=THE_PERSON,
        stays=_("That there was a deed, when and of which sort; not your words."),
    )
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="words")
    salt = models.CharField(max_length=32)
    text = models.TextField()

    class Meta:
        verbose_name_plural = "words"

    def __str__(self) -> str:
        return self.text

    def own_hash(self) -> str:
        """Salted, so that the words cannot be guessed from the hash once salt and words are gone."""
        return hashlib.sha256(f"{self.salt}{self.text}".encode()).hexdigest()


class Seal(models.Model):
    """The lines written since the seal before, counted and hashed: a chain does not notice a cut end.

    ``digest`` covers every line with ``id`` up to ``up_to`` that no earlier seal covers (the newest line of
    each subject among them) and the digest of the seal before: the newest one vouches for the whole book.
    """

    append_only = True

    day = models.DateField(unique=True)
    up_to = models.BigIntegerField()
    entries = models.PositiveIntegerField()
    heads = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    prev_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.day} {self.digest}"


class Settled(Reach):
    """How far the book of deeds is settled on PostgreSQL. One row; see ``silin.history.settled``."""

    objects: ClassVar[models.Manager[Settled]] = models.Manager()

    class Meta:
        verbose_name_plural = "settled"
