"""What an address of the assessment asks for, and whether whoever asks may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from silin.accounts.models import User
from silin.assessment.models import AssessedPeriod
from silin.assessment.periods import Period
from silin.lib.refusal import NotFound, Refused
from silin.people.league import may_see
from silin.places.levels import Level
from silin.places.models import Place
from silin.places.queries import get_place

AT_ONCE = 60  # periods looked at for the last final month
LEVELS = (Level.COUNTY, Level.STREET, Level.COMMUNITY)


@dataclass(frozen=True)
class Asked:
    """A place with those it lies in, a period, and the level of the rows."""

    root: Place
    above: list[Place]
    period: Period
    level: str
    user: User

    @classmethod
    def of(cls, request: HttpRequest, user: User, code: str) -> Asked:
        """Raises ``NotFound`` for a stranger, ``Refused`` (``bad_period``, ``bad_level``)."""
        root = get_place(code)
        above = root.ancestors()
        if not may_see(user, root, above):
            raise NotFound
        levels = levels_below(root)
        level = request.GET.get("level") or (levels[-1] if levels else root.level)
        if level not in {*levels, root.level}:
            raise Refused("bad_level", _("There is no such level here."), field="level")
        return cls(root, above, asked_period(request.GET), str(level), user)

    def url(
        self, name: str, *, code: str = "", form: str = "", period: Period | None = None, **query: str
    ) -> str:
        """A page or (``form``) sheet about this place, or that with ``code``, in this period or another."""
        there = reverse(f"assessment:{name}", args=[code or self.root.code, *([form] if form else [])])
        words = {"period": (period or self.period).name, **query}
        return f"{there}?{'&'.join(f'{key}={value}' for key, value in words.items() if value)}"

    def indicator_url(self, indicator: str, *, code: str = "") -> str:
        """The page of an indicator here, or at the place with ``code``, in this period."""
        there = reverse("assessment:indicator", args=[code or self.root.code, indicator])
        return f"{there}?period={self.period.name}"

    def task_url(self, task: str, *, code: str = "") -> str:
        """The page of a task of the catalogue here, or at the place with ``code``, in this period."""
        there = reverse("assessment:task", args=[code or self.root.code, task])
        return f"{there}?period={self.period.name}"

    @property
    def seen_above(self) -> list[Place]:
        """The places above that this person may see too."""
        return [
            each
            for each in self.above
            if each.level != Level.PROVINCE and may_see(self.user, each, self.above)
        ]

    def crumb(self, *last: str) -> list[tuple[str, str] | str]:
        """The way down to this place; with ``last`` the place itself is a step too."""
        steps: list[tuple[str, str] | str] = [
            (each.short_name, self.url("league", code=each.code)) for each in self.seen_above
        ]
        own = (self.root.short_name, self.url("card" if self.root.level == Level.COMMUNITY else "league"))
        return [*steps, *([own, *last] if last else [self.root.short_name])]


def levels_below(root: Place) -> list[Level]:
    """The levels at which the places under ``root`` are compared."""
    return [level for level in LEVELS if level.depth > Level(root.level).depth]


def asked_period(query: Mapping[str, str]) -> Period:
    """The period in an address, else the last month that is final, else the last that was measured."""
    if query.get("period"):
        return Period.parse(query["period"])
    rows = AssessedPeriod.objects.order_by("-last_ym").values_list("name", "published_at")[:AT_ONCE]
    months = [(period, at) for name, at in rows if (period := Period.parse(name)).sort == "month"]
    final = [period for period, at in months if at is not None]
    return next(iter(final or [period for period, _at in months]), Period.holding(localdate()))


def measured_periods(sort: str) -> list[Period]:
    """The months, quarters or years that were measured, the latest first. One statement."""
    names = AssessedPeriod.objects.order_by("-last_ym").values_list("name", flat=True)
    return [period for name in names if (period := Period.parse(name)).sort == sort]
