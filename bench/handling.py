"""The page of one matter, and one change of its state, as the town of the stories has them.

Floor of a page: the matter and its lines of history by two hand-written SELECTs, as JSON. Floor of a change:
the very statements by which ours writes, and nothing else. Both changes are taken back, so that each begins
at the same place; what a commit costs is in neither.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import city, measure
from bench.raising import postgresql
from bench.report import Line
from silin.accounts.models import User
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.matters.triage import triage
from tests.town import Town, build

ROUNDS, TIMES = 7, 10
WRITES = ("INSERT", "UPDATE")
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
MATTER = """
SELECT m.number, m.title, m.words, m.state, m.colour, m.handle_due, c.name, p.name
FROM matters_matter m JOIN matters_category c ON c.code = m.category_id
JOIN places_place p ON p.id = m.place_id WHERE m.number = '{number}'
"""
LINES = """
SELECT e.at, e.action, e.before, e.after, w.text FROM history_entry e
LEFT JOIN history_words w ON w.entry_id = e.id WHERE e.subject = '{subject}' ORDER BY e.seq
"""


def run() -> Iterator[Line]:
    """Four lines a database."""
    call_command("collectstatic", verbosity=0, interactive=False)
    with city.database(f"sqlite:///{os.environ['SILIN_HOME']}/handling.sqlite3"):
        yield from _measured("SQLite")
    with contextlib.suppress(RuntimeError):
        url, _server = postgresql("handling")
        with city.database(url):
            yield from _measured("PostgreSQL, without its server")


def _measured(database: str) -> Iterator[Line]:
    town = build(timezone.now())
    matter = _answered(town)
    for who, user, address in (
        ("the desk", town.li, f"/desk/m/{matter.number}/"),
        ("its raiser", town.chen, f"/m/{matter.number}/"),
        ("everybody", None, f"/open/m/{matter.number}/"),
    ):
        ours = partial(_get, _client(user), address)
        work = f"page of a matter for {who}, {database}"
        yield _line(work, "two SELECTs + JSON", ours, partial(_rows, matter), "≤ 6 ms, ≤ 10 statements")
    yield _change(town, database)


def _answered(town: Town) -> Matter:
    """What Wang says is explained, released to everybody: eight lines of history and more."""
    now = timezone.now()
    matter = raise_matter("report", By(town.chen, now), Report("三楼楼道灯不亮", town.lamp, place=town.grid))
    matter = triage(matter, By(town.li, now), public=True)
    return answer(accept(matter, By(town.wang, now)), By(town.wang, now, words="说清楚了"), outcome="advised")


def _client(user: User | None) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    if user is not None:
        client.force_login(user, backend="silin.accounts.backends.TwoFactorBackend")
    return client


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def _rows(matter: Matter) -> str:
    with connection.cursor() as cursor:
        cursor.execute(MATTER.format(number=matter.number))
        rows = cursor.fetchall()
        cursor.execute(LINES.format(subject=matter.subject))
        return json.dumps([rows, cursor.fetchall()], default=str)


def _change(town: Town, database: str) -> Line:
    now = timezone.now()
    matter = raise_matter("report", By(town.chen, now), Report("井盖响", town.lamp, place=town.grid))

    def take() -> None:
        accept(matter, By(town.wang, timezone.now(), client_id=uuid4()))

    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        take()
        transaction.set_rollback(True)
    writes = [each["sql"] for each in seen if each["sql"].startswith(WRITES)]

    def write() -> None:
        with connection.cursor() as cursor:
            for sql in writes:
                cursor.execute(sql)

    against = f"the {len(writes)} statements that write"
    return _line(
        f"take a matter, {database}", against, partial(_taken_back, take), partial(_taken_back, write), "–"
    )


def _taken_back(work: Callable[[], object]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def _line(
    work: str, against: str, ours: Callable[[], object], floor: Callable[[], object], goal: str
) -> Line:
    for each in (ours, floor, ours):
        each()
    with CaptureQueriesContext(connection) as seen:
        ours()
    asked = [each for each in seen if not each["sql"].startswith(TRANSACTION)]
    sides = {name: partial(measure.here, each, TIMES) for name, each in (("ours", ours), ("floor", floor))}
    costs = measure.in_turns(sides, ROUNDS)
    figures = f"{costs['ours'].cpu:.2f} ms CPU, floor {costs['floor'].cpu:.2f} ms, {len(asked)} statements"
    return Line(work, against, f"{costs['floor'].cpu / costs['ours'].cpu:.2f}", goal, figures)
