"""The roster on the phone: who is on duty today and on the next days where one works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from silin.lib.dates import day_words, weekday_words
from silin.people import queries
from silin.people.doors import for_posts, viewer
from silin.people.models import Post, PostQuerySet, today
from silin.people.weeks import DAYS, Line, monday_of, read_week, seats_of
from silin.places.levels import Level

SEE = "matters.handle"


@dataclass(frozen=True)
class Turn:
    """Somebody's duty on a day; ``mine`` where it is the reader's."""

    line: Line
    times: str
    mine: bool


@dataclass(frozen=True)
class Today:
    """One day with its turns."""

    name: str
    is_today: bool
    turns: list[Turn]


@for_posts(SEE)
@require_safe
def roster(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.handle``: the roster of the office where they work and of their own seats."""
    user, now = viewer(request), timezone.now()
    places = [post.place for post in queries.posts_of(user, now) if SEE in post.kind.capabilities]
    place = min(places, key=lambda each: len(each.path))
    office = place
    for each in place.ancestors():
        if each.level == Level.COMMUNITY:
            office = each
    mine = {post.pk for post in queries.posts_of(user, now)}
    seats = seats_of(office) | Post.objects.open().filter(pk__in=mine)
    days = _days(seats.distinct().order_by("-kind__rank", "serial", "pk"), mine, now)
    context = {"place": office, "days": days, "on": _on(days)}
    return render(request, "people/worker/roster.html", context)


def _days(seats: PostQuerySet, mine: set[UUID], now: datetime) -> list[Today]:
    """Today and six days more, from two weeks of the table."""
    first = monday_of(today(now))
    found: list[tuple[date, Turn]] = []
    for monday in (first, date.fromordinal(first.toordinal() + DAYS)):
        for line in read_week(seats, monday, now).lines:
            found += [
                (cell.day, Turn(line, cell.times, line.post.pk in mine))
                for cell in line.cells
                if line.rostered and cell.times
            ]
    coming = [date.fromordinal(today(now).toordinal() + n) for n in range(DAYS)]
    return [
        Today(f"{weekday_words(day)} {day_words(day)}", n == 0, [turn for at, turn in found if at == day])
        for n, day in enumerate(coming)
    ]


def _on(days: list[Today]) -> list[Line]:
    return [turn.line for turn in days[0].turns if turn.line.on]
