"""How a place stands for whoever oversees it: colours, the ladder, age, rework and returns, by part of it.

Everything is counted from the open matters themselves in one statement, and each number is one filter, by
which the list behind it is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import Words
from silin.matters.day import Line, parts_of
from silin.matters.league import paths_under, sums_by_place
from silin.matters.models import OPEN, RUNNING, Colour, Matter, MatterQuerySet, State
from silin.places.levels import Level
from silin.places.models import Place

DAY = timedelta(days=1)
GROUPS: dict[str, tuple[Words, dict[str, Words]]] = {
    "colour": (
        _("By colour"),
        {"open": _("Open now"), "ok": _("In time"), "soon": _("Soon due"), "late": _("Overdue")},
    ),
    "ladder": (
        _("The ladder: whom it has climbed to"),
        {"to_street": _("Street"), "to_county": _("County"), "to_city": _("City")},
    ),
    "age": (
        _("By age"),
        {
            "days_3": _("up to 3 days"),
            "days_7": _("4 to 7 days"),
            "days_14": _("8 to 14 days"),
            "days_30": _("15 to 30 days"),
            "older": _("more than 30 days"),
        },
    ),
    "again": (
        _("Rework and returns"),
        {
            "reopened": _("Opened again"),
            "returned": _("Given back"),
            "arbitrated": _("Given back three times or more"),
        },
    ),
    "watch": (
        _("Watched by the level above"),
        {
            "supervised": _("Under supervision"),
            "watched": _("On the watch list"),
            "put_off": _("Put off"),
            "asked": _("Asks for time"),
        },
    ),
}
NUMBERS: dict[str, Words] = {
    name: words for _title, columns in GROUPS.values() for name, words in columns.items()
}


def filters(now: datetime) -> dict[str, Q]:
    """What each number counts among what is open."""
    late = Q(state__in=RUNNING) & (Q(colour=Colour.LATE) | Q(handle_due__lt=now))
    soon = Q(state__in=RUNNING, colour=Colour.WARN) & ~late
    ages = {"days_3": (0, 3), "days_7": (3, 7), "days_14": (7, 14), "days_30": (14, 30)}
    found = {"open": Q(), "late": late, "soon": soon, "ok": ~late & ~soon}
    found |= {
        name: Q(raised_at__gt=now - last * DAY, raised_at__lte=now - first * DAY)
        for name, (first, last) in ages.items()
    }
    found["older"] = Q(raised_at__lte=now - 30 * DAY)
    climbed = (("to_street", Level.STREET), ("to_county", Level.COUNTY), ("to_city", Level.CITY))
    found |= {name: Q(joined__place__level=level) for name, level in climbed}
    found |= {"reopened": Q(reopens__gt=0), "returned": Q(returns__gt=0), "arbitrated": Q(returns__gte=3)}
    found |= {"supervised": Q(supervised_by__isnull=False), "put_off": Q(deferred_at__isnull=False)}
    found["watched"] = Q(watched_by__isnull=False)
    found["put_off"] &= Q(state=State.WAITING)
    found["asked"] = Q(state=State.IN_HAND) & ~Q(asked="")
    return found


def lines_of(place: Place, now: datetime) -> tuple[list[Line], Line]:
    """A line of all numbers for each part of the place, and one for the whole. Three statements."""
    wanted = filters(now)
    rows = Matter.objects.under(place).filter(state__in=OPEN)
    return table_of(place, rows, {name: wanted[name] for name in NUMBERS})


def table_of(place: Place, rows: QuerySet[Matter], wanted: Mapping[str, Q]) -> tuple[list[Line], Line]:
    """How many of ``rows`` each part of the place has of what is ``wanted``, and all. Three statements."""
    parts, paths = parts_of(place), paths_under(place)
    counts = {f"n_{name}": Count("pk", filter=where) for name, where in wanted.items()}
    units = rows.order_by().values("unit").annotate(**counts).values_list("unit", *counts)
    counted = [(row[0], name, n) for row in units for name, n in zip(wanted, row[1:], strict=True)]
    sums = sums_by_place(parts, paths, counted)
    whole: Counter[str] = Counter()
    for _unit, name, n in counted:
        whole[name] += n
    lines = [Line(part, {name: sums[(part.pk, name)] for name in wanted}) for part in parts]
    return lines, Line(place, {name: whole[name] for name in wanted})


def matters_behind(place: Place, name: str, now: datetime) -> MatterQuerySet:
    """The open matters that a number counts; ``name`` is one of ``NUMBERS``."""
    return Matter.objects.under(place).filter(filters(now)[name], state__in=OPEN).with_names()
