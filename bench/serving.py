"""What serving costs: memory of a web worker after mixed work, the way to the first answer, packages, bytes.

Floor of the start: the bare WSGI handler of ``bench.floor`` under the same server.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import distribution
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bench import city, measure
from bench.city import City
from bench.load import Served, ask, get, load, post, served
from bench.report import Line
from bench.rows import Watched, watch
from silin.matters.models import Matter
from tests.visitors import session_of

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = 2_000
LINES = 4
GOOD = (200, 201)
STARTS = 5
LINKED = re.compile(rb'(?:href|src)="(/static/[^"#]+)')
PAGES = ("/", "/report/")


def run() -> Iterator[Line]:
    """Memory, start, packages, bytes."""
    with city.database(f"sqlite:///{os.environ['SILIN_HOME']}/serving.sqlite3"):
        built = city.build()
        chance, session = random.Random(1), session_of(built.residents[0])
        watched = watch(session, city.report(chance), city.report(chance))
        with served(["silin", "web"]) as server:
            yield _memory(server, _mixed(built, session, chance))
            yield _bytes(server)
        yield _start(watched)
    yield _packages()


def _mixed(built: City, session: str, chance: random.Random) -> Iterator[bytes]:
    """Every page that somebody opens in the course of a day, and a report in every round."""
    mine = Matter.objects.get(pk=Matter.objects.values("pk")[:1])
    desk, worker = session_of(built.desk), session_of(built.worker)
    code, street = built.community.code, built.street.code
    paths = {
        session: ["/", "/report/", "/mine/", f"/m/{mine.number}/", "/notices/", "/me/", "/open/"],
        worker: ["/w/", "/w/tasks/", "/w/find/", "/w/notices/"],
        desk: [
            "/desk/",
            "/desk/places/",
            f"/desk/places/{code}/",
            f"/desk/league/{code}/",
            f"/desk/posts/{code}/",
        ],
        "": [f"/open/places/{street}/", f"/open/places/{code}/shapes.geojson", "/sign-in/", f"/wall/{code}/"],
    }
    pages = [get(path, who) for who, many in paths.items() for path in many]
    for page in cycle([*pages, b""]):
        yield page or post("/report/check/", session, city.report(chance))


def _memory(server: Served, mixed: Iterator[bytes]) -> Line:
    fresh = max(map(measure.memory_mb, server.workers()))
    requests = list(islice(mixed, REQUESTS))
    cost, statuses = load(server, requests, LINES)
    wrong = {(each.split(b" ")[1], status) for each, status in zip(requests, statuses, strict=True)}
    wrong = {each for each in wrong if each[1] not in GOOD}
    assert not wrong, wrong
    workers = server.workers()
    used = max(map(measure.memory_mb, workers))
    own = max(map(_own_mb, workers))
    note = f"{fresh:.0f} MB before, {own:.0f} MB not shared; {cost.cpu:.1f} ms CPU a request"
    return Line(
        f"memory of a web worker after {REQUESTS:,} mixed requests", "–", f"{used:.0f} MB", "≤ 120 MB", note
    )


def _own_mb(pid: int) -> float:
    """Memory of one process that nobody shares: without libraries and the pages of the database's file."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["RssAnon"].split()[0]) / 1000


def _start(watched: Watched) -> Line:
    note = Path(os.environ["SILIN_HOME"], "floor.json")
    note.write_text(json.dumps(asdict(watched)))
    answers, pages, floors, cpu = [], [], [], []
    for _ in range(STARTS):
        with served(["silin", "web"]) as ours:
            began = perf_counter()
            assert ask(ours.port, get("/"))[0] == 200
            answers.append(ours.started_in)
            pages.append(ours.started_in + perf_counter() - began)
            cpu.append(ours.cpu())
        with served(["bench.floor", str(note)]) as floor:
            floors.append(floor.started_in)
    return Line(
        "start of `silin web` to its first answer",
        "bare WSGI, the same server",
        f"{median(answers):.1f} s",
        "–",
        f"floor {median(floors):.1f} s; home page after {median(pages):.1f} s; {median(cpu):.0f} ms CPU",
    )


def _packages() -> Line:
    """What ``pyproject.toml`` asks for and all that this needs, each of which the lock must name."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    found = _needed([Requirement(each) for each in wanted], set())
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    locked = {canonicalize_name(line.split("==")[0]) for line in lines if "==" in line}
    assert found <= locked, found - locked
    return Line(
        "packages at run time", "–", str(len(found)), "≤ 60", f"{len(wanted)} asked for, all in the lock"
    )


def _needed(wanted: list[Requirement], found: set[str]) -> set[str]:
    for each in wanted:
        name = canonicalize_name(each.name)
        if name not in found:
            found.add(name)
            needs = map(Requirement, distribution(name).requires or [])
            _needed([need for need in needs if _applies(need, each.extras)], found)
    return found


def _applies(need: Requirement, extras: set[str]) -> bool:
    marker = need.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""})


def _bytes(server: Served) -> Line:
    """Compressed bytes of a page with all styles, scripts and icons that it names, each counted once."""
    sizes = {path: _weigh(server.port, path) for path in PAGES}
    home = sizes["/"]
    total = sum(home.values())
    parts = ", ".join(f"{path.rsplit('/', 1)[1] or 'page'} {size / 1000:.1f}" for path, size in home.items())
    report = sum(sizes["/report/"].values())
    return Line(
        "home page, compressed",
        "–",
        f"{total / 1000:.1f} kB",
        "≤ 60 kB",
        f"{parts}; report {report / 1000:.1f}",
    )


def _weigh(port: int, path: str) -> dict[str, int]:
    status, page = ask(port, get(path))
    assert status == 200, path
    linked = sorted({found.decode() for found in LINKED.findall(page)})
    files = {each: len(ask(port, get(each, Accept_Encoding="gzip"))[1]) for each in linked}
    return {path: len(gzip.compress(page, 6)), **files}
