"""What is under Silin fails: the database is away, the disk is full, all is killed, the clock jumps."""

from __future__ import annotations

import os
import resource
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection

from silin.history.models import Entry
from silin.kinds.report.models import Draft
from silin.lib.jobs import find_jobs
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.notices.models import Notice
from tests import servers
from tests.servers import Server
from tests.stories.proof import PATIENCE, books_are_whole, drawn, until
from tests.stories.test_kills import CHECK, Load, assert_each_once
from tests.town import MONDAY, Town, build
from tests.visitors import JSON, Answer, Visitor, session_of, signed_in

WORDS = "三楼的灯一个星期不亮了"


def said(visitor: Visitor, **more: str) -> dict[str, str]:
    """The first form of a report, as a browser sends it."""
    return {"csrfmiddlewaretoken": visitor.csrf, "client_id": str(uuid4()), "words": WORDS, **more}


def report(town: Town, **more: str) -> dict[str, str]:
    """A whole report, as a program sends it."""
    place = {"lon": str(town.building.lon), "lat": str(town.building.lat), "datum": "CGCS2000"}
    return {"client_id": str(uuid4()), "words": WORDS, "category": "street_light", **place, **more}


def is_kept(answer: Answer) -> bool:
    """The page says what is wrong, in Chinese and English, when to come back, and has what was typed."""
    both = "平台暂时读不到数据" in answer.text and "The platform cannot reach its data" in answer.text
    return both and (answer.status, answer.headers["retry-after"]) == (503, "30") and WORDS in answer.text


def sent_again(answer: Answer) -> dict[str, str]:
    """What the button of the page sends."""
    [form] = [form for form in answer.all_forms() if "words" in form]
    return form


# The database is away


