"""Repeats and two people at once, over real HTTP, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

from silin.facts.models import Fact
from silin.history.models import Entry
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.notices.models import Notice
from silin.receipts.models import Receipt
from tests.stories.proof import books_are_whole, drawn
from tests.town import MONDAY, Town, build
from tests.visitors import JSON, PAGE, Answer, Visitor, session_of, signed_in

CHECK = "/report/check/"


def at_once(calls: list[Callable[[], Answer]]) -> list[Answer]:
    """Run ``calls`` in threads that all start together."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(run, call) for call in calls]]


# The same report again and again


def many_times(visitors: list[Visitor], sent: dict[str, str], accept: str, each: int) -> list[Answer]:
    """The same POST of all ``visitors`` at once, ``each`` times one after the other."""
    barrier = threading.Barrier(len(visitors))

    def run(visitor: Visitor) -> list[Answer]:
        barrier.wait()
        return [visitor.post(CHECK, sent, accept) for _ in range(each)]

    with ThreadPoolExecutor(len(visitors)) as pool:
        return [answer for answers in pool.map(run, visitors) for answer in answers]


def is_one_matter(town: Town, number: str) -> None:
    """One matter, one receipt, and everything that belongs to them once."""
    matter = Matter.objects.get()
    assert matter.number == number
    assert Receipt.objects.get().answer == {"number": number}
    assert Counter(Fact.objects.values_list("name", flat=True)) == {"matter.raised": 1}
    assert Entry.objects.filter(subject=matter.subject).count() == 1
    assert Notice.objects.filter(name="matter_assigned", recipient=town.wang).count() == 1
    books_are_whole()


def same_from_a_program(url: str, each: int) -> None:
    """A program sends one report 20 times at once, ``each`` times over."""
    town = build()
    session = session_of(town.chen)
    sent = report(town.grid.code, UUID(int=drawn().getrandbits(128), version=4))
    answers = many_times([Visitor(url, session) for _ in range(20)], sent, JSON, each)
    assert {answer.status for answer in answers} == {201}
    [number] = {answer.told["number"] for answer in answers}
    is_one_matter(town, number)


def same_from_a_page(url: str, each: int) -> None:
    """The last page's button is pressed 20 times at once, ``each`` times over."""
    town = build()
    session = session_of(town.chen)
    chen = Visitor(url, session)
    sent = report(town.grid.code, UUID(int=drawn().getrandbits(128), version=4))
    assert chen.post("/report/", sent).status == chen.post("/report/where/", sent).status == 303
    sent = {name: sent[name] for name in ("client_id", "category")}
    answers = many_times([Visitor(url, session) for _ in range(20)], sent, PAGE, each)
    assert {answer.status for answer in answers} == {303}
    [there] = {answer.headers["location"] for answer in answers}
    is_one_matter(town, there.split("/")[-2])
    assert chen.get(there).status == 200


def report(place: str, client_id: UUID, words: str = "三号楼门口的灯不亮") -> dict[str, str]:
    """What is said of a broken light, as a form or a program sends it."""
    return {"client_id": str(client_id), "words": words, "category": "street_light", "at": f"place:{place}"}


def test_one_report_sent_a_hundred_times_at_once_is_one_matter(live_db: str, server: str) -> None:
    same_from_a_program(server, 5)


def test_a_button_pressed_a_hundred_times_at_once_is_one_matter(live_db: str, server: str) -> None:
    same_from_a_page(server, 5)


# Two people at once


@dataclass(frozen=True)
class Act:
    """What somebody does on their page of a matter, and the words they type (empty: the form has none)."""

    who: str
    page: str
    do: str
    words: str = ""
    more: dict[str, str] = field(default_factory=dict)


RIVALS = [
    (
        Act("wang", "/w/tasks/{}/", "return", "这是物业的灯，请转给他们"),
        Act("li", "/desk/m/{}/", "close", "昨天已经修过了", {"outcome": "duplicate"}),
    ),
    (
        Act("wang", "/w/tasks/{}/", "comment", "下午三点去看"),
        Act("li", "/desk/m/{}/", "comment", "居民又打电话来问"),
    ),
    (
        Act("chen", "/m/{}/", "withdraw"),
        Act("wang", "/w/tasks/{}/", "return", "等配件，后天才能修"),
    ),
    (
        Act("li", "/desk/m/{}/", "refuse", "不归社区管，请打供电热线"),
        Act("guo", "/desk/m/{}/", "close", "已经解释过了", {"outcome": "advised"}),
    ),
]


def two_at_once(url: str, rounds: int) -> None:
    """Pairs of people act on one matter at once: one is heard, the other is told and loses no word."""
    town = build()
    chance = drawn()
    people = {name: signed_in(url, getattr(town, name)) for name in ("wang", "li", "guo", "chen")}
    for turn in range(rounds):
        pair = RIVALS[turn % len(RIVALS)]
        matter = raise_matter("report", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))
        filled = [filled_in(people[act.who], act, matter.number) for act in pair]
        acts = list(zip(pair, filled, strict=True))
        chance.shuffle(acts)
        posts = [sending(people[act.who], act, matter.number, sent) for act, sent in acts]
        answers = at_once(posts)
        assert sorted(each.status for each in answers) == [303, 409], [act for act, _sent in acts]
        lost = next(n for n, each in enumerate(answers) if each.status == 409)
        told_and_kept(*acts[lost], answers[lost], str(getattr(town, acts[1 - lost][0].who)))
        assert Entry.objects.filter(subject=matter.subject).count() == 2
    books_are_whole()


def filled_in(visitor: Visitor, act: Act, number: str) -> dict[str, str]:
    """The form of the person's page, with what they type."""
    form = visitor.get(act.page.format(number)).forms()[act.do]
    return {**form, **act.more, **({"words": act.words} if act.words else {})}


def sending(visitor: Visitor, act: Act, number: str, sent: dict[str, str]) -> Callable[[], Answer]:
    """The pressing of the button."""
    return lambda: visitor.post(act.page.format(number), sent)


def told_and_kept(act: Act, sent: dict[str, str], page: Answer, other: str) -> None:
    """The page says who was faster, and still holds the words: in the form, or beside it where it is gone."""
    assert act.words in page.text
    assert "再看一眼" in page.text or other in page.text
    again = page.forms().get(act.do)
    if again is not None and act.words:
        assert again["words"].strip() == act.words
        assert again["version"] != sent["version"]


def test_two_people_at_once_the_second_is_told_and_loses_nothing(live_db: str, server: str) -> None:
    two_at_once(server, 8)
