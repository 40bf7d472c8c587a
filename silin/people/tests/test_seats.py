"""The statement written by hand gives what the ORM gives, row by row and value by value."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, QuerySet

from silin.people.actions import add_post, appoint
from silin.people.models import Holding, Organisation, PostKind, Shift
from silin.people.rosters import set_week
from silin.people.seats import READ, Seat, seats
from silin.places.models import Place
from tests.town import MONDAY, Town, build, person

DAY = timedelta(days=1)


@pytest.fixture
def town(db: None) -> Town:
    return build()


def by_orm(places: list[int], kinds: set[str], day: date) -> QuerySet[Holding]:
    rostered = Exists(Shift.objects.filter(post=OuterRef("post")))
    rows = Holding.objects.current(day).filter(post__place__in=places, post__kind__in=kinds)
    return rows.select_related("post__kind", "post__place", "user").annotate(rostered=rostered)


def values(row: Holding | Seat) -> tuple[Any, ...]:
    """All that is read of a seat, as a seat or a holding says it."""
    rows = (row.post, row.post.kind, row.post.place, row.user)
    is_rostered = row.is_rostered if isinstance(row, Seat) else row.rostered  # type: ignore[attr-defined]
    read = zip(rows, READ.values(), strict=True)
    return (*(repr(getattr(each, name)) for each, (_alias, names) in read for name in names), is_rostered)


def filled(town: Town) -> None:
    """A bureau's clerk, a guest who stands in for Wang from tomorrow on, a second seat, a roster."""
    bureau = Organisation.objects.create(
        name="城管局", kind="bureau", place=town.county, active_from=MONDAY.date()
    )
    clerk = add_post("county_clerk", town.county, organisation=bureau, actor=None, now=MONDAY)
    appoint(clerk, person("赵宏涛"), actor=None, now=MONDAY)
    guest = person("临时来的")
    end = (MONDAY + 3 * DAY).date()
    appoint(town.worker_post, guest, actor=None, now=MONDAY + DAY, stand_in=True, until=end)
    second = add_post("grid_worker", town.grid, serial=2, actor=None, now=MONDAY)
    appoint(second, guest, actor=None, now=MONDAY + DAY)
    set_week(second, range(5), time(9), time(17), actor=None, now=MONDAY)


def test_each_place_and_day_gives_the_same_holders_in_the_same_order(town: Town) -> None:
    filled(town)
    kinds, found, rostered = set(PostKind.objects.values_list("code", flat=True)), 0, 0
    for place in Place.objects.all():
        for n in (-90, 0, 1, 2, 3):
            day = (MONDAY + n * DAY).date()
            ours, rows = seats(place.path_ids, kinds, day), by_orm(place.path_ids, kinds, day)
            assert sorted(map(values, ours)) == sorted(map(values, rows))
            stands = {(row.post_id, row.user_id): (row.stand_in, row.valid_from) for row in rows}
            order = [stands[seat.post_id, seat.user.pk] for seat in ours]
            assert order == sorted(order)
            found, rostered = found + len(ours), rostered + sum(seat.is_rostered for seat in ours)
    assert found > 40
    assert rostered > 0


def test_what_was_not_read_is_fetched_and_nothing_is_asked_for_nobody(town: Town) -> None:
    [first] = seats(town.grid.path_ids, {"grid_worker"}, MONDAY.date())
    assert (first.post, first.user) == (town.worker_post, town.wang)
    assert (first.post.telephone, first.user.email) == (town.worker_post.telephone, town.wang.email)
    assert (first.kind_id, first.organisation_id, first.serial) == ("grid_worker", None, first.post.serial)
    assert seats([], {"grid_worker"}, MONDAY.date()) == seats(town.grid.path_ids, set(), MONDAY.date()) == []
