"""Raising a report through the real server, in a city of 4,000 grids with every post staffed.

Sign-in by session, the point located, the category's clock, routed to whoever is on duty, with history,
facts, receipt and notices. Floor: ``bench.floor`` writes the same rows and does nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

from bench import city, measure
from bench.load import Served, load, post, served
from bench.measure import Cost
from bench.report import Line
from bench.rows import Watched, watch
from tests import postgres
from tests.visitors import session_of

LINES = 4
REPORTS = 300
ROUNDS = 7


def run() -> Iterator[Line]:
    """Two lines a database: against the floor, and what one report costs."""
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
        sessions = [session_of(user) for user in city.build().residents]
        watched = watch(sessions[0], city.report(chance), city.report(chance))
        note = Path(os.environ["SILIN_HOME"], f"floor-{database}.json")
        note.write_text(json.dumps(asdict(watched)))
        with served(["silin", "web"], beside) as ours, served(["bench.floor", str(note)], beside) as floor:
            sides = {
                "ours": lambda: _reports(ours, sessions, chance),
                "floor": lambda: _reports(floor, sessions, chance),
            }
            measure.in_turns(sides, 1)
            costs = measure.in_turns(sides, ROUNDS)
    yield from _lines(database, goal, costs, watched)


def _reports(server: Served, sessions: list[str], chance: random.Random) -> Cost:
    requests = [post("/report/check/", chance.choice(sessions), city.report(chance)) for _ in range(REPORTS)]
    cost, statuses = load(server, requests, LINES)
    assert set(statuses) == {201}, set(statuses)
    return cost


def _lines(database: str, goal: str, costs: dict[str, Cost], watched: Watched) -> Iterator[Line]:
    ours, floor = costs["ours"], costs["floor"]
    work = f"raise a report, {database}"
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
        f"{ours.cpu:.1f} ms CPU, {len(watched.statements)} statements",
        "≤ 3 ms, ≤ 12",
        f"{LINES} kept connections, 2 workers; connections to the database are kept on both sides",
    )


def _figures(cost: Cost) -> str:
    return f"{cost.cpu:.2f} ms CPU, {1000 / cost.wall:.0f} a second"
