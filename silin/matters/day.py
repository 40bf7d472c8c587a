"""The day of a place on one page: what came in, was done, grew late, was whistled, returned, supervised.

Counted from the book of facts, whistles from the parts that were offered; each number opens to its matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from silin.facts.models import Fact
from silin.lib.dates import midnight
from silin.lib.refusal import Words
from silin.matters import queries
from silin.matters.league import paths_under, sums_by_place
from silin.matters.models import OPEN, RUNNING, Assignment, Matter, MatterQuerySet
from silin.places.levels import Level
from silin.places.models import Place

WHISTLED = "whistled"
COLUMNS: dict[str, Words] = {
    "raised": _("Came in that day"),
    "answered": _("Reported done"),
    "closed": _("Closed that day"),
    "overdue": _("Ran out of time"),
    WHISTLED: _("Whistled"),
    "returned": _("Given back"),
    "supervised": _("Put under supervision"),
}
NOW: dict[str, Words] = {"open": _("Open now"), "late": _("Late now")}
PARTS = (Level.COUNTY, Level.STREET, Level.COMMUNITY)


@dataclass(frozen=True)
class Line:
    """One part of the place, or all of it, with its numbers in the order of the columns."""

    place: Place
    counts: dict[str, int]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened there, and nothing is open."""
        return not any(self.counts.values())


def parts_of(place: Place) -> list[Place]:
    """The places that have a line each: those one level below, communities at the finest; else itself."""
    for level in PARTS:
        if level.depth > Level(place.level).depth:
            found = list(Place.objects.under(place).active().of_level(level).order_by("code"))
            if found:
                return found
    return [place]


def lines_of(place: Place, day: date, now: datetime) -> tuple[list[Line], Line]:
    """A line for each part and one for all; what is open now only of today. At most six statements."""
    parts, paths = parts_of(place), paths_under(place)
    counted = [*_facts(paths, day), *_whistles(place, day)]
    names = list(COLUMNS)
    if day == localdate(now):
        counted += _now(place, now)
        names += NOW
    sums = sums_by_place(parts, paths, counted)
    whole: Counter[str] = Counter()
    for _unit, name, n in counted:
        whole[name] += n
    rows = [Line(part, {name: sums[(part.pk, name)] for name in names}) for part in parts]
    return rows, Line(place, {name: whole[name] for name in names})


def matters_behind(place: Place, day: date, name: str) -> MatterQuerySet:
    """The matters of which a number is the count; ``name`` is one of ``COLUMNS``."""
    if name == WHISTLED:
        offered = _offered(place, day).values("matter")
        return Matter.objects.under(place).filter(pk__in=offered).with_names()
    rows = _of_day(day).filter(name=f"matter.{name}", unit__in=list(paths_under(place)))
    counted = rows.values("subject").annotate(sum=Sum("n")).order_by()
    return queries.by_subjects([row["subject"] for row in counted if row["sum"]])


def _facts(paths: dict[str, str], day: date) -> list[tuple[str, str, int]]:
    wanted = [f"matter.{name}" for name in COLUMNS if name != WHISTLED]
    rows = _of_day(day).filter(name__in=wanted).values("unit", "name").annotate(sum=Sum("n")).order_by()
    return [
        (row["unit"], row["name"].removeprefix("matter."), row["sum"]) for row in rows if row["unit"] in paths
    ]


def _of_day(day: date) -> QuerySet[Fact]:
    return Fact.objects.filter(day=int(f"{day:%Y%m%d}"), ym=int(f"{day:%Y%m}"))


def _whistles(place: Place, day: date) -> Iterable[tuple[str, str, int]]:
    rows = _offered(place, day).values("matter__unit").annotate(n=Count("matter", distinct=True)).order_by()
    return [(row["matter__unit"], WHISTLED, row["n"]) for row in rows]


def _offered(place: Place, day: date) -> QuerySet[Assignment]:
    begin, end = midnight(day), midnight(day + timedelta(days=1))
    inside = Q(matter__placed_path__gte=place.path, matter__placed_path__lt=place.path + "a")
    return Assignment.objects.filter(inside, offered_at__gte=begin, offered_at__lt=end)


def _now(place: Place, now: datetime) -> Iterable[tuple[str, str, int]]:
    late = Count("pk", filter=Q(state__in=RUNNING, handle_due__lt=now))
    rows = Matter.objects.under(place).filter(state__in=OPEN).order_by()
    found: list[tuple[str, str, int]] = []
    for row in rows.values("unit").annotate(open=Count("pk"), late=late):
        found += [(row["unit"], "open", row["open"]), (row["unit"], "late", row["late"])]
    return found
