"""The statements written by hand give what the ORM gives, row by row and value by value."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, QuerySet

from silin.accounts.clients import find_client
from silin.accounts.models import Client, User
from silin.people.actions import add_post, appoint
from silin.people.clients import AboutClient, make_client
from silin.people.models import Holding, Organisation, Post, PostKind, Shift
from silin.people.rosters import set_week
from silin.people.seats import SEAT, Seat, holdings, seats
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
    by_model = {Post: row.post, PostKind: row.post.kind, Place: row.post.place, User: row.user}
    is_rostered = row.is_rostered if isinstance(row, Seat) else vars(row)["rostered"]
    return (*(repr(getattr(by_model[model], name)) for model, name in SEAT.names), is_rostered)


def whole(row: Any) -> dict[str, Any]:
    """Every column of a row."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def parts(row: Holding) -> list[dict[str, Any]]:
    """A holding with all that belongs to it."""
    return [whole(each) for each in (row, row.post, row.post.kind, row.post.place)]


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
    assert (first.post.closed_on, first.user.email) == (town.worker_post.closed_on, town.wang.email)
    assert (first.kind_id, first.organisation_id, first.serial) == ("grid_worker", None, first.post.serial)
    assert seats([], {"grid_worker"}, MONDAY.date()) == seats(town.grid.path_ids, set(), MONDAY.date()) == []


def test_what_somebody_holds_is_read_whole(town: Town) -> None:
    filled(town)
    found = 0
    for user in User.objects.all():
        for n in (-90, 0, 1, 3):
            day = (MONDAY + n * DAY).date()
            rows = Holding.objects.current(day).filter(user=user).select_related("post__kind", "post__place")
            theirs = list(rows.order_by("-post__kind__rank", "post__place__path"))
            ours = holdings(user, day)
            assert [parts(row) for row in ours] == [parts(row) for row in theirs]
            found += len(ours)
    assert found > 20


def test_a_client_is_read_whole_with_its_account(town: Town) -> None:
    about = AboutClient("应用", "public_app", town.city, ["raise", "read"], valid_until=(MONDAY + DAY).date())
    made, key = make_client(about, actor=None, now=MONDAY)
    Client.objects.filter(pk=made.pk).update(last_used_at=MONDAY)
    found, by_the_orm = find_client(key, MONDAY), Client.objects.select_related("user").get(pk=made.pk)
    assert whole(found) == whole(by_the_orm)
    assert whole(found.user) == whole(by_the_orm.user)
