"""What people say: titles and sentences put together from hand-written parts, none of them three times.

``{a|b}`` is a choice, ``<spot>`` and the like are filled in from where it is. The parts stand in
``data/words/`` (leaf by leaf) and ``data/talk.yaml`` (what goes with any matter).
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import yaml

from silin.demo.blocks import House, Quarter
from silin.demo.plane import DATA
from silin.lib.workdays import SHANGHAI

CHOICE = re.compile(r"\{([^{}]*)\}")
SLOT = re.compile(r"<(\w+)>")
HIGH = 9  # floors from which a building has a lift
TRIES = 60
SAME = 2  # how often anything may be said
TITLE = 18  # signs of a title at most
ONE_BY_ONE = ("now", "reviews", "disputes", "rectifications")  # what is told in files of their own
HOURS = (
    "上午9点",
    "上午10点",
    "上午11点",
    "中午",
    "下午2点",
    "下午3点",
    "下午4点",
    "下午5点",
    "傍晚",
    "晚上8点",
)
MASTERS = "王李张刘杨赵陈孙周马高梁雷何田冯罗唐董白"

Slots = dict[str, str]


@dataclass(frozen=True)
class Saying:
    """One matter in words: what is said when it is raised, and what may be said later."""

    category: str
    title: str
    words: str
    spot: str
    at: str  # road, yard, door, home
    indoors: bool  # whether it is in or right beside its building, not somewhere else outside
    scene: str
    done: Sequence[str]
    not_yet: Sequence[str]
    slots: Slots
    settled: str = ""  # what was done there and then; empty for what takes its way


@dataclass
class Speaker:
    """Says things, always the same ones for the same seed, and keeps count so that nothing comes often.

    What is told one by one counts from the beginning.
    """

    seed: str
    said: Counter[str] = field(default_factory=Counter)
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"words {self.seed}")
        self.said.update(foretold())

    def say(self, quarter: Quarter, house: House, day: date, *, worker: bool, leaf: str = "") -> Saying:
        """A matter at ``house`` or on the road before it, as a resident or a grid worker would put it.

        ``leaf`` asks for one category; else the season chooses.
        """
        for _try in range(TRIES):
            code = leaf or self._leaf(day, worker=worker, lift=house.floors >= HIGH)
            told = leaves()[code]
            part = self.rng.choice(_parts(told, day, worker=worker))
            slots = self._slots(quarter, house, part["at"])
            title, words = self.fill(part["title"], slots), self.fill(self._words(part, worker), slots)
            if not self.said[words] and self.said[title] < SAME:
                break
        title, words = self._once(_titles(title, slots)), self._once(_sentences(words, slots))
        return self._saying(code, part, slots, title=title, words=words)

    def settle(self, quarter: Quarter, house: House) -> Saying:
        """Something small that a grid worker saw and put right on the spot."""
        at_once: Mapping[str, Any] = talk()["at_once"]
        for _try in range(TRIES):
            code = self.rng.choice(sorted(at_once))
            name, saw, did = self.rng.choice(at_once[code])
            slots = self._slots(quarter, house, _where(saw))
            title, words = self.fill(name, slots), self.fill(saw, slots)
            if not self.said[words] and self.said[title] < SAME:
                break
        title, words = self._once(_titles(title, slots)), self._once(_sentences(words, slots))
        settled = self.pick([did], self.rng, slots)
        return self._saying(code, {}, slots, title=title, words=words, settled=settled)

    def sense(self, quarter: Quarter, house: House, at: datetime) -> Saying:
        """What a device noticed at ``at``, as it would put it."""
        sensed: Mapping[str, Any] = talk()["sensed"]
        fit = [code for code in sorted(sensed) if _noticed(code, house, at)]
        for _try in range(TRIES):
            code = self.rng.choice(fit)
            name, saw, did = self.rng.choice(sensed[code])
            slots = self._slots(quarter, house, _where(saw)) | _measured(self.rng, at)
            title, words = self.fill(name, slots), self.fill(saw, slots)
            if not self.said[words] and self.said[title] < SAME:
                break
        title, words = self._once(_titles(title, slots)), self._once(_sentences(words, slots))
        return self._saying(code, {"done": (did,)}, slots, title=title, words=words)

    def pick(self, lines: Sequence[str], rng: random.Random, slots: Slots, also: str = "also") -> str:
        """One of the lines, filled, as nobody said it yet where there is such a way; an empty line stays.

        ``also`` names the lines of ``talk.yaml`` that are added where everything was said often enough.
        """
        if not lines or not rng.choice(lines):
            return ""
        spoken = [line for line in lines if line]
        for _try in range(TRIES):
            text = self.fill(rng.choice(spoken), slots | _said_when(rng), rng)
            if not self.said[text]:
                break
        while self.said[text] >= SAME:
            besides = self.fill(rng.choice(talk()[also]), slots | _said_when(rng), rng)
            text = f"{text.rstrip('。？')}，{besides}。"
        self.said[text] += 1
        return text

    def fill(self, text: str, slots: Slots, rng: random.Random | None = None) -> str:
        """Make every choice in the text and put in what belongs to the place."""
        choose = rng or self.rng
        while CHOICE.search(text):
            text = CHOICE.sub(lambda found: choose.choice(found[1].split("|")), text)
        while SLOT.search(text):
            text = SLOT.sub(lambda found: slots[found[1]], text)
        return text

    def _once(self, texts: Iterable[str]) -> str:
        """The first of the texts that was not said often enough already, counted as said; else the last."""
        for text in texts:
            if self.said[text] < SAME:
                break
        self.said[text] += 1
        return text

    def _leaf(self, day: date, *, worker: bool, lift: bool) -> str:
        fit = {
            code: told["weight"]
            for code, told in leaves().items()
            if _parts(told, day, worker=worker) and (lift or told.get("only") != "lift")
        }
        return self.rng.choices(list(fit), list(fit.values()))[0]

    def _words(self, part: Mapping[str, Any], worker: bool) -> str:
        return str(self.rng.choice(part["wrk"] if worker else part["res"]))

    def _slots(self, quarter: Quarter, house: House, at: str) -> dict[str, str]:
        """What the words may name: building, entrance, floor, road, shop, and the spot itself."""
        told, rng = quarter.told, self.rng
        slots = {
            "no": str(house.number),
            "unit": str(rng.randint(1, house.entrances)),
            "floor": str(rng.randint(2, house.floors)),
            "estate": house.estate,
            "road": rng.choice(told["roads"]),
            "side": rng.choice(talk()["sides"]),
            "mark": rng.choice(told["landmarks"]),
            "shop": rng.choice(talk()["shops"]),
            "prop": told["property"],
        }
        slots["spot"] = self.fill(rng.choice(talk()["yard"]), slots)
        beside = slots["spot"].removeprefix(f"{house.number}号楼")
        indoors = at in ("door", "home") or (at == "yard" and beside != slots["spot"])
        near = beside if len(beside) > 1 else f"楼{beside}"
        where = {
            "road": "<road><mark>",
            "door": "<unit>单元",
            "home": "",
            "yard": near if indoors else f"<estate>{beside}",
        }
        slots |= {"at": at, "indoors": "yes" if indoors else "no"}
        slots["where"] = self.fill(where[at], slots)
        return slots

    def _saying(
        self, code: str, part: Mapping[str, Any], slots: Slots, *, title: str, words: str, settled: str = ""
    ) -> Saying:
        told = leaves()[code]
        return Saying(
            category=code,
            title=title,
            words=words,
            spot=slots["where"],
            at=slots["at"],
            indoors=slots["indoors"] == "yes",
            scene=told["scene"],
            done=part.get("done", ()),
            not_yet=[*told.get("not_yet", ()), *talk()["not_yet"]],
            slots=slots,
            settled=settled,
        )


@cache
def leaves() -> dict[str, dict[str, Any]]:
    """What is said about each leaf of the categories, by its code."""
    told: dict[str, dict[str, Any]] = {}
    for path in sorted((DATA / "words").glob("*.yaml")):
        told |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return told


@cache
def talk() -> dict[str, Any]:
    """What goes with any matter: answers, reasons, reviews."""
    told: dict[str, Any] = yaml.safe_load((DATA / "talk.yaml").read_text(encoding="utf-8"))
    return told


@cache
def foretold() -> list[str]:
    """All texts of the matters that are told one by one."""
    rows = [yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8")) for name in ONE_BY_ONE]
    return list(_texts(rows))


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping | list):
        for each in told.values() if isinstance(told, Mapping) else told:
            yield from _texts(each)


def _titles(title: str, slots: Slots) -> Iterator[str]:
    """The title, and the same with more of where it is."""
    yield title
    road = slots["road"]
    if title.startswith(road):
        befores = [
            f"{road}{slots['mark']}",
            f"{road}{slots['side']}",
            f"{road}{slots['side']}{slots['mark']}",
        ]
        title = title.removeprefix(road)
    else:
        estate = slots["estate"]
        befores = [estate] if "号楼" in title else [estate, f"{estate}{slots['no']}号楼"]
    yield from (text for before in befores if len(text := f"{before}{title}") <= TITLE)
    yield from _closer(title, slots)


def _closer(title: str, slots: Slots) -> Iterator[str]:
    """What is beside a house, by its entrance."""
    house, estate = f"{slots['no']}号楼", slots["estate"]
    rest = title.removeprefix(house)
    if not {"road", "号楼", "单元"} & {slots["at"], *re.findall("号楼|单元", rest)}:
        near = f"{house}{slots['unit']}单元{rest}"
        yield from (text for text in (near, f"{estate}{near}") if len(text) <= TITLE)


def _sentences(words: str, slots: Slots) -> Iterator[str]:
    """The words, and the same with where it is before them."""
    yield words
    estate, number = slots["estate"], f"{slots['no']}号楼"
    yield from (
        f"{before}，{words}" for before in (f"{estate}{number}", estate, f"{slots['road']}{slots['side']}")
    )


def _noticed(leaf: str, house: House, at: datetime) -> bool:
    """Whether a device could notice that here and then."""
    if leaf == "lift":
        return house.floors >= HIGH
    if leaf == "heating":
        return at.month in (11, 12, 1, 2)
    return leaf != "flooding" or at.month in (6, 7, 8, 9)


def _measured(rng: random.Random, at: datetime) -> dict[str, str]:
    """What a device has measured."""
    return {
        "clock": f"{at.astimezone(SHANGHAI):%H:%M}",
        "deg": str(rng.randint(12, 38)),
        "cm": f"{rng.randint(8, 28):02}",
        "hot": str(rng.randint(58, 74)),
        "min": str(rng.randint(11, 55)),
        "m3": f"{rng.randint(2, 19) / 10}",
        "hrs": str(rng.randint(24, 40)),
    }


def _said_when(rng: random.Random) -> dict[str, str]:
    """When, and by whom: what goes with anything that is told afterwards."""
    given = f"{rng.choice(('老', '小'))}{rng.choice(MASTERS)}"
    return {"hour": rng.choice(HOURS), "master": rng.choice((given, f"{rng.choice(MASTERS)}师傅"))}


def _where(words: str) -> str:
    """In what sort of place something was seen, by the gaps of its words."""
    for gap, at in (("<road>", "road"), ("<spot>", "yard"), ("<unit>", "door")):
        if gap in words:
            return at
    return "home"


def reasons(leaf: str) -> list[str]:
    """With what words a grid worker may give a matter of this leaf back; none for most leaves."""
    return [line for row in talk()["back"] if leaf in row["leaves"] for line in row["lines"]]


def _parts(told: Mapping[str, Any], day: date, *, worker: bool) -> list[dict[str, Any]]:
    """What can be said of a leaf on this day by a resident or a worker."""
    voice = "wrk" if worker else "res"
    return [part for part in told["say"] if voice in part and _in_season(part, day)]


def _in_season(part: Mapping[str, Any], day: date) -> bool:
    if "months" in part and day.month not in part["months"]:
        return False
    if "between" not in part:
        return True
    first, last = int(part["between"][0]), int(part["between"][1])
    today = day.month * 100 + day.day
    return first <= today <= last if first <= last else today >= first or today <= last
