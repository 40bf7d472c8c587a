"""What a matter may be about: the tree of categories, and what was said of each from which day on."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language

from silin.forms.models import FormVersion


class Said(models.Model):
    """What a city says of a category: its names, its limits, what is asked beside the words."""

    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    mark = models.CharField(max_length=5, default="fair")
    respond_hours = models.PositiveSmallIntegerField(default=4)
    handle_days = models.PositiveSmallIntegerField(default=3)
    questions = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    active = models.BooleanField(default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name

    def said(self) -> dict[str, Any]:
        """All of it, by column."""
        return {name: getattr(self, name) for name in SAID}


SAID = ("name", "name_en", "mark", "respond_hours", "handle_days", "questions_id", "active")


class Category(Said):
    """What a matter is about, and how long it may take, as it holds today: a row the city changes."""

    code = models.CharField(max_length=20, primary_key=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    keywords = models.JSONField(default=list)
    order = models.PositiveSmallIntegerField(default=0)
    private = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "code"]
        verbose_name_plural = "categories"


class CategoryTerms(Said):
    """What is said of a category from a day on. A matter keeps the terms it was raised under."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="terms")
    since = models.DateField()
    for_open = models.BooleanField(default=False)  # its limits count for what was raised before too

    class Meta:
        ordering = ["category", "since"]
        constraints = [models.UniqueConstraint(fields=["category", "since"], name="matters_terms_of_a_day")]