class Line:
    """The line between Silin and PostgreSQL, which somebody cuts and mends."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.there = folder, str(connection.settings_dict["HOST"])
        self._door, self._open = socket.socket(socket.AF_UNIX), list[socket.socket]()
        self.mend()

    def mend(self) -> None:
        """Let everybody through."""
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(f"{self.folder}/.s.PGSQL.5432")
        self._door.listen(64)
        threading.Thread(target=self._let_in, args=(self._door,), daemon=True).start()

    def cut(self) -> None:
        """Let nobody through, and break off what is being said."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        (self.folder / ".s.PGSQL.5432").unlink()
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _let_in(self, door: socket.socket) -> None:
        while True:
            try:
                here, _address = door.accept()
            except OSError:
                return
            there = socket.socket(socket.AF_UNIX)
            there.connect(f"{self.there}/.s.PGSQL.5432")
            self._open += [here, there]
            for pair in ((here, there), (there, here)):
                threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while said := here.recv(65536):
            there.sendall(said)
    for each in (here, there):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def test_while_the_database_is_away_everybody_is_told_and_nothing_is_lost(
    live_db: str, tmp_path: Path
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is a file: it is full or held, but not away")
    town = build()
    line = Line(tmp_path)
    address = f"postgresql://{connection.settings_dict['USER']}@/{live_db}?host={quote(str(tmp_path))}"
    with servers.running("up", live_db, tmp_path, SILIN_DATABASE_URL=address) as server:
        chen, watchman = signed_in(server.url, town.chen), Visitor(server.url)
        assert chen.post(CHECK, report(town), JSON).status == 201
        line.cut()
        asked = chen.get("/mine/")
        assert (asked.status, "平台暂时读不到数据" in asked.text) == (503, True)
        kept = chen.post("/report/", said(chen))
        assert is_kept(kept)
        told = chen.post(CHECK, report(town), JSON)
        assert (told.status, told.told["error"]["code"]) == (503, "unavailable")
        assert (watchman.get("/healthz").status, watchman.get("/readyz").told["database"]) == (200, "away")
        line.mend()
        until(lambda: chen.get("/mine/").status == 200)
        assert chen.post("/report/", sent_again(kept)).status == 303
        assert Draft.objects.get().words == WORDS
        until(lambda: watchman.get("/readyz").told["jobs"] == "ok")
    books_are_whole()


# The disk is full


def test_on_a_full_disk_nothing_is_written_and_nothing_is_lost(live_db: str, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's disk is not ours to fill")
    town = build()
    with servers.running("web", live_db, tmp_path) as server:
        chen = signed_in(server.url, town.chen)
        assert chen.post(CHECK, report(town), JSON).status == 201
        for worker in server.workers():
            resource.prlimit(worker, resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
        kept = chen.post("/report/", said(chen))
        assert is_kept(kept)
        whole = report(town)
        told = chen.post(CHECK, whole, JSON)
        assert (told.status, told.told["error"]["code"]) == (503, "unavailable")
        assert chen.get("/mine/").status == 200, "what is there can still be read"
        for worker in server.workers():
            resource.prlimit(worker, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert chen.post("/report/", sent_again(kept)).status == 303
        assert chen.post(CHECK, whole, JSON).status == 201
        assert Matter.objects.count() == 2
    books_are_whole()


# Everything is killed at once


def everything(server: Server) -> list[int]:
    """The process ids of the supervisor and all that it started."""
    found, at = [server.process.pid], 0
    while at < len(found):
        with suppress(FileNotFoundError):
            found += servers.children(found[at])
        at += 1
    return found


@contextmanager
def on(port: int, name: str, folder: Path) -> Iterator[Server]:
    """``silin up`` on ``port``, which is killed with all its processes at the end of the block."""
    with servers.running_at(port, "up", name, folder) as server:
        yield server
        for process in everything(server):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def kill_everything(name: str, folder: Path, *, times: int, threads: int) -> None:
    """The machine goes out under load, again and again: every report that was answered is there, once."""
    town, chance, port = build(), drawn(), servers.free_port()
    sessions = [session_of(user) for user in (town.chen, town.stranger) for _ in range(threads // 2)]
    load = Load(f"http://127.0.0.1:{port}", sessions, chance)
    with load.going_on():
        for _ in range(times):
            with on(port, name, folder):
                enough = len(load.given) + 5
                until(partial(_has_given, load, enough))
                time.sleep(chance.uniform(0, 0.5))
        with on(port, name, folder):
            before = len(load.given)
            until(lambda: len(load.given) > before + 5)
            load.over.set()
            time.sleep(0.5)
    print(f"{len(load.given)} receipts, {load.cut_off} cut off")
    assert load.refused == []
    assert load.cut_off >= times
    assert_each_once(load.given)


def _has_given(load: Load, enough: int) -> bool:
    return len(load.given) > enough


def test_when_everything_dies_at_once_no_receipt_is_lost(live_db: str, tmp_path: Path) -> None:
    kill_everything(live_db, tmp_path, times=2, threads=4)


# Clients hang up


def hang_up(url: str, session: str, sent: dict[str, str], *, after: int) -> None:
    """Send a report, or the first ``after`` bytes of it, and go before there is an answer."""
    body = urlencode(sent).encode()
    csrf = "a" * 32
    head = (
        f"POST {CHECK} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAccept: {JSON}\r\nX-CSRFToken: {csrf}\r\n"
        f"Cookie: {settings.CSRF_COOKIE_NAME}={csrf}; {settings.SESSION_COOKIE_NAME}={session}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    line = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
    line.connect()
    line.sock.sendall((head + body)[: len(head) + after])
    line.close()


def hang_up_often(url: str, *, times: int) -> None:
    """Whoever hangs up and sends the same again has one report; whoever was cut off halfway had none."""
    town, chance = build(), drawn()
    session, visitor = session_of(town.chen), signed_in(url, town.chen)
    given: dict[str, str] = {}
    for _ in range(times):
        whole = report(town, client_id=str(UUID(int=chance.getrandbits(128), version=4)))
        length = len(urlencode(whole))
        half = chance.random() < 0.5
        hang_up(url, session, whole, after=chance.randrange(length) if half else length)
        if chance.random() < 0.5:
            time.sleep(chance.uniform(0, 0.05))
        answer = visitor.post(CHECK, whole, JSON)
        assert answer.status in (200, 201), answer.text
        given[whole["client_id"]] = answer.told["number"]
    assert_each_once(given)


def test_whoever_hangs_up_and_sends_again_has_one_report(live_db: str, server: str) -> None:
    hang_up_often(server, times=30)


# The clock jumps


def lived(town: Town, moments: list[datetime]) -> Counter[tuple[str, str]]:
    """What the jobs do to two matters at these moments: which deeds, and how many messages."""
    late = raise_matter("report", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))
    early = raise_matter("report", By(town.chen, MONDAY), Report("井盖响", town.lamp, place=town.grid))
    for now in moments:
        for job in find_jobs():
            job.run(now)
    found: Counter[tuple[str, str]] = Counter()
    for name, matter in (("late", late), ("early", early)):
        deeds = Entry.objects.filter(subject=matter.subject).values_list("action", flat=True)
        found.update((name, action) for action in deeds)
    found.update(("told", name) for name in Notice.objects.values_list("name", flat=True))
    assert not Notice.objects.filter(next_try__lte=moments[-1]).exists()
    return found


def test_a_clock_that_jumps_does_nothing_twice_and_leaves_nothing_out(db: None) -> None:
    """A day back, a week ahead by mistake and back again: at the end it is as if it had gone straight on."""
    town = build()
    hours = [MONDAY + timedelta(hours=n) for n in range(0, 24 * 12, 8)]
    straight = lived(town, hours)
    chance = drawn()
    jumping = [now + timedelta(hours=chance.choice((0, 0, -24, -1, 1))) for now in hours]
    again = lived(town, [*jumping, *hours[-3:]])
    again.subtract({key: n for key, n in straight.items() if key[0] == "told"})
    assert +again == straight
