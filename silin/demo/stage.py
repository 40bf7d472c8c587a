"""The stage on which the stories are played: who can be called on, and a clock that only goes forward."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import F

from silin.accounts.models import User
from silin.demo.blocks import House, Quarter
from silin.demo.fates import Fate
from silin.demo.furnish import bureaus
from silin.demo.ground import Ground
from silin.demo.people import Person
from silin.demo.photos import VIEWS
from silin.demo.pictures import Album
from silin.demo.staff import Crew
from silin.demo.words import Speaker
from silin.files.models import File
from silin.lib.workdays import SHANGHAI
from silin.matters.jobs import turn
from silin.matters.models import Category, Matter
from silin.notices.models import Notice
from silin.people.models import Post
from silin.places.locating import Located
from silin.places.queries import calendar

TICK = timedelta(seconds=3)  # how late the loop notices what is due
GETS_UP, GOES_TO_BED = time(7), time(22)

Progress = Callable[[int, int, str], None]  # how much is done, of how much, and what
Life = Iterator[datetime]  # the story of one matter: each value says when it goes on
Steps = Generator[datetime, None, datetime]  # part of a life; gives the moment at which it ended


@dataclass
class Stage:
    """Everything that a story needs to be played."""

    ground: Ground
    crew: Crew
    album: Album
    categories: dict[str, Category]
    speaker: Speaker

    def worker(self, area: Quarter, grid: int, serial: int = 1) -> User:
        """The grid's own worker (or one of several)."""
        found = self.crew.holding(self.ground.places[area.key(grid)], "grid_worker")
        return next(user for post, user in found if post.serial == min(serial, len(found)))

    def leader(self, area: Quarter, grid: int) -> User:
        """The grid's leader."""
        return self.crew.holding(self.ground.places[area.key(grid)], "grid_leader")[0][1]

    def desk(self, area: Quarter, serial: int = 1) -> User:
        """Whoever is on duty in the community's office."""
        found = self.crew.holding(self.ground.places[area.code], "community_desk")
        return next(user for post, user in found if post.serial == serial)

    def street(self, area: Quarter) -> tuple[Post, User]:
        """The street's centre, where the hotline rings, and whoever is on duty there."""
        street = self.ground.places[area.code].parent
        assert street is not None
        return self.crew.holding(street, "street_duty")[0]

    def county(self, area: Quarter) -> User:
        """Whoever is on duty in the county's centre."""
        return self.crew.holding(self.ground.county(area), "county_duty")[0][1]

    def departments(self, area: Quarter, leaf: str) -> tuple[Post, Post]:
        """The clerk of the bureau that answers for a leaf of the categories, and one of another bureau."""
        clerks = [post for post, _user in self.crew.holding(self.ground.county(area), "county_clerk")]
        at = next(n for n, leaves in enumerate(bureaus().values()) if leaf in leaves)
        return clerks[at], clerks[(at + 1) % len(clerks)]

    def holder(self, matter: Matter) -> tuple[Post, User]:
        """In whose hands the matter is."""
        return self.sitting(matter.holder_id)

    def sitting(self, post_id: object) -> tuple[Post, User]:
        """A post with whoever sits on it."""
        return next(row for rows in self.crew.posts.values() for row in rows if row[0].pk == post_id)

    def said(self, fate: Fate, lines: Sequence[str], *, also: str = "also") -> str:
        """What somebody says in a story: one of ``lines``, as nobody said it twice already."""
        return self.speaker.pick(lines, fate.pick, fate.saying.slots, also)

    def user(self, person: Person) -> User:
        """The account of a made-up person."""
        return self.crew.of(person)

    def photos(self, scene: str, pick: random.Random, *, done: bool) -> list[File]:
        """One picture of a scene, before or after."""
        return [self.album[scene, pick.randrange(VIEWS), done]]

    def on_the_road(self, area: Quarter, house: House) -> Located:
        """A point on the road beside a building, inside its own grid."""
        west, south, east, _north = area.boxes[house.grid, house.micro]
        across = min(max(house.middle[0], west + 3), east - 3)
        lon, lat = area.point(across, south + 3)
        return Located(self.ground.part(area, house), None, lon, lat, "CGCS2000", lon, lat)


@dataclass
class Play:
    """Stories played side by side in the order of their moments; the engine's own loop runs in between."""

    until: datetime
    moments: list[tuple[datetime, int, Life]] = field(default_factory=list)

    def add(self, at: datetime, life: Life) -> None:
        """A story that begins at a moment."""
        self.moments.append((at, len(self.moments), life))

    def run(self, progress: Callable[[int, int], None]) -> None:
        """Play all stories up to ``until``; what would come later stays as it is then."""
        heapq.heapify(self.moments)
        begun, total = 0, len(self.moments)
        while self.moments and self.moments[0][0] <= self.until:
            at, number, life = heapq.heappop(self.moments)
            let_pass(at)
            following = next(life, None)
            if following is None:
                begun += 1
                progress(begun, total)
            else:
                heapq.heappush(self.moments, (max(following, at), number, life))
        let_pass(self.until)
        progress(total, total)


def let_pass(until: datetime) -> None:
    """Let the engine's loop do everything that falls due up to a moment, each thing at its own time."""
    waiting = Matter.objects.filter(next_due__lte=until - TICK).order_by("next_due")
    while (due := waiting.values_list("next_due", flat=True).first()) is not None:
        turn(due + TICK)


def newest_notice() -> int:
    """The key of the newest notice (0: there is none), for ``as_sent``."""
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def as_sent(until: datetime, *, after: int = 0) -> None:
    """What stories would have sent by text message by then is past: nothing of it goes out now.

    ``after``: only notices with a higher key, so that what visitors cause meanwhile is left alone.
    """
    told = Notice.objects.filter(pk__gt=after, next_try__isnull=False, created_at__lte=until)
    told.update(sent_at=F("created_at"), next_try=None)


def at_work(moment: datetime, pick: random.Random) -> datetime:
    """A little later, in working time."""
    return calendar().add_hours(moment, pick.uniform(0.05, 0.8)).at


def awake(moment: datetime, pick: random.Random) -> datetime:
    """The same moment, or the next morning where it falls into the night."""
    local = moment.astimezone(SHANGHAI)
    if local.time() >= GOES_TO_BED:
        local += timedelta(days=1)
    elif local.time() >= GETS_UP:
        return moment
    return datetime.combine(local.date(), GETS_UP, SHANGHAI) + timedelta(minutes=pick.uniform(5, 120))
