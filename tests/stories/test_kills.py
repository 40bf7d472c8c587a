"""``kill -9`` in the middle of the work, over real HTTP, on both databases."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from http.client import HTTPException
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from silin.facts.models import Fact
from silin.history.models import Entry
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter, State
from silin.matters.raising import Report, raise_matter
from silin.notices.models import Channel, Notice
from silin.places.actions import set_day_off
from silin.receipts.models import Receipt
from tests import servers
from tests.servers import Server
from tests.stories.fast_loop import FastClock
from tests.stories.proof import PATIENCE, books_are_whole, drawn, until
from tests.town import MONDAY, SIDE, SOUTH, WEST, Town, build
from tests.visitors import JSON, Answer, Visitor, session_of

CHECK = "/report/check/"
BROKEN = (OSError, HTTPException)
"""What a client sees of a server that was killed: whether its report has arrived it cannot know."""


# Web workers are killed


@dataclass
class Load:
    """Residents who report without a pause; whoever is cut off sends the same again."""

    url: str
    sessions: list[str]
    chance: random.Random
    over: threading.Event = field(default_factory=threading.Event)
    given: dict[str, str] = field(default_factory=dict)
    refused: list[Answer] = field(default_factory=list)
    cut_off: int = 0

    def run(self, session: str, seed: int) -> None:
        """One resident."""
        visitor, chance = Visitor(self.url, session), random.Random(seed)
        while not self.over.is_set():
            client_id = UUID(int=chance.getrandbits(128), version=4)
            lon, lat = WEST + chance.random() * 2 * SIDE, SOUTH + chance.random() * SIDE
            sent = {
                "client_id": str(client_id),
                "words": f"灯不亮 {chance.random()}",
                "category": "street_light",
            }
            answer = self.send(visitor, {**sent, "lon": str(lon), "lat": str(lat), "datum": "CGCS2000"})
            if answer.status == 201:
                self.given[str(client_id)] = answer.told["number"]
            else:
                self.refused.append(answer)

    def send(self, visitor: Visitor, sent: dict[str, str]) -> Answer:
        """Again and again until somebody answers. Raises what broke the line when nobody does for long."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return visitor.post(CHECK, sent, JSON)
            except BROKEN:
                if time.monotonic() > end:
                    raise
                self.cut_off += 1
                time.sleep(0.1)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """As long as the block lasts; afterwards everybody has been answered."""
        with ThreadPoolExecutor(len(self.sessions)) as pool:
            runs = [pool.submit(self.run, each, self.chance.getrandbits(32)) for each in self.sessions]
            try:
                yield
            finally:
                self.over.set()
        for each in runs:
            each.result()


def web_workers(server: Server) -> list[int]:
    """The process ids of the web workers of a ``silin up``, while it is putting them back too."""
    found = []
    for child in servers.children(server.process.pid):
        try:
            if b"web" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                found += servers.children(child)
        except FileNotFoundError:
            continue
    return found


