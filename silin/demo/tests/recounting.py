"""What communities reached, counted from the rows of daily work alone: no facts, no cube, no rules.

Each figure of the table says again, in plain Python, what the catalogue's sample means by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from uuid import UUID

from django.utils.timezone import localtime

from silin.history.models import Entry
from silin.matters.models import Assignment, Matter, Review
from silin.people.models import Holding, Household, Post, Running
from silin.places.models import Building, Estate, EstateFigure, Facility, GridParty, Place
from silin.places.queries import calendar

Points = Callable[[float], float]
Tally = defaultdict[str, float]
GRID_EVENTS, SMALL = ("finding", "report"), ("finding", "report", "dispute")
BY_HAND = ("answer", "sign", "settle_at_once", "settle")
SHARES = {"percent": 100, "per_thousand": 1000, "ratio": 1, "grade": 1}


def way(points: float, floor: float, target: float) -> Points:
    """Points by the way from ``floor`` to ``target``."""
    return lambda value: points * min(1.0, max(0.0, (value - floor) / (target - floor)))


def whole(points: float, target: float) -> Points:
    """All points from ``target`` on, else none."""
    return lambda value: points if value >= target else 0.0


def steps(value: float) -> float:
    """Of five points one less for each five hundredths begun below a hundred."""
    return max(0.0, 5.0 - max(0, ceil(round((100 - value) / 5, 9))))


def homes(value: float) -> float:
    """Two points under 600 homes a grid, one under 900."""
    return 2.0 if value < 600 else 1.0 if value < 900 else 0.0


@dataclass(frozen=True)
class Line:
    """One indicator: what is divided by what, over how long, from how many cases on, and its points."""

    code: str
    above: str
    below: str
    over: str
    unit: str
    least: float
    points: Points
    zero: bool = False


LINES = [
    Line("S1.1.1", "staffed", "grids", "quarter", "percent", 1, way(2, 80, 100), zero=True),
    Line("S1.1.2", "homes", "grids", "quarter", "ratio", 1, homes),
    Line("S1.1.3", "led", "grids", "quarter", "percent", 1, way(2, 70, 100), zero=True),
    Line("S1.1.4", "headed", "buildings", "quarter", "percent", 1, way(2, 60, 95), zero=True),
    Line("S1.3.1", "events_kept", "events_due", "month", "percent", 5, way(4, 70, 95)),
    Line("S1.3.2", "came", "called", "month", "percent", 5, way(3, 60, 95)),
    Line("S1.3.3", "answered", "told_closed", "month", "percent", 5, way(3, 80, 100)),
    Line("S2.1.1", "has_lawyer", "communities", "quarter", "percent", 1, whole(2, 100), zero=True),
    Line("S4.1.2", "committees", "estates", "quarter", "percent", 1, way(2, 40, 90), zero=True),
    Line("S4.3.1", "settled", "disputes_due", "quarter", "percent", 3, way(4, 70, 95)),
    Line("S4.3.2", "small_here", "small", "quarter", "percent", 10, way(3, 50, 85)),
    Line("S4.3.3", "in_time", "yellow", "quarter", "percent", 10, way(3, 50, 90)),
    Line("S5.2.1", "managed", "estates", "quarter", "percent", 1, way(3, 50, 95), zero=True),
    Line("C2.2.1", "parking", "homes", "quarter", "per_thousand", 1, way(4, 300, 900), zero=True),
    Line("C2.2.2", "parking_kept", "parking_due", "quarter", "percent", 5, way(3, 60, 92)),
    Line("C2.2.4", "bike_chargers", "homes", "quarter", "per_thousand", 1, way(3, 50, 300), zero=True),
    Line("C2.3.1", "lifts", "lifts_wanted", "year", "percent", 1, way(4, 10, 60)),
    Line("C3.3.1", "grades", "reviews", "quarter", "grade", 20, way(4, 3.5, 4.6)),
    Line("C3.3.2", "bad_review_kept", "bad_review_due", "quarter", "percent", 1, steps),
    Line("C3.3.3", "online_hours", "online", "month", "ratio", 10, way(2, 120, 40)),
    Line("B2.1.1", "renewed", "old", "year", "percent", 1, way(5, 30, 95)),
    Line("B3.3.2", "has_culture", "communities", "quarter", "percent", 1, whole(3, 100), zero=True),
]
FIGURES = {
    EstateFigure.Name.PARKING: "parking",
    EstateFigure.Name.BIKE_CHARGERS: "bike_chargers",
    EstateFigure.Name.LIFTS: "lifts",
    EstateFigure.Name.LIFTS_WANTED: "lifts_wanted",
}


def tally() -> Tally:
    """Nothing counted yet."""
    return defaultdict(float)


@dataclass
class Book:
    """What was counted: for each unit and month what happened, for each unit what there is."""

    happened: dict[tuple[str, int], Tally] = field(default_factory=lambda: defaultdict(tally))
    there: dict[str, Tally] = field(default_factory=lambda: defaultdict(tally))

    def did(self, unit: str, at: datetime, what: str, n: float = 1) -> None:
        """Something happened there."""
        local = localtime(at)
        self.happened[unit, local.year * 100 + local.month][what] += n

    def has(self, code: str, what: str, n: int = 1) -> None:
        """Something is there."""
        self.there[code[:12]][what] += n

    def over(self, units: Iterable[str], months: Sequence[int]) -> Tally:
        """All of it for some units over some months."""
        found = tally()
        for unit in units:
            for part in (self.there.get(unit), *(self.happened.get((unit, month)) for month in months)):
                for what, n in (part or {}).items():
                    found[what] += n
        return found


def count(on: date) -> Book:
    """Count everything, the register as of ``on``."""
    book = Book()
    _matters(book)
    _deeds(book)
    _calls(book)
    _territory(book, on)
    _people(book, on)
    return book


def _matters(book: Book) -> None:
    for matter in Matter.objects.filter(state="closed").select_related("holder__place"):
        at, unit, kept = matter.closed_at, matter.unit, matter.on_time is True
        assert at is not None
        for what in _sorts(matter.kind, matter.category_id):
            book.did(unit, at, f"{what}_kept", kept)
            book.did(unit, at, f"{what}_due", kept)
        here = matter.holder is not None and matter.holder.place.level in ("micro_grid", "grid", "community")
        book.did(unit, at, "told_closed", matter.kind in ("report", "order"))
        book.did(unit, at, "settled", matter.kind == "dispute" and matter.outcome == "fixed")
        book.did(unit, at, "small", matter.kind in SMALL)
        book.did(unit, at, "small_here", matter.kind in SMALL and here)
        if matter.channel in ("web", "wechat"):
            book.did(unit, at, "online")
            book.did(unit, at, "online_hours", hours(matter))
    for review in Review.objects.filter(set_aside_at=None).select_related("matter"):
        book.did(review.matter.unit, review.at, "reviews")
        book.did(review.matter.unit, review.at, "grades", review.grade)


def _sorts(kind: str, category: str) -> Iterator[str]:
    """Under which names it counts among what was on time."""
    if kind in GRID_EVENTS:
        yield "events"
    if kind == "dispute":
        yield "disputes"
    if kind == "bad_review":
        yield "bad_review"
    if category == "parking":
        yield "parking"


def hours(matter: Matter) -> float:
    """Working hours to its answer without the pauses."""
    if matter.answered_at is None:
        return 0.0
    since = matter.clock_from if matter.reopens else matter.raised_at
    used = calendar().hours_between(since, matter.answered_at)
    for pause in matter.pauses.all():
        if pause.started_at >= since and pause.ended_at is not None:
            used -= calendar().hours_between(pause.started_at, pause.ended_at)
    return max(0.0, round(used, 2))


def _deeds(book: Book) -> None:
    """What the lines of history say: ran out of time, turned yellow, answered, called."""
    matters = {each.subject: each for each in Matter.objects.all()}
    wide = set(
        Post.objects.filter(place__level__in=("street", "county", "city")).values_list("pk", flat=True)
    )
    last: dict[str, tuple[datetime, int]] = {}
    for line in Entry.objects.filter(subject__startswith="matter:").order_by("subject", "seq"):
        matter = matters[line.subject]
        if line.action == "overdue" or (line.action in BY_HAND and line.fields.get("late")):
            book.did(matter.unit, line.at, "in_time", -1)
            for what in _sorts(matter.kind, matter.category_id):
                book.did(matter.unit, line.at, f"{what}_due")
        if line.action == "warn":
            book.did(matter.unit, line.at, "yellow")
            book.did(matter.unit, line.at, "in_time")
        if line.action in BY_HAND and matter.kind in ("report", "order"):
            book.did(matter.unit, line.at, "answered")
        if line.action in ("dispatch", "whistle"):
            called = 1 + len(line.fields.get("others", ())) if UUID(line.fields["to"]) in wide else 0
            last[line.subject] = line.at, called
            book.did(matter.unit, line.at, "called", called)
        if line.action == "take_back":
            at, called = last[line.subject]
            book.did(matter.unit, at, "called", -called)


def _calls(book: Book) -> None:
    for call in Assignment.objects.exclude(arrived_at=None).select_related("matter"):
        assert call.arrived_at is not None
        book.did(call.matter.unit, call.arrived_at, "came", call.arrived_at <= call.report_due)


def _territory(book: Book, on: date) -> None:
    led = {each.grid_id for each in GridParty.objects.all() if _holds(each, on)}
    for place in Place.objects.filter(active_until=None, level__in=("grid", "community")):
        if place.level == "grid":
            book.has(place.code, "grids")
            book.has(place.code, "led", place.pk in led)
    for building in Building.objects.select_related("estate__place"):
        book.has(building.estate.place.code, "buildings")
    for estate in Estate.objects.select_related("place"):
        old = estate.built_year is not None and estate.built_year < 2001
        book.has(estate.place.code, "estates")
        book.has(estate.place.code, "old", old)
        book.has(estate.place.code, "renewed", old and estate.renewal == "done")
    newest: dict[tuple[UUID | int, str], EstateFigure] = {}
    for figure in EstateFigure.objects.select_related("estate__place").order_by("as_of", "pk"):
        newest[figure.estate_id, figure.name] = figure
    for (_estate, name), figure in newest.items():
        if word := FIGURES.get(EstateFigure.Name(name)):
            book.has(figure.estate.place.code, word, figure.value)
    for facility in Facility.objects.filter(kind="culture", active_until=None).select_related("place"):
        book.has(facility.place.code, "culture")


def _people(book: Book, on: date) -> None:
    staffed, headed = set(), set()
    for held in Holding.objects.select_related("post__place", "post__building__estate__place"):
        post = held.post
        if not _holds(held, on):
            continue
        if post.kind_id == "grid_worker" and post.place.active_until is None:
            staffed.add(post.place.code)
        if post.kind_id == "building_head" and post.building is not None:
            headed.add((post.building.estate.place.code, post.building_id))
        if post.kind_id == "lawyer" and not held.stand_in:
            book.has(post.place.code, "lawyers")
    for code in staffed:
        book.has(code, "staffed")
    for code, _building in headed:
        book.has(code, "headed")
    roles = {"property_company": "managed", "owners_committee": "committees"}
    for running in Running.objects.select_related("estate__place"):
        if running.estate is not None and running.role in roles and _holds(running, on):
            book.has(running.estate.place.code, roles[running.role])
    for home in Household.objects.filter(merged_into=None).select_related("building__estate__place"):
        if home.state != Household.State.MOVED:
            book.has(home.building.estate.place.code, "homes")


def _holds(row: GridParty | Holding | Running, on: date) -> bool:
    return row.valid_from <= on and (row.valid_until is None or row.valid_until > on)
