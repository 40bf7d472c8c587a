"""What a clock shows: worked out by the engine, drawn by the clock chip and the time bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext, pgettext

from silin.lib.dates import exact_words

MINUTE, HOUR = 60, 3600
WORKDAY = 8 * HOUR
MARGIN = 0.04


@dataclass(frozen=True)
class ClockView:
    """``colour`` is ok, warn, late or stop; ``left_seconds`` of working time (negative: over time).

    ``of`` says which clock it is: ``handle`` (until it is done) or ``respond`` (until somebody takes it).
    ``provisional``: the date leans on a year whose days off nobody has announced yet.
    ``finished``: the clock has run out its part, and ``left_seconds`` says how early (or late) it was done.
    """

    colour: str
    due: datetime | None
    left_seconds: int
    stopped_reason: str = ""
    finished: bool = False
    of: str = "handle"
    provisional: bool = False


@dataclass(frozen=True)
class Pause:
    """The clock stood still; ``end`` is None while it still does."""

    start: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True)
class TimeBar:
    """One matter (or one unit's part of it) from its start to now, against what was promised."""

    start: datetime
    due: datetime
    now: datetime
    warn_at: datetime | None = None
    ended_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True)
class Lane:
    """A stretch of the bar: ``at`` and ``wide`` in percent; kind is run, hold, over or done."""

    kind: str
    at: float
    wide: float
    words: str = ""

    @property
    def middle(self) -> float:
        return self.at + self.wide / 2

    @property
    def end(self) -> float:
        return self.at + self.wide


def amount_words(seconds: int) -> str:
    """Working time in its largest two units (a day is 8 hours): ``3 天``, ``1 天 2 时``, ``40 分钟``."""
    seconds = abs(seconds)
    days, rest = divmod(seconds, WORKDAY)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    if days and hours:
        return gettext("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if days:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if hours and minutes:
        return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if hours:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    if minutes:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return gettext("less than a minute")


def chip_words(view: ClockView) -> str:
    """The few words on the chip: ``剩 5 小时``, ``超 1 天 2 时``, ``早 1 天``, ``等天气``."""
    amount = {"amount": amount_words(view.left_seconds)}
    if view.colour == "stop":
        return view.stopped_reason or gettext("clock stopped")
    if view.finished:
        early = view.left_seconds >= 0
        return (gettext("%(amount)s early") if early else pgettext("done", "%(amount)s late")) % amount
    over = view.left_seconds < 0 or view.colour == "late"
    if view.of == "respond":
        return gettext("not taken, %(amount)s over") % amount
    return (gettext("%(amount)s over") if over else gettext("%(amount)s left")) % amount


def sentence(view: ClockView) -> str:
    """The whole sentence, as a screen reader says it."""
    said = _sentence(view)
    if view.provisional and not view.finished:
        said += " " + gettext("The date is provisional: the days off of that year are not announced yet.")
    return said


def _sentence(view: ClockView) -> str:
    said = {
        "amount": amount_words(view.left_seconds),
        "due": exact_words(view.due) if view.due else "",
        "reason": view.stopped_reason or gettext("clock stopped"),
    }
    if view.colour == "stop":
        return gettext("The clock stands still: %(reason)s.") % said
    if view.of == "respond":
        return (
            gettext("Nobody has taken it: %(amount)s of working time over, it was to be taken by %(due)s.")
            % said
        )
    if view.finished and view.left_seconds >= 0:
        return gettext("Done %(amount)s of working time before it was due (%(due)s).") % said
    if view.finished:
        return gettext("Done %(amount)s of working time after it was due (%(due)s).") % said
    if view.left_seconds < 0 or view.colour == "late":
        return gettext("Late: %(amount)s of working time over, it was due %(due)s.") % said
    if view.colour == "warn":
        return gettext("Little time: %(amount)s of working time left, due %(due)s.") % said
    return gettext("On time: %(amount)s of working time left, due %(due)s.") % said


class Scale:
    """Moments to percent of the bar's width; a little room is left after the last of them."""

    def __init__(self, bar: TimeBar) -> None:
        self.start = bar.start
        last = max(bar.due, bar.ended_at or bar.now)
        self.span = max((last - bar.start).total_seconds(), 1.0) * (1 + MARGIN)

    def at(self, moment: datetime) -> float:
        return round(min(100.0, max(0.0, (moment - self.start).total_seconds() / self.span * 100)), 2)

    def lane(self, kind: str, start: datetime, end: datetime, words: str = "") -> Lane:
        return Lane(kind, self.at(start), round(self.at(end) - self.at(start), 2), words)


def lanes(bar: TimeBar) -> list[Lane]:
    """The stretches of the bar in drawing order: what ran, what ran over, and the pauses on top."""
    scale, end = Scale(bar), bar.ended_at or bar.now
    kind = "done" if bar.ended_at and bar.ended_at <= bar.due else "run"
    drawn = [scale.lane(kind, bar.start, min(end, bar.due))]
    if end > bar.due:
        drawn.append(scale.lane("over", bar.due, end))
    drawn += [scale.lane("hold", each.start, each.end or end, each.reason) for each in bar.pauses]
    return drawn
