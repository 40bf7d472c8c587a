"""Accounts, posts and their holders, residents: written in bulk, since hundreds of them come at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from silin.accounts.models import User
from silin.demo.blocks import Quarter
from silin.demo.furnish import bureaus, crews
from silin.demo.ground import SINCE, Ground
from silin.demo.people import (
    ADMINISTRATOR,
    ASSESSOR,
    NAMED_ABOVE,
    NAMED_CLERKS,
    STRANGER,
    Names,
    Neighbour,
    Person,
    Seat,
    cast,
)
from silin.history.actions import record
from silin.lib.personal import phone_hash
from silin.people.models import Holding, Organisation, Post, Resident, Team
from silin.places.levels import Level
from silin.places.models import Place

STRANGERS_HOME = "610326001002"  # a community in which nothing happens
POSTS = "people:posts"
CITY = "610300000000"

Chair = tuple[Post, Person]


@dataclass
class Crew:
    """Who is who: whom the stories call on to act."""

    users: dict[str, User] = field(default_factory=dict)  # by telephone number
    posts: dict[str, list[tuple[Post, User]]] = field(default_factory=lambda: defaultdict(list))
    neighbours: dict[str, list[Neighbour]] = field(default_factory=dict)  # by community

    def holding(self, place: Place, kind: str) -> list[tuple[Post, User]]:
        """The posts of a kind at a place, each with its holder."""
        return [each for each in self.posts[place.code] if each[0].kind_id == kind]

    def of(self, person: Person) -> User:
        """The account of a made-up person."""
        return self.users[person.phone]


def hire(ground: Ground, names: Names, now: datetime) -> Crew:
    """Write everybody: accounts, posts with their holders, residents. The caller holds the transaction."""
    crew = Crew()
    chairs: list[Chair] = []
    for area, sits, lives in cast(ground.quarters, names):
        office = _offices(ground.places[area.code], area.told["telephone"])
        chairs += [(_post(ground, area, seat, office), seat.person) for seat in sits]
        crew.neighbours[area.code] = lives
    chairs += _above(ground, names)
    chairs += _departments(ground, names)
    stranger = names.named(*STRANGER)
    people = [person for _post, person in chairs]
    people += [each.person for rows in crew.neighbours.values() for each in rows] + [stranger]
    crew.users = _accounts(people)
    _seat(chairs, crew, now)
    _settle(ground, crew, stranger)
    return crew


def crew_found(areas: Sequence[Quarter]) -> Crew:
    """Everybody whom ``hire`` wrote, read back."""
    crew = Crew()
    for area, _sits, lives in cast(areas, Names("city")):
        crew.neighbours[area.code] = lives
    people = {
        phone_hash(each.person.phone): each.person for rows in crew.neighbours.values() for each in rows
    }
    for user in User.objects.filter(phone_hash__in=people):
        crew.users[people[user.phone_hash or ""].phone] = user
    held = Holding.objects.filter(valid_from=SINCE).select_related("post__place", "post__kind", "user")
    for holding in held.order_by("pk"):
        crew.posts[holding.post.place.code].append((holding.post, holding.user))
    return crew


def _offices(community: Place, telephone: str) -> Organisation:
    """The residents' committee, to which the community's own posts belong."""
    kind = Organisation.Kind.COMMITTEE
    return Organisation.objects.create(name=community.name, kind=kind, place=community, telephone=telephone)


def _post(ground: Ground, area: Quarter, seat: Seat, office: Organisation) -> Post:
    if seat.house is not None:
        building = ground.building(area, seat.house)
        return Post(kind_id=seat.kind, place=building.grid, building=building, serial=seat.serial)
    if seat.grid == 0:
        return Post(
            kind_id=seat.kind, place=ground.places[area.code], serial=seat.serial, organisation=office
        )
    if seat.kind == "grid_extender":  # works for its grid; its serial says which micro-grid is its own
        return Post(kind_id=seat.kind, place=ground.places[area.key(seat.grid)], serial=seat.micro)
    place = ground.places[area.key(seat.grid, seat.micro)]
    return Post(kind_id=seat.kind, place=place, serial=seat.serial, telephone=_line(area, seat))


def _line(area: Quarter, seat: Seat) -> str:
    """The telephone that lies with a grid worker's post: beside the one of its office."""
    own = str(area.told["telephone"])[:-1]  # 0917-15400n
    return f"{own[:-3]}{seat.serial}{own[-1]}{seat.grid:02d}" if seat.kind == "grid_worker" else ""


def _above(ground: Ground, names: Names) -> Iterator[Chair]:
    """A duty post for every street and county; the city's administrators, assessment office, auditor."""
    fixed = {(code, kind): (name, key) for code, kind, name, key in [*NAMED_ABOVE, ADMINISTRATOR, ASSESSOR]}
    kinds = {Level.STREET: "street_duty", Level.COUNTY: "county_duty"}
    wanted = [
        (place.code, kinds[Level(place.level)]) for place in ground.places.values() if place.level in kinds
    ]
    above = [(CITY, "city_admin"), (CITY, "auditor"), ADMINISTRATOR[:2], ASSESSOR[:2]]
    for code, kind in [*sorted(wanted), *above]:
        story = fixed.get((code, kind))
        person = names.named(*story) if story else names.new((1970, 1998))
        yield Post(kind_id=kind, place=ground.places[code]), person


def _departments(ground: Ground, names: Names) -> Iterator[Chair]:
    """In every county with a full community each bureau, its crews and its clerk, whom streets whistle."""
    fixed = {(code, bureau): (name, key) for code, bureau, name, key in NAMED_CLERKS}
    for county in dict.fromkeys(ground.county(area) for area in ground.quarters):
        for serial, name in enumerate(bureaus(), 1):
            bureau = Organisation.objects.create(
                name=f"{county.name}{name}", kind=Organisation.Kind.BUREAU, place=county, active_from=SINCE
            )
            post = Post(kind_id="county_clerk", place=county, serial=serial, organisation=bureau)
            story = fixed.get((county.code, name))
            yield post, names.named(*story) if story else names.new((1972, 1998))
            Team.objects.bulk_create(
                Team(name=crew, kind=kind, place=county, organisation=bureau, active_from=SINCE)
                for kind, crew in crews().get(name, ())
            )


def _accounts(people: list[Person]) -> dict[str, User]:
    rows = {}
    for person in people:
        user = User(name=person.name)
        user.set_phone(person.phone)
        user.set_unusable_password()
        rows[person.phone] = user
    User.objects.bulk_create(rows.values(), batch_size=500)
    return rows


def _seat(chairs: list[Chair], crew: Crew, now: datetime) -> None:
    Post.objects.bulk_create([post for post, _person in chairs], batch_size=500)
    Holding.objects.bulk_create(
        [Holding(post=post, user=crew.of(person), valid_from=SINCE) for post, person in chairs],
        batch_size=500,
    )
    for post, person in chairs:
        crew.posts[post.place.code].append((post, crew.of(person)))
    record(subject=POSTS, action="add_posts", actor=None, now=now, fields={"count": len(chairs)})


def _settle(ground: Ground, crew: Crew, stranger: Person) -> None:
    """Where the residents live; the stranger lives where nothing happens."""
    rows = []
    for area in ground.quarters:
        for each in crew.neighbours[area.code]:
            building = ground.building(area, each.house)
            rows.append(Resident(user=crew.of(each.person), place=building.grid, building=building))
    rows.append(Resident(user=crew.of(stranger), place=ground.places[STRANGERS_HOME]))
    Resident.objects.bulk_create(rows, batch_size=500)
