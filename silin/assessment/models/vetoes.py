"""Vetoes: what one grave event leaves of a grade, decided by somebody, for some months, with an appeal."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.assessment.periods import Period
from silin.lib.ids import new_id
from silin.places.models import Place


class VetoQuerySet(models.QuerySet["Veto"]):
    def under(self, place: Place) -> VetoQuerySet:
        """Those of ``place`` and of what lies in it."""
        return self.filter(place__path__gte=place.path, place__path__lt=f"{place.path}a")

    def counting(self, period: Period) -> VetoQuerySet:
        """Those that stand and count for a month of ``period``."""
        first = period.months()[0]
        return self.filter(Veto.STANDS, first_ym__lte=period.last, last_ym__gte=first)

    def in_force(self, on: date) -> VetoQuerySet:
        """Those that stand and are not over on a day, or are still to come."""
        return self.filter(Veto.STANDS, last_ym__gte=ym(on))

    def past(self, on: date) -> VetoQuerySet:
        """Those that are over on a day, were lifted or withdrawn."""
        return self.filter(~Veto.STANDS | Q(last_ym__lt=ym(on)))

    def appealed(self) -> VetoQuerySet:
        """Those with an appeal on which nobody has ruled yet."""
        return self.filter(ruling="", appealed_at__isnull=False)


class Veto(models.Model):
    """An event for which the grade of a place is no better than ``cap`` from one month to another (一票否决).

    ``basis`` quotes the rule by which it was decided. It says nothing about points: totals stay as they are.
    Months are YYYYMM, the last one included. ``ruling`` is what was decided about the appeal; ``withdrawn``
    (without an appeal, by whoever may declare) says that it should not have been declared at all.
    """

    class Cap(models.IntegerChoices):
        BELOW = 1, _("Below the standard")
        STANDARD = 2, _("Up to the standard")

    class Ruling(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        LIFTED = "lifted", _("lifted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class State(models.TextChoices):
        COMES = "comes", _("still to come")
        IN_FORCE = "in_force", _("in force")
        APPEALED = "appealed", _("appeal open")
        UPHELD = "upheld", _("upheld")
        OVER = "over", _("over")
        LIFTED = "lifted", _("lifted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    STANDS = Q(ruling__in=["", "upheld"])
    """What caps: an appeal that nobody has ruled on changes nothing yet."""

    id = models.UUIDField(primary_key=True, default=new_id)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    event = models.TextField()
    happened_on = models.DateField()
    basis = models.TextField()
    cap = models.PositiveSmallIntegerField(choices=Cap.choices)
    first_ym = models.PositiveIntegerField()
    last_ym = models.PositiveIntegerField()
    declared_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    declared_at = models.DateTimeField()
    appeal = models.TextField(blank=True)
    appealed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    appealed_at = models.DateTimeField(null=True)
    ruling = models.CharField(max_length=9, choices=Ruling.choices, blank=True)
    why = models.TextField(blank=True)
    ruled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    ruled_at = models.DateTimeField(null=True)

    objects = VetoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_ym__gte=F("first_ym")), name="assessment_veto_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(cap__in=[1, 2]), name="assessment_veto_caps"),
            models.CheckConstraint(
                condition=Q(ruling__in=["", "withdrawn"]) | Q(appealed_at__isnull=False),
                name="assessment_veto_ruled_on_appeal",
            ),
            models.CheckConstraint(
                condition=~Q(ruling__in=["upheld", "lifted"]) | ~Q(ruled_by=F("declared_by")),
                name="assessment_veto_ruled_by_another",
            ),
        ]
        indexes = [models.Index(fields=["last_ym", "first_ym"], name="assessment_veto_months")]

    def __str__(self) -> str:
        return self.event

    @property
    def subject(self) -> str:
        """What its lines in the history are filed under."""
        return f"veto:{self.pk}"

    @property
    def first(self) -> Period:
        """The first month for which it counts."""
        return Period(self.first_ym // 100, self.first_ym % 100, "month")

    @property
    def last(self) -> Period:
        """The last month for which it counts."""
        return Period(self.last_ym // 100, self.last_ym % 100, "month")

    def state(self, on: date) -> State:
        """How it stands on a day."""
        if self.ruling in (self.Ruling.LIFTED, self.Ruling.WITHDRAWN):
            return self.State(self.ruling)
        if self.last_ym < ym(on):
            return self.State.OVER
        if self.ruling == self.Ruling.UPHELD:
            return self.State.UPHELD
        if self.appealed_at is not None:
            return self.State.APPEALED
        return self.State.COMES if self.first_ym > ym(on) else self.State.IN_FORCE

    @property
    def appeal_is_open(self) -> bool:
        """Whether somebody appealed and nobody has ruled."""
        return self.appealed_at is not None and not self.ruling


def ym(on: date) -> int:
    """The month of a day as YYYYMM."""
    return on.year * 100 + on.month
