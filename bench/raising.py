"""Raising a report through the real server, in a city of 4,000 grids with every post staffed.

By the page of a resident (session, CSRF) and by the REST API (a key, its limit): the point located, the
category's clock, routed to whoever is on duty, with history, facts, receipt and notices. Floor:
``bench.floor`` writes the same rows and does nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from django.utils import timezone
from psycopg import sql

from bench import city, measure
from bench.load import Served, load, post, put, served
from bench.measure import Cost
from bench.report import Line
from bench.rows import Watched, statements_of_call, watch
from silin.people.clients import AboutClient, make_client
from silin.places.queries import root
from tests import postgres
from tests.visitors import session_of

LINES = 4
REPORTS = 300
ROUNDS = 7
WAYS = {"page": "page of a resident", "rest": "REST"}
Making = Callable[[], bytes]
"""Gives the bytes of one report."""


def run() -> Iterator[Line]:
    """Four lines a database: by each way against the floor, and what one report costs."""
    home = os.environ["SILIN_HOME"]
    yield from _measured("SQLite", f"sqlite:///{home}/raising.sqlite3", [], "≥ 0.30")
    with contextlib.suppress(RuntimeError):
        url, pid = postgresql("silin")
        yield from _measured("PostgreSQL", url, [pid], "≥ 0.40")


def postgresql(name: str) -> tuple[str, int]:
    """The address of a new database, and the id of its server. Raises ``RuntimeError`` without PostgreSQL."""
    parts = urlsplit(postgres.url())
    [folder] = parse_qs(parts.query)["host"]
    with psycopg.connect(host=folder, user=postgres.USER, dbname="postgres", autocommit=True) as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return parts._replace(path=f"/{name}").geturl(), int(
        Path(folder, "data", "postmaster.pid").read_text().split()[0]
    )


def _measured(database: str, url: str, beside: list[int], goal: str) -> Iterator[Line]:
    chance = random.Random(1)
    with city.database(url):
        built = city.build()
        sessions = [session_of(user) for user in built.residents]
        whole = root()
        assert whole is not None
        about = AboutClient("应用", "public_app", whole, ["raise"], per_minute=6000)
        keys = [make_client(about, actor=None, now=timezone.now())[1] for _ in range(LINES)]
        watched = watch(sessions[0], city.report(chance), city.report(chance))
        note = Path(os.environ["SILIN_HOME"], f"floor-{database}.json")
        note.write_text(json.dumps(asdict(watched)))
        making: dict[str, Making] = {
            "page": lambda: post("/report/check/", chance.choice(sessions), city.report(chance)),
            "rest": lambda: _by_rest(chance.choice(keys), city.report(chance)),
        }
        asked = {"page": len(watched.statements), "rest": _statements(keys[0], chance)}
        with served(["silin", "web"], beside) as ours, served(["bench.floor", str(note)], beside) as floor:
            sides = {way: partial(_reports, ours, make) for way, make in making.items()}
            sides |= {f"floor of {way}": partial(_reports, floor, make) for way, make in making.items()}
            measure.in_turns(sides, 1)
            costs = measure.in_turns(sides, ROUNDS)
    for way, words in WAYS.items():
        work = f"raise a report by {words}, {database}"
        yield from _lines(work, goal, costs[way], costs[f"floor of {way}"], asked[way], watched)


def _by_rest(key: str, said: dict[str, str]) -> bytes:
    return put("/api/v1/matters", key, _as_json(said), said["client_id"])


def _as_json(said: dict[str, str]) -> dict[str, object]:
    point = {"lon": float(said["lon"]), "lat": float(said["lat"]), "datum": said["datum"]}
    return {"words": said["words"], "category": said["category"], "point": point}


def _statements(key: str, chance: random.Random) -> int:
    """How many statements one report by REST asks, the second of two."""
    head = {"authorization": f"Bearer {key}"}
    for _ in range(2):
        said = city.report(chance)
        asked = statements_of_call(
            "/api/v1/matters", _as_json(said), {**head, "idempotency-key": said["client_id"]}
        )
    return len(asked)


def _reports(server: Served, make: Making) -> Cost:
    cost, statuses = load(server, [make() for _ in range(REPORTS)], LINES)
    assert set(statuses) == {201}, set(statuses)
    return cost


def _lines(work: str, goal: str, ours: Cost, floor: Cost, asked: int, watched: Watched) -> Iterator[Line]:
    rows = sum(len(table.rows) for table in watched.tables)
    yield Line(
        work,
        f"bare WSGI, the same {rows} rows",
        f"{floor.cpu / ours.cpu:.2f} CPU, {floor.wall / ours.wall:.2f} wall",
        goal,
        f"{_figures(ours)}; floor {_figures(floor)}",
    )
    yield Line(
        work,
        "Signalen: 45 ms CPU, 48 statements",
        f"{ours.cpu:.1f} ms CPU, {asked} statements",
        "≤ 3 ms, ≤ 12",
        f"{LINES} kept connections, 2 workers; connections to the database are kept on both sides",
    )


def _figures(cost: Cost) -> str:
    return f"{cost.cpu:.2f} ms CPU, {1000 / cost.wall:.0f} a second"
