"""The watch list (重点关注): matters that a desk or somebody who oversees a place keeps in sight."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.lib.ids import new_id
from silin.matters.models.matter import Matter
from silin.people.models import Post


class WatchEntry(models.Model):
    """A matter on the watch list: by which post, why, since when; taken off when, by whom and why.

    A matter stays on it when it is closed: whoever put it on decides when it may leave their sight.
    """

    class Reason(models.TextChoices):
        DANGER = "danger", _("somebody could come to harm")
        MANY = "many", _("it concerns many people")
        AGAIN = "again", _("it keeps coming back")
        STUCK = "stuck", _("it does not get on")
        OTHER = "other", _("another reason")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="watch_entries")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=6, choices=Reason.choices)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_words = models.TextField(blank=True)

    class Meta:
        ordering = ["at"]
        indexes = [
            models.Index(fields=["-at", "-id"], condition=Q(ended_at=None), name="matters_watched_now")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at=None), name="matters_watch_entry_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return str(self.matter)
