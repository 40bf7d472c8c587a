"""What becomes of each matter: drawn beforehand, so that the same city has the same half-year each time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from silin.demo.blocks import House, Quarter
from silin.demo.people import Neighbour
from silin.demo.words import Saying, Speaker, reasons
from silin.lib.workdays import SHANGHAI
from silin.places.queries import calendar

WEEKS = 26
WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 1.05, 0.7, 0.55)  # Monday to Sunday
STORMS = 4  # days of heavy rain from July to September
RAIN = 4.0  # how many times the usual on such a day
# Of a hundred: rounds 45, residents 30, riders (in the neighbours' group) 8, hotline 10, devices 7.
WORKING = {
    "worker": 0.48,
    "web": 0.195,
    "phone": 0.045,
    "counter": 0.045,
    "wechat": 0.07,
    "hotline": 0.1,
    "device": 0.065,
}
RESTING = {"worker": 0.32, "web": 0.37, "wechat": 0.12, "hotline": 0.1, "device": 0.09}
BY_NEIGHBOURS = ("web", "wechat")
AT_ONCE = 0.22  # share of what workers note that they settle there and then
HANDS = {"community": 0.79, "department": 0.155, "street": 0.055}  # of what is not settled there and then
FIRST = 12  # one in so many, of the late ones and of the others, is there before the first visitor comes in
HOURS = {  # at what times of day things are said: (from, to, weight)
    "worker": ((8.4, 11.7, 6), (14.2, 17.5, 6), (19.5, 21.0, 1)),
    "web": ((7.0, 9.0, 3), (12.0, 13.7, 3), (15.0, 17.5, 2), (18.0, 22.3, 7)),
    "hotline": ((8.2, 12.0, 3), (14.0, 21.5, 4)),
    "phone": ((8.4, 11.8, 4), (14.2, 17.6, 3)),
    "counter": ((8.6, 11.6, 4), (14.3, 17.2, 3)),
    "wechat": ((10.5, 13.5, 4), (17.0, 20.5, 5)),
    "device": ((0.0, 6.0, 3), (6.0, 18.0, 5), (18.0, 24.0, 5)),
}
OUTDOORS = ("road", "wall", "tree", "bench", "wires", "lamp")  # scenes of work that waits for the weather
PRIVATE = ("quarrel", "elders_help", "papers")  # never released for everybody
ASKING = ("papers", "activities", "children", "canteen")  # an answer in words may be enough
WISHES = ("parking_spaces", "bus_route", "ebike_charger", "step_free", "activities")  # may not be possible


@dataclass(frozen=True)
class Fate:
    """One matter before it happens. Shares are of the time that the category allows."""

    area: Quarter
    house: House
    saying: Saying
    at: datetime
    channel: str
    first: bool  # whether it is there before the first visitor comes in
    hands: str  # who settles it: community, street, department
    neighbour: Neighbour | None  # the resident who says it; None: a worker, the desk, the hotline, a device
    release: bool
    end: str  # answer, withdraw, duplicate, advised, passed_on, not_accepted
    accept: float
    answer: float
    outcome: str
    back: bool
    wait: str
    redo: bool
    again: bool
    look: str  # who looks at the answer: raiser, post, clock
    grade: int  # 0: no review
    comment: bool
    pick: random.Random  # for small choices on the way


def fates(
    areas: Sequence[Quarter],
    homes: Mapping[str, list[Neighbour]],
    now: datetime,
    speaker: Speaker,
    spare: Mapping[str, int],
) -> list[Fate]:
    """The matters of the 26 weeks before today, in the order in which they are raised.

    ``spare``: how many of a community's matters are told elsewhere (those of this moment).
    """
    when = []
    for area in areas:
        days = _days(random.Random(f"days {area.code}"), now, area.told["matters"] - spare.get(area.code, 0))
        for number, day in enumerate(days):
            rng = random.Random(f"fate {area.code} {number}")
            at, channel = _moment(rng, day)
            when.append((at, channel, area, rng))
    when.sort(key=lambda row: row[0])
    owed = dict.fromkeys((area.code for area in areas), 0.5)
    rows, drawn = [], Counter[tuple[str, bool]]()
    for at, channel, area, rng in when:
        owed[area.code] += area.told["late"] * _trend(area, at, now)
        late = owed[area.code] >= 1
        drawn[area.code, late] += 1
        first = drawn[area.code, late] % FIRST == 1
        fate = _fate(rng, area, homes[area.code], at, channel, now, speaker, late=late, first=first)
        owed[area.code] -= late and fate.end == "answer" and not fate.saying.settled
        rows.append(fate)
    return rows


def storms(now: datetime) -> set[date]:
    """The days of heavy rain in the summer that lies in the last 26 weeks."""
    first, last = _span(now)
    rng = random.Random("storms")
    wet = [day for day in _each(first, last) if day.month in (7, 8, 9)]
    return set(rng.sample(wet, min(STORMS, len(wet))))


def _span(now: datetime) -> tuple[date, date]:
    last = now.astimezone(SHANGHAI).date()
    return last - timedelta(weeks=WEEKS), last


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days)]


def _days(rng: random.Random, now: datetime, count: int) -> list[date]:
    """On which days matters are raised: more on Mondays, more after rain, fewer on days off."""
    rain = storms(now)
    days = _each(*_span(now))
    weights = []
    for day in days:
        weight = WEEKDAYS[day.weekday()] if calendar().is_workday(day) else WEEKDAYS[6]
        weights.append(weight * (RAIN if day in rain else 1))
    return sorted(rng.choices(days, weights, k=count))


def _moment(rng: random.Random, day: date) -> tuple[datetime, str]:
    """At what time of the day, and how."""
    shares = WORKING if calendar().is_workday(day) else RESTING
    channel = rng.choices(list(shares), list(shares.values()))[0]
    begin, end, _weight = rng.choices(HOURS[channel], [row[2] for row in HOURS[channel]])[0]
    minutes = int(rng.uniform(begin, end) * 60)
    return datetime.combine(day, time(minutes // 60, minutes % 60, rng.randint(0, 59)), SHANGHAI), channel


def _fate(
    rng: random.Random,
    area: Quarter,
    homes: list[Neighbour],
    at: datetime,
    channel: str,
    now: datetime,
    speaker: Speaker,
    *,
    late: bool,
    first: bool,
) -> Fate:
    neighbour = rng.choice(homes) if channel in BY_NEIGHBOURS else None
    house = neighbour.house if neighbour else rng.choice(area.houses)
    wet = at.date() in storms(now) and rng.random() < 0.6
    saying = _saying(rng, speaker, area, house, at, channel, wet=wet)
    end, hands = _end(rng, neighbour), rng.choices(list(HANDS), list(HANDS.values()))[0]
    return Fate(
        area=area,
        house=house,
        saying=saying,
        at=at,
        channel=channel,
        first=first,
        hands=hands if end == "answer" and not saying.settled else "community",
        neighbour=neighbour,
        release=saying.category not in PRIVATE and rng.random() < (0.35 if channel == "worker" else 0.7),
        end=end,
        accept=rng.uniform(1.1, 1.9) if late and rng.random() < 0.6 else rng.betavariate(1.6, 4),
        answer=rng.uniform(1.05, 2.4) if late else _share(rng, hands),
        outcome=_outcome(rng, saying.category),
        back=rng.random() < 0.09 and bool(reasons(saying.category)),
        wait=_wait(rng, saying) if rng.random() < 0.06 else "",
        redo=rng.random() < area.told["rework"],
        again=rng.random() < area.told["rework"] / 1.5,
        look=_look(rng, neighbour),
        grade=_grade(rng, area.told["unhappy"], late=late) if neighbour else 0,
        comment=rng.random() < 0.1,
        pick=rng,
    )


def _saying(
    rng: random.Random,
    speaker: Speaker,
    area: Quarter,
    house: House,
    at: datetime,
    channel: str,
    *,
    wet: bool,
) -> Saying:
    """What is said: settled there and then, noticed by a device, or put in words as the channel would."""
    worker = channel == "worker"
    if worker and rng.random() < AT_ONCE:
        return speaker.settle(area, house)
    if channel == "device":
        return speaker.sense(area, house, at)
    return speaker.say(area, house, at.date(), worker=worker, leaf="flooding" if wet else "")


def _trend(area: Quarter, at: datetime, now: datetime) -> float:
    """How a community's lateness moves over the half-year: ``trend`` is the factor at its end."""
    share = 1 - (now - at) / timedelta(weeks=WEEKS)
    return float(1 + (area.told["trend"] - 1) * share)


