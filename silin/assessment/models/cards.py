"""What was measured: a period, and in it one card for every place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from silin.assessment.models.catalogue import Catalogue
from silin.assessment.periods import Period
from silin.places.models import Place


class AssessedPeriod(models.Model):
    """A month, quarter or year that was measured, by which catalogue and from which state of the cube.

    ``begun_at`` is when it was measured first. Until ``published_at`` it is measured anew as facts come in;
    after that its cards stay as they are, and what comes late shows in a comparison. ``raised_at`` is when
    what is red in it was set as tasks.
    """

    name = models.CharField(max_length=7, primary_key=True)
    last_ym = models.PositiveIntegerField()
    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="+")
    cube_digest = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    measured_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def period(self) -> Period:
        """It as a period."""
        return Period.parse(self.name)


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def of(self, period: Period, level: str) -> ScorecardQuerySet:
        """The cards of the places of one level in a period."""
        return self.filter(period=period.name, level=level)

    def under(self, place: Place) -> ScorecardQuerySet:
        """Those of ``place`` and of what lay in it when it was measured."""
        return self.within([place.path])

    def within(self, paths: Iterable[str]) -> ScorecardQuerySet:
        """Those of the places at ``paths`` and of what lay in them when it was measured."""
        found = Q(pk__in=[])
        for path in paths:
            found |= Q(placed_path__gte=path, placed_path__lt=f"{path}a")
        return self.filter(found)


class Scorecard(models.Model):
    """What one place reached in one period (评分卡).

    ``figures`` gives for each code ``[numerator, denominator, value, points, light, state]``, ``types`` for
    each type ``[points, out of]``. ``total`` is out of 100, or None where there is nothing to go on;
    ``counted`` is how many of the 100 could be earned at all. ``set_up`` says whether its community takes
    part yet, ``group`` whom a community is compared with.
    """

    period = models.ForeignKey(AssessedPeriod, on_delete=models.CASCADE, related_name="cards")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=12)
    placed_path = models.CharField(max_length=80)
    set_up = models.BooleanField()
    group = models.SlugField(max_length=20, blank=True, db_index=False)
    total = models.FloatField(null=True)
    counted = models.FloatField()
    red = models.PositiveSmallIntegerField()
    yellow = models.PositiveSmallIntegerField()
    green = models.PositiveSmallIntegerField()
    types: models.JSONField[dict[str, list[float]], dict[str, list[float]]] = models.JSONField()
    figures: models.JSONField[dict[str, list[Any]], dict[str, list[Any]]] = models.JSONField()

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "place"], name="assessment_card_once")]
        indexes = [models.Index(fields=["period", "level", "placed_path"], name="assessment_card_league")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.period_id}"
