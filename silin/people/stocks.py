"""The nightly count of who runs, heads, staffs and advises what, for the book of facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count
from django.utils.timezone import localdate

from silin.facts.stocks import Counts, Stock, write_stocks
from silin.people import caring
from silin.people.models import Holding, Household, Membership, Running, Team
from silin.places.levels import DIGITS, Level

NAMES = (
    "stock.grids_staffed",
    "stock.buildings_headed",
    "stock.estates_managed",
    "stock.estates_committee",
    "stock.advisers",
    "stock.teams",
    "stock.households",
    "stock.residents",
    "stock.elders_alone",
)
RUN_BY = {
    Running.Role.PROPERTY_COMPANY: "stock.estates_managed",
    Running.Role.OWNERS_COMMITTEE: "stock.estates_committee",
}
UNIT = DIGITS[Level.COMMUNITY]


def count_people(now: datetime, as_of: datetime | None = None) -> int:
    """Write what changed since the last count; gives how many facts that took.

    ``as_of`` is the moment at which they are counted, where it is not ``now``.
    """
    at = as_of or now
    return write_stocks(NAMES, lambda: _count(localdate(at), at), now=now)


def _count(on: date, now: datetime) -> Counts:
    held: Counter[Stock] = Counter()
    for counted in (
        _staffed(on),
        _headed(on),
        _run(on),
        _advisers(on),
        _teams(on),
        _homes(),
        _people(),
        _looked_in_on(now),
    ):
        for stock, n in counted:
            held[stock] += n
    return held


def _staffed(on: date) -> Iterator[tuple[Stock, int]]:
    rows = Holding.objects.current(on).filter(post__kind="grid_worker", post__place__active_until=None)
    for code in rows.order_by().values_list("post__place__code", flat=True).distinct():
        yield Stock("stock.grids_staffed", code[:UNIT]), 1


def _headed(on: date) -> Iterator[tuple[Stock, int]]:
    rows = Holding.objects.current(on).filter(post__kind="building_head", post__building__isnull=False)
    for code, _building in (
        rows.order_by().values_list("post__building__estate__place__code", "post__building").distinct()
    ):
        yield Stock("stock.buildings_headed", code[:UNIT]), 1


def _homes() -> Iterator[tuple[Stock, int]]:
    """Homes of the register; one whose people moved away counts again when somebody lives there."""
    rows = Household.objects.filter(merged_into=None).exclude(state=Household.State.MOVED)
    place = "building__estate__place__code"
    for code, n in rows.order_by().values_list(place).annotate(n=Count("pk")):
        yield Stock("stock.households", code[:UNIT]), n


def _people() -> Iterator[tuple[Stock, int]]:
    rows = Membership.objects.filter(until=None, person__merged_into=None)
    place = "household__building__estate__place__code"
    for code, n in rows.order_by().values_list(place).annotate(n=Count("person", distinct=True)):
        yield Stock("stock.residents", code[:UNIT]), n


def _looked_in_on(now: datetime) -> Iterator[tuple[Stock, int]]:
    """Those of a counted reason who agreed, and live as it says: never whom somebody only supposes."""
    for name, code, n in caring.counted(now):
        yield Stock(name, code[:UNIT]), n


def _run(on: date) -> Iterator[tuple[Stock, int]]:
    rows = Running.objects.current(on).filter(estate__isnull=False, role__in=RUN_BY)
    for code, role, n in rows.order_by().values_list("estate__place__code", "role").annotate(n=Count("pk")):
        yield Stock(RUN_BY[Running.Role(role)], code[:UNIT]), n


def _advisers(on: date) -> Iterator[tuple[Stock, int]]:
    rows = Holding.objects.current(on).filter(post__kind__family="law", stand_in=False)
    for code, kind, n in (
        rows.order_by().values_list("post__place__code", "post__kind").annotate(n=Count("pk"))
    ):
        yield Stock("stock.advisers", code[:UNIT], kind), n


def _teams(on: date) -> Iterator[tuple[Stock, int]]:
    rows = Team.objects.active(on)
    for code, kind, n in rows.order_by().values_list("place__code", "kind").annotate(n=Count("pk")):
        yield Stock("stock.teams", code[:UNIT], kind), n
