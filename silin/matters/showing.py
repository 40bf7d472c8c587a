"""What pages of staff show of a matter, worked out once for a whole list: its clock, its place, its hands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib import clockview
from silin.lib.clockview import ClockView, TimeBar
from silin.lib.how_many import count_each
from silin.lib.refusal import Words
from silin.lib.workdays import WorkCalendar
from silin.matters.models import RUNNING, Colour, Matter, Pause, Photo, State
from silin.matters.queries import TABS
from silin.matters.rows import ListRow
from silin.notices import queries as notices
from silin.places.levels import Level
from silin.places.models import Place

AT_MOST = 100
CHANNELS: dict[str, Words] = {
    "web": _("resident, online"),
    "wechat": _("resident, WeChat"),
    "phone": _("telephone"),
    "counter": _("counter"),
    "worker": _("grid worker"),
    "hotline": _("hotline"),
    "device": _("device"),
    "api": _("other system"),
    "office": _("set by an office"),
}


@dataclass(frozen=True)
class Line:
    """A matter in a list: its clock, where it is (building or spot, then grid)."""

    matter: Matter
    clock: ClockView | None

    @property
    def spot(self) -> str:
        return spot_of(self.matter)

    @property
    def grid(self) -> str:
        return self.matter.place.short_name

    @property
    def channel(self) -> str:
        return channel_words(self.matter.channel)


def lines(matters: Iterable[Matter], now: datetime, days: WorkCalendar) -> list[Line]:
    """The rows of a list."""
    return [Line(row, clock_of(row, now, days)) for row in matters]


@dataclass(frozen=True)
class Listed:
    """A row of a long list: its clock, where it is (building or spot, then grid)."""

    matter: ListRow
    clock: ClockView | None

    @property
    def spot(self) -> str:
        return " ".join(filter(None, [self.matter.building, self.matter.spot]))

    @property
    def grid(self) -> str:
        return self.matter.grid

    @property
    def channel(self) -> str:
        return channel_words(self.matter.channel)


def listed(rows: Iterable[ListRow], now: datetime, days: WorkCalendar) -> list[Listed]:
    """The rows of a long list."""
    return [Listed(row, clock_of(row, now, days)) for row in rows]


def clock_of(
    matter: Matter | ListRow, now: datetime, days: WorkCalendar, reason: str = ""
) -> ClockView | None:
    """The clock chip of a matter; ``reason`` says why it stands still. None where there is no clock."""
    if matter.handle_due is None:
        return None
    leans = matter.provisional
    if matter.state == State.WAITING:
        return ClockView("stop", matter.handle_due, 0, stopped_reason=reason, provisional=leans)
    if matter.state in RUNNING:
        late = matter.handle_due < now or matter.colour == Colour.LATE
        if not late and (taken_late := _not_taken(matter, now, days)):
            return taken_late
        left = int(days.hours_between(now, matter.handle_due) * 3600)
        return ClockView("late" if late else str(matter.colour), matter.handle_due, left, provisional=leans)
    if matter.answered_at is None:
        return None
    left = int(days.hours_between(matter.answered_at, matter.handle_due) * 3600)
    colour = Colour.LATE if matter.colour == Colour.LATE else Colour.OK
    return ClockView(str(colour), matter.handle_due, left, finished=True)


def _not_taken(matter: Matter | ListRow, now: datetime, days: WorkCalendar) -> ClockView | None:
    """The clock of whoever should have taken it, where that time is over and nobody has."""
    due = matter.respond_due
    if due is None or due >= now or matter.responded_at is not None:
        return None
    return ClockView("warn", due, int(days.hours_between(now, due) * 3600), of="respond")


def bar_of(matter: Matter, pauses: Sequence[Pause], now: datetime) -> TimeBar | None:
    """The time bar of a matter: from its receipt on, the pauses with their reasons, what was promised."""
    if matter.handle_due is None:
        return None
    stood = tuple(
        clockview.Pause(each.started_at, each.ended_at, str(each.get_reason_display())) for each in pauses
    )
    ended = matter.answered_at or matter.closed_at
    return TimeBar(matter.raised_at, matter.handle_due, now, matter.warn_due, ended, stood)


def channel_words(channel: str) -> str:
    """How a matter came in, in a word or two."""
    return str(CHANNELS.get(channel, channel))


def spot_of(matter: Matter) -> str:
    """Where exactly: the building and what was said about the spot."""
    return " ".join(filter(None, [str(matter.building) if matter.building else "", matter.spot]))


def crumb_of(matter: Matter) -> list[str]:
    """Street › community › grid › spot, as far as the rows at hand say it. Asks nothing."""
    parent = Place._meta.get_field("parent")
    line = [matter.place]
    while parent.is_cached(line[-1]) and line[-1].parent is not None:
        line.append(line[-1].parent)
    names = [each.short_name for each in reversed(line) if Level(each.level).depth >= Level.STREET.depth]
    return [*names, *filter(None, [spot_of(matter)])]


def photos_by_stage(photos: Iterable[Photo]) -> dict[str, list[Photo]]:
    """The pictures of a matter as it was raised, before and after."""
    stages: dict[str, list[Photo]] = {stage: [] for stage in Photo.Stage.values}
    for photo in photos:
        stages[photo.stage].append(photo)
    return stages


def tab_counts(user: User, now: datetime, *, at_most: int = AT_MOST) -> dict[str, int]:
    """How many rows each tab of the desk has, and how many notices are unread (``notices``).

    Counted up to ``at_most``. One statement a request: kept on the user.
    """
    kept: dict[str, int] | None = getattr(user, "_tab_counts", None)
    if kept is None:
        seen = Matter.objects.worked_by(user)
        rows: dict[str, QuerySet[Any]] = {key: tab.narrow(seen, user, now) for key, tab in TABS.items()}
        rows["notices"] = notices.inbox_of(user, now).filter(read_at=None)
        kept = count_each(rows, at_most)
        user._tab_counts = kept  # type: ignore[attr-defined]
    return kept
