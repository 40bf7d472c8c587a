"""What stands between a matter and everybody: a desk's word list, and the counts on the public map."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from silin.lib.ids import new_id


class WatchedWord(models.Model):
    """A word at which the releasing desk looks twice (提示词). It never keeps a report back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    word = models.CharField(max_length=20, unique=True)
    why = models.CharField(max_length=60)
    active = models.BooleanField(default=True)

    objects: ClassVar[models.Manager[WatchedWord]] = models.Manager()

    class Meta:
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class MapCell(models.Model):
    """How many released matters lie in one square of the map, counted by the clock (``cells.py``).

    ``size`` tells the grid: 0 the whole city in large squares, 1 one community (``unit``) in small ones.
    """

    id = models.BigAutoField(primary_key=True)
    size = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=24, blank=True)
    x = models.IntegerField()
    y = models.IntegerField()
    going = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    done = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[MapCell]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["size", "unit", "x", "y"], name="matters_map_cell_once")
        ]
