"""The book of facts: one narrow, append-only table that holds no personal data."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from silin.lib.ids import new_id


class Fact(models.Model):
    """Something that happened, countable. Columns as in the vocabulary; an empty text is no value.

    ``day`` is YYYYMMDD of the local civil date, fixed at writing; ``n`` is 1, or -1 to take an earlier row
    back; ``subject`` is an opaque reference for drilling down inside the city.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)
    day = models.PositiveIntegerField()
    ym = models.PositiveIntegerField()
    unit = models.CharField(max_length=24)
    place = models.CharField(max_length=24, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=10, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    on_time = models.BooleanField(null=True, blank=True)
    hours = models.FloatField(null=True, blank=True)
    n = models.SmallIntegerField(default=1)
    amount = models.BigIntegerField(default=1)
    origin = models.CharField(max_length=10)
    subject = models.CharField(max_length=80)

    objects: ClassVar[models.Manager[Fact]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["name", "ym", "unit"], name="facts_fact_cube"),
            models.Index(fields=["subject"], name="facts_fact_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day} {self.unit}"
