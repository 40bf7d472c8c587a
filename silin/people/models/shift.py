"""Rosters: when a seat is on duty."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silin.people.models.post import Post


class ShiftQuerySet(models.QuerySet["Shift"]):
    def of_days(self, first: date, last: date) -> ShiftQuerySet:
        """What says something about the days from ``first`` to ``last``."""
        weekly = Q(day=None, valid_from__lte=last) & (Q(valid_until=None) | Q(valid_until__gt=first))
        return self.filter(weekly | Q(day__gte=first, day__lte=last))


class Shift(models.Model):
    """A seat is on duty from a time to a time: every week on a weekday, or on one ``day`` instead of that.

    ``ends`` at or before ``starts`` is on the next day. A row of a day without times says that the seat is
    away all that day.
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(choices=Weekday, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    weekday__isnull=False,
                    day=None,
                    starts__isnull=False,
                    ends__isnull=False,
                    valid_from__isnull=False,
                )
                | Q(weekday=None, day__isnull=False, starts__isnull=False, ends__isnull=False)
                | Q(weekday=None, day__isnull=False, starts=None, ends=None),
                name="people_shift_weekly_or_day",
            ),
            models.UniqueConstraint(
                fields=["post", "day", "starts"],
                condition=Q(day__isnull=False),
                name="people_shift_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.day or self.get_weekday_display()}"
