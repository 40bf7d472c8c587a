"""A week of the roster of a place as a table: which seats, what was put down for each day, who is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch

from silin.lib.workdays import WorkCalendar
from silin.people.models import Holding, Organisation, Post, PostQuerySet, Shift, today
from silin.people.rosters import DAY, Presence, Standing, own_times, spans, standing, weekly_times
from silin.people.times import say_times
from silin.places.models import Place
from silin.places.queries import calendar

DAYS = 7
AT_MOST = 60
NOT_ON_ROSTERS = ("law", "city_care", "admin", "system")
"""Families of posts that sit at no desk: nobody waits for them at an hour."""


def monday_of(day: date) -> date:
    """The Monday of the week in which ``day`` lies."""
    return day - timedelta(days=day.weekday())


def days_of(monday: date) -> list[date]:
    """The seven days of a week."""
    return [monday + n * DAY for n in range(DAYS)]


def seats_of(place: Place, organisation: Organisation | None = None, *, grids: bool = False) -> PostQuerySet:
    """The seats on the roster of a place; those of one organisation; with those in its grids."""
    rows = Post.objects.open().exclude(kind__family__in=NOT_ON_ROSTERS)
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    elif grids:
        rows = rows.under(place).filter(kind__level__in=(place.level, "grid"))
    else:
        rows = rows.filter(place=place)
    return rows.order_by("-kind__rank", "place__path", "serial", "pk")


@dataclass(frozen=True)
class Cell:
    """One seat on one day: what was put down for it, what every week says, and when it is on duty after all.

    ``typed`` is what a clerk wants instead; it stays when the save was refused.
    """

    post: UUID
    day: date
    own: str
    weekly: str
    times: str
    typed: str
    fixed: bool

    @property
    def name(self) -> str:
        """The name of its field."""
        return field_name(self.post, self.day)

    @property
    def differs(self) -> bool:
        """Whether what is typed is not what stands there."""
        return self.typed != self.own


@dataclass(frozen=True)
class Line:
    """One seat of the table, who holds it, how it stands now, and its days."""

    post: Post
    holders: list[Holding]
    standing: Standing
    until: datetime | None
    rostered: bool
    cells: list[Cell]

    @property
    def on(self) -> bool:
        """On duty now by a roster, and somebody holds it."""
        return self.rostered and self.standing.presence == Presence.ON and bool(self.holders)


@dataclass(frozen=True)
class Week:
    """The table; ``mark`` changes whenever somebody changes a day of it."""

    days: list[date]
    lines: list[Line]
    mark: str


def field_name(post: UUID, day: date) -> str:
    """What the field of a seat's day is called."""
    return f"t-{post}-{day.isoformat()}"


def read_week(
    seats: PostQuerySet, monday: date, now: datetime, typed: Mapping[str, str] | None = None
) -> Week:
    """The table of a week. Three statements; ``typed`` are the fields as they were sent."""
    current = Holding.objects.current(today(now)).select_related("user").order_by("stand_in", "valid_from")
    beside = ("kind", "place__parent", "organisation")
    posts = list(
        seats.select_related(*beside).prefetch_related(Prefetch("holdings", current, to_attr="now_held"))[
            :AT_MOST
        ]
    )
    shifts = _shifts(posts, monday, now)
    days, work = days_of(monday), calendar()
    lines = [_line(post, shifts.get(post.pk, []), days, work, now, typed or {}) for post in posts]
    return Week(days, lines, mark_of(shifts, days))


def copied(seats: PostQuerySet, monday: date, now: datetime) -> dict[str, str]:
    """Fields filled with the week before, where that is not what every week says anyway. Nothing is saved."""
    before, here = read_week(seats, monday - DAYS * DAY, now), read_week(seats, monday, now)
    found = {}
    for old, line in zip(before.lines, here.lines, strict=False):
        for was, cell in zip(old.cells, line.cells, strict=True):
            if not cell.fixed:
                found[cell.name] = was.times if was.times != cell.weekly else ""
    return found


def mark_of(shifts: Mapping[UUID, Sequence[Shift]], days: Sequence[date]) -> str:
    """What was put down for single days, as one short text."""
    said = sorted(
        f"{each.post_id} {each.day} {each.starts} {each.ends}"
        for rows in shifts.values()
        for each in rows
        if each.day is not None and days[0] <= each.day <= days[-1]
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _shifts(posts: Iterable[Post], monday: date, now: datetime) -> dict[UUID, list[Shift]]:
    """What says something about the week or about now."""
    first, last = min(monday, today(now) - DAY), max(monday + DAYS * DAY, today(now) + 2 * DAYS * DAY)
    found: dict[UUID, list[Shift]] = {}
    for shift in Shift.objects.of_days(first, last).filter(post__in=posts).order_by("pk"):
        found.setdefault(shift.post_id, []).append(shift)
    return found


def _line(
    post: Post,
    shifts: list[Shift],
    days: list[date],
    work: WorkCalendar,
    now: datetime,
    typed: Mapping[str, str],
) -> Line:
    ends = [
        span.ends
        for day in (today(now) - DAY, today(now))
        for span in spans(shifts, day, work)
        if span.begins <= now < span.ends
    ]
    cells = [_cell(post, shifts, day, work, now, typed) for day in days]
    held: list[Holding] = getattr(post, "now_held", [])
    return Line(post, held, standing(shifts, now, work), max(ends, default=None), bool(shifts), cells)


def _cell(
    post: Post, shifts: list[Shift], day: date, work: WorkCalendar, now: datetime, typed: Mapping[str, str]
) -> Cell:
    own, weekly = own_times(shifts, day), weekly_times(shifts, day, work)
    in_all: Iterable[tuple[time, time]] | None = own if own is not None else weekly
    said = say_times(own)
    wanted = typed.get(field_name(post.pk, day), said).strip()
    return Cell(post.pk, day, said, say_times(weekly), say_times(in_all), wanted, day < today(now))
