"""The dry run of a rule: which of the matters of the last weeks would have gone elsewhere.

Worked out by the rules as they will count on the day of the change, with whoever holds the posts today, and
without rosters: nobody knows who will be on duty then. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from silin.lib.ids import show_number
from silin.matters import registry
from silin.matters.models import Category, Matter, RoutingRule
from silin.matters.routing import in_order, rules, rules_about, rung_of
from silin.people.models import Holding, Post, today
from silin.people.queries import Rung
from silin.places.models import STEP, short_name
from silin.places.queries import around, calendar

WEEKS = 26
AT_MOST = 5000
"""Matters looked at, the latest first: enough to see what a rule does, and done in a moment."""

WANTED = (
    "number",
    "kind",
    "category_id",
    "placed_path",
    "answers",
    "place__name",
    "place__name_en",
    "raised_at",
)


@dataclass(frozen=True)
class Moved:
    """A matter that would have gone elsewhere: its number, what and where it was, from whom to whom."""

    number: str
    category: Category
    grid: str
    raised_at: datetime
    before: str
    after: str

    @property
    def shown_number(self) -> str:
        """The number as people read it."""
        return show_number(self.number)


@dataclass(frozen=True)
class Trial:
    """How many matters were looked at, since when, and those that would have gone elsewhere."""

    looked: int
    since: date
    moved: list[Moved] = field(default_factory=list)

    @property
    def same(self) -> int:
        """How many would have gone where they go now."""
        return self.looked - len(self.moved)

    @property
    def ways(self) -> list[tuple[str, str, int]]:
        """From whom to whom, and how many: the most first."""
        counted: dict[tuple[str, str], int] = {}
        for each in self.moved:
            counted[each.before, each.after] = counted.get((each.before, each.after), 0) + 1
        return [(*way, n) for way, n in sorted(counted.items(), key=lambda each: -each[1])]


def try_changes(new: Mapping[int, RoutingRule | None], day: date, now: datetime) -> Trial:
    """What changes on ``day`` when the rules of these numbers say something new (None: when they end)."""
    present = [rule for rule in rules() if rule.counts_on(day)]
    others = [rule for rule in present if rule.number not in new]
    said = [rule for rule in new.values() if rule is not None]
    coming = in_order([*others, *said])
    touched = [rule for rule in present if rule.number in new] + said
    since = now - timedelta(weeks=WEEKS)
    rows = list(_matters(touched, since))
    days = calendar()
    staff = _Staff([*present, *coming], touched, now)
    categories = Category.objects.select_related("parent").in_bulk()
    moved = []
    for row in rows:
        about = (row.kind, categories[row.category_id], row.placed_path, row.raised_at, row.answers)
        if not any(rule.is_about(*about) for rule in touched):
            continue
        before, after = (staff.first(rules_about(among, *about, days), row) for among in (present, coming))
        if before != after:
            grid = short_name(row.place__name, row.place__name_en)
            moved.append(
                Moved(row.number, about[1], grid, row.raised_at, staff.name(before), staff.name(after))
            )
    return Trial(len(rows), today(rows[-1].raised_at if len(rows) == AT_MOST else since), moved)


def _matters(touched: Iterable[RoutingRule], since: datetime) -> Iterable[Any]:
    """What came in lately where the rule is about, the latest first."""
    within = Q(pk__in=[])
    for rule in touched:
        within |= Q(placed_path__gte=rule.place.path, placed_path__lt=rule.place.path + "a")
    rows = Matter.objects.filter(within, raised_at__gte=since).order_by("-raised_at")
    return rows.values_list(*WANTED, named=True)[:AT_MOST]


class _Staff:
    """Who could be sent to: the staffed posts of all the rules and ladders, by kind and path."""

    def __init__(self, among: Sequence[RoutingRule], touched: Iterable[RoutingRule], now: datetime) -> None:
        ladders = {kind.key: kind.ladder for kind in registry.kinds().values()}
        self.ladders = {key: [Rung(each) for each in ladder] for key, ladder in ladders.items()}
        kinds = {rule.post_kind_id for rule in among}.union(*ladders.values())
        there = around((rule.place for rule in touched), "post__place")
        rows = Holding.objects.current(today(now)).filter(there, post__kind__in=kinds)
        self.posts: dict[tuple[str, str], list[Post]] = {}
        beside = ("post__kind", "post__place", "post__organisation")
        for row in rows.select_related(*beside).order_by("post__serial"):
            self.posts.setdefault((row.post.kind_id, row.post.place.path), []).append(row.post)

    def first(self, about: Sequence[RoutingRule], row: Any) -> Post | None:
        """The post to which the first of these rules, or the ladder, sends the matter."""
        for rung in [*map(rung_of, about), *self.ladders.get(row.kind, ())]:
            for end in range(len(row.placed_path), 0, -STEP):
                for post in self.posts.get((rung.kind, row.placed_path[:end]), ()):
                    if rung.holds(post):
                        return post
        return None

    def name(self, post: Post | None) -> str:
        """The kind of post that would get it, and of which organisation."""
        if post is None:
            return "–"
        return f"{post.organisation} {post.kind}" if post.organisation else str(post.kind)