def kill_web_workers(server: Server, *, times: int, threads: int, pause: float = 1.2) -> None:
    """Workers die in the middle of their work, again and again: no report that was answered is lost."""
    town, chance = build(), drawn()
    sessions = [session_of(user) for user in (town.chen, town.stranger) for _ in range(threads // 2)]
    load, killed = Load(server.url, sessions, chance), set()
    with load.going_on():
        for _ in range(times):
            time.sleep(chance.uniform(0.2, pause))
            worker = chance.choice(web_workers(server))
            os.kill(worker, signal.SIGKILL)
            killed.add(worker)
            until(lambda: len(set(web_workers(server)) - killed) == 2)
    print(f"{len(load.given)} receipts, {load.cut_off} cut off, {len(killed)} workers killed")
    assert load.refused == []
    assert load.cut_off >= times == len(killed)
    assert_each_once(load.given)


def assert_each_once(given: dict[str, str]) -> None:
    """Every receipt that was given is in the database, once, with all that belongs to it."""
    receipts = dict(Receipt.objects.values_list("client_id", "answer__number"))
    assert {str(client_id): number for client_id, number in receipts.items()} == given
    matters = {matter.subject: matter.number for matter in Matter.objects.all()}
    assert sorted(matters.values()) == sorted(given.values())
    assert sorted(Entry.objects.filter(action="raise").values_list("subject", flat=True)) == sorted(matters)
    facts = Fact.objects.filter(name="matter.raised")
    assert sorted(facts.values_list("subject", flat=True)) == sorted(matters)
    notices = Notice.objects.filter(name="matter_assigned").values_list("link", flat=True)
    assert sorted(link.split("/")[3] for link in notices) == sorted(matters.values())
    books_are_whole()


def test_a_killed_web_worker_loses_no_report(live_db: str, tmp_path: Path) -> None:
    with servers.running("up", live_db, tmp_path) as server:
        kill_web_workers(server, times=3, threads=6)


# The jobs loop is killed


def kill_the_loop(folder: Path, name: str, *, times: int, matters: int) -> None:
    """A loop is killed in the middle of its work, again and again: the next one catches up, nothing twice."""
    town, chance = build(), drawn()
    for n in range(matters):
        raised(town, n)
    clock = FastClock(MONDAY + timedelta(days=1), time.time() + 1, speed=86_400 * 6)
    log = folder / "loop.log"
    for _ in range(times):
        with looping(name, folder, log, clock):
            until(partial(_went_on, log, log.stat().st_size, clock))
            time.sleep(chance.uniform(0, 0.15))
    with looping(name, folder, log, clock):
        until(lambda: done(clock) and nothing_waits())
    clock_did_each_once(matters)
    sent_all(log.read_text().splitlines(), town, at_most_again=times)


def _went_on(log: Path, size: int, clock: FastClock) -> bool:
    return log.stat().st_size > size or done(clock)


def done(clock: FastClock) -> bool:
    """Whether a month has passed and the loop has caught up with it."""
    return clock() > MONDAY + timedelta(days=30) and nothing_is_due(clock)


def raised(town: Town, n: int) -> None:
    """A matter that runs out of time; every second one is answered instead, and waits for the raiser."""
    now = MONDAY + timedelta(hours=n)
    matter = raise_matter("report", By(town.chen, now), Report(f"灯不亮 {n}", town.lamp, place=town.grid))
    if n % 2:
        matter = accept(matter, By(town.wang, now))
        answer(matter, By(town.wang, now, words="是误报"), outcome="not_found")


@contextmanager
def looping(name: str, folder: Path, log: Path, clock: FastClock) -> Iterator[None]:
    """A jobs loop on the database ``name`` that is killed at the end of the block."""
    command = [sys.executable, "-m", "tests.stories.fast_loop", str(clock)]
    with log.open("ab") as out:
        loop = subprocess.Popen(command, stdout=out, stderr=out, env=servers.environment(name), cwd=folder)
    try:
        yield
    finally:
        loop.kill()
        loop.wait()


def nothing_waits() -> bool:
    """Whether no message is left over for the morning after a quiet night."""
    return not Notice.objects.filter(next_try__isnull=False).exists()


def nothing_is_due(clock: FastClock) -> bool:
    """Whether the loop has caught up with its clock."""
    late = clock() - timedelta(hours=12)
    matters, notices = Matter.objects.filter(next_due__lt=late), Notice.objects.filter(next_try__lt=late)
    return not matters.exists() and not notices.exists()


def clock_did_each_once(matters: int) -> None:
    """What ran out of time turned late and climbed each level once; what was answered closed once."""
    facts = Counter(Fact.objects.values_list("name", "subject", "outcome", "level"))
    assert set(facts.values()) == {1}
    by_name = Counter(name for name, *_rest in facts)
    late = Matter.objects.filter(state=State.ASSIGNED, colour="late").count()
    assert (late, Matter.objects.filter(state=State.CLOSED).count()) == (matters // 2, matters // 2)
    assert by_name["matter.overdue"] == by_name["matter.closed"] == matters // 2
    deeds = Entry.objects.filter(subject__startswith="matter:").values_list(
        "subject", "action", "fields__post"
    )
    assert set(Counter(deeds).values()) == {1}
    books_are_whole()


def sent_all(said: list[str], town: Town, at_most_again: int) -> None:
    """Every text message went out, several gathered in one; a loop that was killed between sending and
    noting it sent one again.
    """
    texts = sorted(_gathered(line) for line in said if line.startswith("SMS"))
    due = Notice.objects.filter(channel=Channel.SMS, recipient=town.chen)
    assert not due.filter(sent_at=None).exists()
    print(f"{due.count()} text messages in {len(texts)}")
    assert sum(texts) >= due.count() > 0
    assert sum(texts[at_most_again:]) <= due.count()


def _gathered(line: str) -> int:
    """How many messages a text message holds."""
    many = re.search(r"(\d+) 条新消息", line)
    return int(many[1]) if many else 1


def test_a_killed_jobs_loop_is_caught_up_with(live_db: str, tmp_path: Path) -> None:
    kill_the_loop(tmp_path, live_db, times=3, matters=40)


def _are(rows: QuerySet[Entry], least: int) -> bool:
    return rows.count() >= least


def test_a_loop_killed_while_it_counts_anew_counts_each_matter_once(live_db: str, tmp_path: Path) -> None:
    """2027 is announced with a day off more; whatever was counted before the kill is not counted again."""
    town, day = build(), timedelta(days=1)
    start = MONDAY + 72 * day + timedelta(hours=1)  # the 30th of December, at ten
    for _ in range(60):
        raise_matter("report", By(town.chen, start), Report("灯不亮", town.lamp, place=town.grid))
    for off in (2, 5):
        set_day_off((start + off * day).date(), "day_off", actor=None, now=start)
    counted, clock = Entry.objects.filter(action="recount"), FastClock(start, time.time(), speed=1)
    for least in (1, 20, 60):
        with looping(live_db, tmp_path, tmp_path / "loop.log", clock):
            until(partial(_are, counted, least))
    assert Counter(counted.values_list("subject", flat=True)) == {
        matter.subject: 1 for matter in Matter.objects.all()
    }
    assert set(Matter.objects.values_list("handle_due", "provisional")) == {(start + 7 * day, False)}
    assert Notice.objects.filter(name="matter_recounted", channel=Channel.INBOX).count() == 60
    books_are_whole()
