"""The book of facts: one narrow, append-only table that holds no personal data; and the cube of its sums."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from silin.lib.ids import new_id
from silin.lib.settling import Reach


class Fact(models.Model):
    """Something that happened, countable. Columns as in the vocabulary; an empty text is no value.

    ``day`` is YYYYMMDD of the local civil date, fixed at writing; ``n`` is 1, or -1 to take an earlier row
    back; ``subject`` is an opaque reference for drilling down inside the city. ``id`` is given by whoever
    writes, ``number`` by the database in the order of writing: by it one reads on from a bookmark.
    """

    append_only = True

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=new_id, editable=False)
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


class Cell(models.Model):
    """What the facts of one word, unit and month that are alike in every dimension sum up to.

    A dimension that they do not have is ``""`` or -1, never NULL. ``n`` is the sum of theirs, ``amount``,
    ``seconds`` (their hours, in whole seconds) and ``grades`` are the sums of n times theirs: whole numbers
    and nothing else, so that cells add up over any units and months, and every engine finds the same. Where
    all four are 0 there is no cell.
    """

    name = models.CharField(max_length=40)
    ym = models.PositiveIntegerField()
    unit = models.CharField(max_length=24)
    kind = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=10, blank=True)
    origin = models.CharField(max_length=10)
    grade = models.SmallIntegerField(default=-1)
    on_time = models.SmallIntegerField(default=-1)
    n = models.BigIntegerField()
    amount = models.BigIntegerField()
    seconds = models.BigIntegerField()
    grades = models.BigIntegerField()

    objects: ClassVar[models.Manager[Cell]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("name", "ym", "unit", "kind", "category", "channel", "outcome", "level", "origin"),
                    *("grade", "on_time"),
                ],
                name="facts_cell_once",
            )
        ]
        indexes = [
            models.Index(fields=["ym"], name="facts_cell_month"),
            models.Index(
                fields=["id"], condition=Q(n=0, amount=0, seconds=0, grades=0), name="facts_cell_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.ym} {self.unit} {self.n}"


class Month(models.Model):
    """A month of the cube: how often its cells have changed, and their digest, if asked for since."""

    ym = models.PositiveIntegerField(primary_key=True)
    changes = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager[Month]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.ym} {self.changes}"


class Bookmark(models.Model):
    """How far somebody has read the book of facts: the number of the last fact that they have taken in."""

    reader = models.CharField(max_length=40, primary_key=True)
    number = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager[Bookmark]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.reader} {self.number}"


class SettledFacts(Reach):
    """How far the book of facts is settled on PostgreSQL. One row; see ``silin.facts.settled``."""

    objects: ClassVar[models.Manager[SettledFacts]] = models.Manager()

    class Meta:
        verbose_name_plural = "settled facts"
