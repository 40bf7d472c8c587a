"""A hotline's sheet of 5,000 orders brought in, against the same rows inserted by hand, in one transaction.

Both run in this process on the same database and are rolled back, in turns: so the floor inserts the very
rows that the import has left (accounts, receipts, matters, history, facts, notices, tickets), one statement a
row. What the floor need not do: find category and place, route, count the deadline, hash and chain.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import city, measure
from bench.measure import Cost
from bench.raising import postgresql
from bench.report import Line
from bench.rows import INSERT, TRANSACTION, Table, table_of
from silin.imports.actions import commit, upload
from silin.imports.flow import get_sheet
from silin.imports.models import Batch
from tests.house.world import hotline
from tests.town import Town, build

FEW, MANY, ROUNDS = 50, 5_000, 3
HEADS = "工单编号,来电时间,来电人,联系电话,诉求内容,诉求类型,区域,地址,办理时限"


def run() -> Iterator[Line]:
    """A line for each database."""
    yield from _measured("SQLite", f"sqlite:///{os.environ['SILIN_HOME']}/hotline.sqlite3")
    with contextlib.suppress(RuntimeError):
        url, _pid = postgresql("hotline")
        yield from _measured("PostgreSQL", url)


def _measured(database: str, url: str) -> Iterator[Line]:
    with city.database(url):
        now = timezone.now()
        town = build(now)
        hotline(now)
        statements, names = _watched(_batch(town, FEW))
        batch = _batch(town, MANY)
        tables = _left(batch, names)
        sides: dict[str, Callable[[], Cost]] = {
            "ours": partial(_ours, batch),
            "floor": partial(_floor, tables),
        }
        costs = measure.in_turns(sides, ROUNDS)
    ours, floor = costs["ours"], costs["floor"]
    rows = sum(len(table.rows) for table in tables) / MANY
    yield Line(
        f"{MANY:,} orders of the hotline, {database}",
        f"the same {rows:.0f} rows an order",
        f"{floor.cpu / ours.cpu:.2f} CPU",
        "≤ 12 statements",
        f"{ours.cpu / MANY:.1f} ms CPU an order, floor {floor.cpu / MANY:.2f}; {statements:.1f} statements",
    )


def _batch(town: Town, size: int) -> Batch:
    """A sheet of so many orders, checked."""
    lines = [HEADS]
    for n in range(size):
        called, said = f"2026-11-27 08:{n % 60:02d}", f"第{n}盏路灯不亮，晚上看不见路"
        where = "路灯不亮,柳巷社区,柳巷家园5号楼,5个工作日"
        lines.append(f"BJ{size}{n:05d},{called},王女士,154{n:08d},{said},{where}")
    data = "\n".join(lines).encode()
    now = timezone.now()
    return upload(get_sheet("matters"), town.street, data, name="热线.csv", by=town.guo, now=now)


def _watched(batch: Batch) -> tuple[float, list[str]]:
    """Statements an order, and the tables that it writes, in the order of the first row of each."""
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        commit(batch, by=batch.by, now=timezone.now())
        transaction.set_rollback(True)
    said = [each["sql"] for each in seen if not each["sql"].startswith(TRANSACTION)]
    names = dict.fromkeys(found[1] for each in said if (found := INSERT.search(each)))
    return len(said) / FEW, [name for name in names if name != "imports_batch"]


def _left(batch: Batch, names: list[str]) -> list[Table]:
    """The rows that bringing the batch in leaves, table by table."""
    with transaction.atomic():
        before = {name: set(table_of(name).rows) for name in names}
        commit(batch, by=batch.by, now=timezone.now())
        found = [table_of(name) for name in names]
        transaction.set_rollback(True)
    return [replace(each, rows=[row for row in each.rows if row not in before[each.name]]) for each in found]


def _ours(batch: Batch) -> Cost:
    def bring() -> None:
        with transaction.atomic():
            commit(batch, by=batch.by, now=timezone.now())
            transaction.set_rollback(True)

    return measure.here(bring, 1)


def _floor(tables: list[Table]) -> Cost:
    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                columns = ", ".join(f'"{column}"' for column in table.columns)
                gaps = ", ".join(["%s"] * len(table.columns))
                for row in table.rows:
                    cursor.execute(f'INSERT INTO "{table.name}" ({columns}) VALUES ({gaps})', row)
            transaction.set_rollback(True)

    return measure.here(insert, 1)
