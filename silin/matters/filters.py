"""What a list of the desk is narrowed to beside its tab, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from silin.lib.refusal import Words
from silin.matters.models import Colour, MatterQuerySet
from silin.matters.rows import categories
from silin.matters.showing import CHANNELS
from silin.places.models import Place

NAMES = ("category", "at", "channel", "colour")


@dataclass(frozen=True)
class Filters:
    """A category or a group of them, a place, a channel, a colour; each may be left open.

    What the address names and nobody knows (a place closed since) finds nothing, and says so.
    """

    category: str = ""
    at: str = ""
    channel: str = ""
    colour: str = ""

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Filters:
        """What an address asks for."""
        return cls(**{name: str(data.get(name, "")).strip() for name in NAMES})

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in NAMES)

    def narrow(self, rows: MatterQuerySet) -> MatterQuerySet:
        """Those of ``rows`` that are meant. One statement more where a place is named."""
        if self.category:
            rows = rows.filter(Q(category=self.category) | Q(category__parent=self.category))
        if self.channel:
            rows = rows.filter(channel=self.channel)
        if self.colour:
            rows = rows.filter(colour=self.colour)
        if self.at:
            place = self.place
            rows = rows.under(place) if place else rows.none()
        return rows

    @cached_property
    def place(self) -> Place | None:
        """The place that is named."""
        return Place.objects.filter(code=self.at).first() if self.at else None

    @property
    def words(self) -> list[tuple[str, Words]]:
        """Each that is set, with its name in the address and what it says."""
        place = self.place
        said: dict[str, Words] = {
            "category": str(categories().get(self.category, self.category)),
            "at": place.short_name if place else self.at,
            "channel": CHANNELS.get(self.channel, self.channel),
            "colour": dict(Colour.choices).get(self.colour, self.colour),
        }
        return [(name, said[name]) for name in NAMES if getattr(self, name)]
