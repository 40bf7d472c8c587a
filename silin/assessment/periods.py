"""Months, quarters and years as an assessment names them: ``2026-06``, ``2026-Q2``, ``2026``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.utils.translation import gettext as _

from silin.lib.refusal import Refused

NAME = re.compile(r"(?P<year>20\d\d)(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])))?")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, order=True)
class Period:
    """``sort`` is month, quarter or year; ``year`` and ``month`` say its last month."""

    year: int
    month: int
    sort: str

    @classmethod
    def parse(cls, name: str) -> Self:
        """The period called ``name``. Raises ``Refused`` (``bad_period``)."""
        found = NAME.fullmatch(name.strip())
        if found is None:
            message = _("Write a month such as 2026-06, a quarter such as 2026-Q2 or a year such as 2026.")
            raise Refused("bad_period", message, field="period")
        year = int(found["year"])
        if found["month"]:
            return cls(year, int(found["month"]), "month")
        return cls(year, int(found["quarter"]) * 3, "quarter") if found["quarter"] else cls(year, 12, "year")

    @classmethod
    def holding(cls, day: date, sort: str = "month") -> Self:
        """The month, quarter or year in which ``day`` lies."""
        length = MONTHS[sort]
        return cls(day.year, (day.month + length - 1) // length * length, sort)

    @property
    def name(self) -> str:
        """As an address and a row write it."""
        if self.sort == "month":
            return f"{self.year}-{self.month:02d}"
        return f"{self.year}-Q{self.month // 3}" if self.sort == "quarter" else str(self.year)

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> str:
        """As people say it."""
        about = {"year": self.year, "month": self.month, "quarter": self.month // 3}
        if self.sort == "month":
            return _("%(year)s-%(month)02d") % about
        return _("quarter %(quarter)s of %(year)s") % about if self.sort == "quarter" else str(self.year)

    @property
    def last(self) -> int:
        """Its last month as YYYYMM."""
        return self.year * 100 + self.month

    def months(self, at_least: str = "month") -> list[int]:
        """The months (YYYYMM) that an indicator of the period ``at_least`` is measured over, to its end.

        A month asked of an indicator of the quarter gives the quarter so far.
        """
        longer = max(self.sort, at_least, key=MONTHS.__getitem__)
        first = (self.month - 1) // MONTHS[longer] * MONTHS[longer] + 1
        return [self.year * 100 + month for month in range(first, self.month + 1)]

    def ends(self, sort: str) -> bool:
        """Whether a month, quarter or year ends where this one does, so that it can be judged."""
        return self.month % MONTHS[sort] == 0

    @property
    def over_on(self) -> date:
        """The first day after it."""
        return date(self.year + self.month // 12, self.month % 12 + 1, 1)

    def in_its(self, sort: str) -> Period:
        """The month, quarter or year of this one's last month."""
        return Period.holding(date(self.year, self.month, 1), sort)

    def earlier(self, by: int = 1) -> Period:
        """The one of its sort that lies ``by`` before it."""
        months = self.year * 12 + self.month - 1 - by * MONTHS[self.sort]
        return Period(months // 12, months % 12 + 1, self.sort)
