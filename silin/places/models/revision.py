"""A number that only grows, by which processes notice that what they remember is old."""

from __future__ import annotations

import time
from typing import ClassVar

from django.db import connection, models, transaction
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

PLACE_IDS = "place_ids"
DAYS_OFF = "days_off"
CITY_TEXTS = "city_texts"
NUMBERS = "numbers"
BOUNDARIES = "boundaries"  # raised by every change that locating or the map can show


class RevisionManager(models.Manager["Revision"]):
    def bump(self, name: str) -> int:
        """Raise the number ``name`` and give its new value; the row stays locked until the commit.

        Never below the clock's microseconds, so that a value that was rolled back, or lost with a database
        that was put back from a copy, never comes again for something else.
        """
        # Without the wide type PostgreSQL's binding would cut the number down to four bytes.
        clock = Value(time.time_ns() // 1000, output_field=models.BigIntegerField())
        return self._raise(name, Greatest(F("n") + 1, clock, output_field=models.BigIntegerField()))

    def count_on(self, name: str, by: int) -> int:
        """Count ``name`` on by ``by`` and give its new value; the row stays locked until the commit."""
        return self._raise(name, F("n") + by)

    def hold(self, name: str) -> None:
        """Lock the row until the commit without raising it."""
        self.get_or_create(name=name)
        self.select_for_update().get(name=name)

    def _raise(self, name: str, to: Combinable) -> int:
        with transaction.atomic():
            if not self.filter(name=name).update(n=to):
                self.get_or_create(name=name)
                self.filter(name=name).update(n=to)
            return self.get(name=name).n

    def number(self, name: str) -> int:
        """The present value (0 when it was never raised): one small statement.

        Written by hand, since every point that is located and every due time asks for it: building the same
        statement anew each time costs ten times as much as answering it.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT n FROM places_revision WHERE name = %s", [name])
            row = cursor.fetchone()
        return int(row[0]) if row else 0


class Revision(models.Model):
    """A number that only grows: other processes see by it that what they keep in memory is old."""

    name = models.CharField(max_length=40, primary_key=True)
    n = models.BigIntegerField(default=0)

    objects: ClassVar[RevisionManager] = RevisionManager()

    def __str__(self) -> str:
        return f"{self.name} {self.n}"
