"""A dispute beside its matter: how grave it is, who quarrels, when they met with whom, what they agreed."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from silin.lib.ids import new_id
from silin.lib.personal import Held, PersonalWordsField
from silin.matters.models import BY_RESIDENTS, OF_RAISER, Matter
from silin.people.models import Post, Team
from silin.places.levels import Level


class Risk(models.TextChoices):
    """How grave a dispute is (红黄绿)."""

    GREEN = "green", _("green: talk helps")
    YELLOW = "yellow", _("yellow: may get worse")
    RED = "red", _("red: somebody may come to harm")


ORDER = [Risk.GREEN, Risk.YELLOW, Risk.RED]


class RiskRule(models.Model):
    """Which level leads a dispute of a risk and how often it is looked at: a row the city changes."""

    risk = models.CharField(max_length=6, choices=Risk.choices, primary_key=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    look_days = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return str(self.get_risk_display())


class Dispute(models.Model):
    """What lies beside a matter of this kind. ``next_look`` is when the level that leads looks again."""

    class Way(models.TextChoices):
        SPOKEN = "spoken", _("by word of mouth")
        WRITTEN = "written", _("in writing")

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="dispute")
    risk = models.CharField(max_length=6, choices=Risk.choices, default=Risk.GREEN)
    parties = PersonalWordsField(title=_("Who quarrels"), blank=True, **OF_RAISER)
    next_look = models.DateTimeField(null=True, blank=True)
    way = models.CharField(max_length=7, choices=Way.choices, blank=True)
    terms = PersonalWordsField(title=_("What was agreed"), blank=True, **OF_RAISER)
    settled_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    confirm_by = models.DateField(null=True, blank=True)
    confirm_told_at = models.DateTimeField(null=True, blank=True)
    visit_on = models.DateField(null=True, blank=True)
    visit_told_at = models.DateTimeField(null=True, blank=True)
    visited_at = models.DateTimeField(null=True, blank=True)

    held = Held(
        title=_("Disputes you raised"),
        about="matter__raiser",
        ends="matter__closed_at",
        only=models.Q(matter__channel__in=BY_RESIDENTS),
        stays=_("The risk and the times, without names and words."),
    )

    def __str__(self) -> str:
        return str(self.matter)

    @property
    def waits_for_scan(self) -> bool:
        """Whether an agreement in writing has still to come back with signatures and seal."""
        return self.way == self.Way.WRITTEN and self.filed_at is None


class Meeting(models.Model):
    """A meeting at which somebody mediates (调解)."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("they agreed")
        AGAIN = "again", _("another time")
        FAILED = "failed", _("no agreement")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="meetings")
    at = models.DateTimeField()
    where = models.CharField(max_length=60)
    mediators = models.ManyToManyField(Post, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=6, choices=Outcome.choices, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=models.Q(outcome=""), name="dispute_meeting_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.where

    @property
    def is_held(self) -> bool:
        return self.held_at is not None


def is_due(moment: datetime | None, now: datetime) -> bool:
    """Whether a moment has come."""
    return moment is not None and moment <= now
