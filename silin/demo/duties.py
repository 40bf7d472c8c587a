"""Who else sits where, when the desks are on duty, and whose place is empty where there is trouble."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from silin.accounts.models import User
from silin.demo.blocks import Quarter
from silin.demo.furnish import told
from silin.demo.ground import SINCE, Ground
from silin.demo.people import Names
from silin.demo.staff import Crew
from silin.history.actions import record
from silin.people.actions import end
from silin.people.models import Holding, Organisation, Post, PostKind
from silin.people.rosters import set_week
from silin.places.models import Place

SEATS = "people:more_posts"
AGO = timedelta(days=60)  # since when the rosters of today count
WEEKS = (range(5), range(2, 7))  # one of the two is there every day


def more_seats(ground: Ground, names: Names, now: datetime) -> None:
    """Stewards, law and mediation, officers from above: written in bulk, after the organisations."""
    kinds = PostKind.objects.in_bulk()
    chairs = [chair for area in ground.quarters for chair in _chairs(ground, area, kinds, names)]
    users = [holding.user for holding in chairs]
    User.objects.bulk_create(users)
    Post.objects.bulk_create(holding.post for holding in chairs)
    Holding.objects.bulk_create(chairs)
    record(subject=SEATS, action="add_posts", actor=None, now=now, fields={"count": len(chairs)})


def _chairs(ground: Ground, area: Quarter, kinds: Mapping[str, PostKind], names: Names) -> Iterator[Holding]:
    own = told()["communities"][area.code]
    counted: dict[tuple[str, int], int] = {}
    for kind, grid, *origin in own.get("seats", ()):
        place = ground.places[area.key(grid) if grid else area.code]
        serial = counted[kind, grid] = counted.get((kind, grid), 0) + 1
        body = _property(place, own) if kinds[kind].belongs_to == Organisation.Kind.PROPERTY else None
        person = names.new((1960, 1998))
        user = User(name=person.name)
        user.set_phone(person.phone)
        user.set_unusable_password()
        post = Post(kind=kinds[kind], place=place, serial=serial, organisation=body)
        yield Holding(post=post, user=user, valid_from=SINCE, origin="".join(origin))


def _property(place: Place, own: Mapping[str, Any]) -> Organisation:
    return Organisation.objects.get(place=place, name=own["property"])


def rosters(ground: Ground, crew: Crew, now: datetime) -> None:
    """When the desks of all six are on duty; a worker's grid is theirs at any hour."""
    hours = [[time.fromisoformat(each) for each in said] for said in told()["desk_hours"]]
    for area in ground.quarters:
        seats = crew.holding(ground.places[area.code], "community_desk")
        for week, (starts, ends), (post, _user) in zip(WEEKS, hours, seats, strict=True):
            set_week(post, week, starts, ends, actor=None, now=now - AGO)


def gaps(ground: Ground, now: datetime) -> None:
    """Heads of buildings who left, where there is trouble: residents and the desk see who is missing."""
    for area in ground.quarters:
        missing = told()["communities"][area.code].get("without_head", [])
        for house in area.houses:
            if [house.estate, house.number] in missing:
                building = ground.building(area, house)
                rows = Holding.objects.filter(post__kind="building_head", post__building=building)
                end(rows.select_related("post__place", "post__kind", "user").get(), actor=None, now=now)
