"""Who else a matter concerns: those who follow it or met it too, and the matters it belongs together with."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from silin.lib.ids import new_id
from silin.lib.personal import CONSENT, THE_PERSON, Held, PersonalWordsField
from silin.matters.models.matter import Matter
from silin.matters.models.states import OF_RAISER


class FollowerQuerySet(models.QuerySet["Follower"]):
    def who_met_it(self) -> FollowerQuerySet:
        """Those who met it too, the first first."""
        return self.filter(me_too=True)


class Follower(models.Model):
    """Somebody who follows a matter (关注); with ``me_too`` they met the same thing (我也遇到).

    ``came_with`` is the matter that they raised or followed before it was merged into this one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="followers", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    me_too = models.BooleanField(default=False)
    words = PersonalWordsField(title=_("What you said about a matter of others"), blank=True, **OF_RAISER)
    at = models.DateTimeField()
    came_with = models.ForeignKey(Matter, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    held = Held(
        title=_("Matters you follow"),
        about="user",
        ends="at",
        whole=True,
        purpose=gettext_noop("so that you hear how it goes on"),
        basis=CONSENT,
        owner=THE_PERSON,
        keep_days=3 * 365,
    )
    objects = FollowerQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["matter", "user"], name="matters_follower_once")]

    def __str__(self) -> str:
        return str(self.matter)


class Link(models.Model):
    """Two matters that belong together; an ended one was taken back.

    ``duplicate``: ``matter`` is the same as ``other``, which goes on; ``split``: ``other`` was parted off
    ``matter``; ``related``: whoever works on one should know of the other.
    """

    class What(models.TextChoices):
        DUPLICATE = "duplicate", _("the same as")
        SPLIT = "split", _("parted off")
        RELATED = "related", _("belongs together with")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    what = models.CharField(max_length=9, choices=What.choices)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="links_back")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Link]] = models.Manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"],
                condition=Q(what="duplicate", ended_at=None),
                name="matters_link_one_duplicate",
            ),
            models.UniqueConstraint(
                fields=["matter", "other", "what"], condition=Q(ended_at=None), name="matters_link_once"
            ),
        ]
