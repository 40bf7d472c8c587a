"""The catalogue of indicators (指标体系): versions that are never changed once they are in force."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from silin.assessment.periods import Period
from silin.assessment.rules import Rule
from silin.facts.expressions import Expression, Node, Passing, Term, parse, terms_in
from silin.lib.canonical import digest


class CatalogueQuerySet(models.QuerySet["Catalogue"]):
    def published(self) -> CatalogueQuerySet:
        """Versions that count or counted."""
        return self.exclude(published_at=None)

    def in_force(self, period: Period) -> Catalogue | None:
        """The version that a period is assessed by: the newest that had begun by its last month."""
        begun = self.published().filter(effective_from__lte=period.last)
        return begun.order_by("-effective_from", "-number").first()

    def newest(self) -> Catalogue | None:
        """The version that the next one follows: the last that was published."""
        return self.published().order_by("-number").first()

    def draft(self) -> Catalogue | None:
        """What is being worked on, if anything is."""
        return self.filter(published_at=None).first()


class Catalogue(models.Model):
    """One version of the catalogue. ``effective_from`` is its first month (YYYYMM).

    ``digest`` is the hash of all its rows, taken when it was published; at most one version is a draft.
    ``sample`` says that it is not the city's own.
    """

    number = models.PositiveIntegerField(unique=True)
    effective_from = models.PositiveIntegerField()
    sample = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(published_at=None), name="assessment_catalogue_one_draft"
            )
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def from_words(self) -> str:
        """Its first month as people say it."""
        return Period(self.effective_from // 100, self.effective_from % 100, "month").words

    def digest_of_rows(self) -> str:
        """The hash of everything its rows say, as it is now."""
        headings = [row.as_row() for row in self.headings.all()]
        return digest([*headings, *(row.as_row() for row in self.indicators.all())])


class Titled(models.Model):
    """A row of the catalogue with its code and its name in two languages."""

    code = models.CharField(max_length=12)
    order = models.PositiveSmallIntegerField()
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    lead = models.CharField(max_length=60, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Its name in the language of the page."""
        if self.title_en and (get_language() or "").startswith("en"):
            return self.title_en
        return self.title_zh


class Heading(Titled):
    """A type (平安型), a task or an item: what indicators stand under. ``lead`` is the bureau that leads it.

    ``weight`` is how many of the hundred points of the whole a type brings; 0 for tasks and items.
    """

    class Level(models.TextChoices):
        TYPE = "type", _("type")
        TASK = "task", _("task")
        ITEM = "item", _("item")

    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="headings")
    level = models.CharField(max_length=4, choices=Level)
    aim = models.CharField(max_length=20, blank=True)
    weight = models.FloatField(default=0)

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.UniqueConstraint(fields=["catalogue", "code"], name="assessment_heading_once")]

    def as_row(self) -> dict[str, Any]:
        """What it says, for the hash and for the sheet."""
        names = ("code", "level", "title_zh", "title_en", "aim", "lead", "weight")
        return {name: getattr(self, name) for name in names}


class Indicator(Titled):
    """One indicator: what it counts, how it earns points, when it is red, who answers for it.

    ``num`` and ``den`` are expressions over the book of facts; without ``den`` it is a share of units that
    pass. ``scoring`` is ``{"points": 3, "linear": {…}}``. ``basis`` quotes what it is taken from.
    """

    class Unit(models.TextChoices):
        PERCENT = "percent", _("percent")
        PER_THOUSAND = "per_thousand", _("per thousand households")
        RATIO = "ratio", _("ratio")
        COUNT = "count", _("count")
        AMOUNT = "amount", _("amount")
        GRADE = "grade", _("grade")
        YES_NO = "yes_no", _("yes or no")

    class Better(models.TextChoices):
        UP = "up", _("more is better")
        DOWN = "down", _("less is better")

    class Missing(models.TextChoices):
        NOT_APPLICABLE = "not_applicable", _("does not count")
        ZERO = "zero", _("no points")

    class Source(models.TextChoices):
        FACTS = "facts", _("daily work")
        STOCK = "stock", _("the register")
        CIRCLE = "circle", _("walking distances")
        OUTSIDE = "outside", _("a bureau's own figures")
        EVIDENCE = "evidence", _("proof that is looked at")
        SURVEY = "survey", _("a survey")

    class Over(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="indicators")
    num = models.TextField()
    den = models.TextField(blank=True)
    unit = models.CharField(max_length=12, choices=Unit)
    better = models.CharField(max_length=4, choices=Better)
    min_den = models.PositiveIntegerField(default=1)
    missing = models.CharField(max_length=14, choices=Missing)
    period = models.CharField(max_length=7, choices=Over)
    scoring = models.JSONField()
    red = models.FloatField()
    yellow = models.FloatField()
    source = models.CharField(max_length=8, choices=Source)
    basis = models.CharField(max_length=200, blank=True)

    ROW = (
        *("code", "title_zh", "title_en", "num", "den", "unit", "better", "min_den", "missing", "period"),
        *("scoring", "red", "yellow", "lead", "source", "basis"),
    )

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="assessment_indicator_once")
        ]

    def as_row(self) -> dict[str, Any]:
        """What it says, for the hash and for the sheet."""
        return {name: getattr(self, name) for name in self.ROW}

    @property
    def digest(self) -> str:
        """The hash of its definition, which stands beside every figure that is measured by it."""
        return digest(self.as_row())[:12]

    @property
    def item(self) -> str:
        """The code of the item it stands under: ``S1.2`` of ``S1.2.3``."""
        return self.code.rpartition(".")[0]

    @property
    def task(self) -> str:
        """The code of its task: ``S1`` of ``S1.2.3``."""
        return self.code.partition(".")[0]

    @property
    def type(self) -> str:
        """The letter of its type: ``S``."""
        return self.code[:1]

    @cached_property
    def numerator(self) -> Expression:
        """``num``, read. Raises ``NotRead``."""
        return parse(self.num)

    @cached_property
    def denominator(self) -> Node | None:
        """``den``, read; None for a share of units that pass. Raises ``NotRead``."""
        read = parse(self.den) if self.den else None
        if isinstance(read, Passing):
            raise ValueError(f"{self.code}: passing() has no place in a denominator")
        return read

    @property
    def terms(self) -> list[Term]:
        """Every sum over the book that it takes."""
        below = [] if self.denominator is None else list(terms_in(self.denominator))
        return [*terms_in(self.numerator), *below]

    @property
    def rule(self) -> Rule:
        """How its value earns points."""
        return Rule.of(self.scoring, self.better)

    @property
    def points(self) -> float:
        """The points that it can bring."""
        return float(self.scoring["points"])

    @property
    def scale(self) -> int:
        """What a share is multiplied by to be read."""
        return {self.Unit.PERCENT: 100, self.Unit.PER_THOUSAND: 1000}.get(self.Unit(self.unit), 1)

    def light(self, value: float) -> str:
        """``red``, ``yellow`` or ``green``: what a value shows."""
        up = self.better == self.Better.UP
        if value < self.red if up else value > self.red:
            return "red"
        return "yellow" if (value < self.yellow if up else value > self.yellow) else "green"