def _end(rng: random.Random, neighbour: Neighbour | None) -> str:
    lot = rng.random()
    if neighbour is None:
        return "answer" if lot > 0.02 else "duplicate"
    for share, end in ((0.02, "withdraw"), (0.04, "duplicate"), (0.06, "passed_on"), (0.067, "not_accepted")):
        if lot < share:
            return end
    return "answer"


def _wait(rng: random.Random, saying: Saying) -> str:
    """For what the clock is stopped for a while."""
    if saying.at == "home":
        return rng.choice(("third_party", "resident"))
    return rng.choice(("third_party", "date")) if saying.scene in OUTDOORS else "third_party"


def _share(rng: random.Random, hands: str) -> float:
    """How much of its time something takes that is done in time: departments need most of theirs."""
    more, less = (2, 2.6) if hands == "community" else (4, 2)
    return min(0.97, max(0.08, rng.betavariate(more, less)))


def _outcome(rng: random.Random, leaf: str) -> str:
    lot = rng.random()
    if leaf in ASKING and lot < 0.5:
        return "advised"
    if leaf in WISHES and lot > 0.75:
        return "not_feasible"
    return "not_found" if lot < 0.012 else "fixed"


def _look(rng: random.Random, neighbour: Neighbour | None) -> str:
    lot = rng.random()
    if neighbour is not None:
        return "raiser" if lot < 0.6 else "post" if lot < 0.75 else "clock"
    return "post" if lot < 0.65 else "clock"


def _grade(rng: random.Random, unhappy: float, *, late: bool) -> int:
    """A review's grade, 0 for none: a little over half leave one; who waited too long is harder to please."""
    if rng.random() > 0.55:
        return 0
    if rng.random() < unhappy * (2.5 if late else 0.7):
        return rng.choice((1, 2, 2))
    return rng.choices((5, 4, 3), (62, 28, 10) if not late else (25, 40, 35))[0]
