"""A rectification beside its matter: what falls short, who set it, what the owner does about it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.matters.models import Matter, MatterQuerySet, State
from silin.people.models import Post
from silin.places.models import Place


class RectificationQuerySet(models.QuerySet["Rectification"]):
    def of(self, reference: str, unit: Place) -> RectificationQuerySet:
        """What was ever raised about a reference in a unit."""
        return self.filter(reference=reference, unit=unit)

    def seen_by(self, user: User) -> MatterQuerySet:
        """The matters of this kind that ``user`` may open."""
        return Matter.objects.seen_by(user).filter(rectification__isnull=False)


class Rectification(models.Model):
    """What lies beside a matter of this kind.

    ``reference`` says in a code of others what falls short (an indicator), ``group`` under which heading of
    theirs it is counted; this room asks neither. ``setter`` set the task and alone strikes it off.
    ``own_number`` is that of a list of the year, ``listed`` its line as it was set. ``fell`` counts how often
    a look back found it worse again.
    """

    class Check(models.TextChoices):
        SPOT = "spot", _("on the spot")
        FILE = "file", _("on file")

    class Look(models.TextChoices):
        HELD = "held", _("it has held")
        FELL_BACK = "fell_back", _("it fell back")

    matter = models.OneToOneField(
        Matter, on_delete=models.PROTECT, primary_key=True, related_name="rectification"
    )
    unit = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=24, blank=True)
    group = models.CharField(max_length=24, blank=True)
    period = models.CharField(max_length=7, blank=True)
    measured = models.CharField(max_length=60, blank=True)
    target = models.CharField(max_length=60, blank=True)
    own_number = models.CharField(max_length=24, blank=True)
    listed = models.JSONField(default=dict, blank=True)
    deadline = models.DateField()
    setter = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    self_reported = models.BooleanField(default=False)

    measure = models.TextField(blank=True)
    in_charge = models.CharField(max_length=40, blank=True)
    done_by = models.DateField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    check_how = models.CharField(max_length=4, choices=Check.choices, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    look = models.CharField(max_length=9, choices=Look.choices, blank=True)
    measured_again = models.CharField(max_length=60, blank=True)
    fell = models.PositiveSmallIntegerField(default=0)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "reference", "period"], condition=~Q(reference=""), name="rectification_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "own_number"], condition=~Q(own_number=""), name="rectification_own_number"
            ),
        ]

    def __str__(self) -> str:
        return str(self.matter)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing has happened to it since it was set."""
        return self.matter.version == 1 and self.matter.state == State.ASSIGNED

    def look_is_late(self, now: datetime) -> bool:
        """Whether the day on which somebody should look back has passed."""
        day = self.matter.look_back_on
        return day is not None and day < now.astimezone().date()
