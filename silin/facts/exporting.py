"""The book of facts as Parquet files, one for each day, with the dated table of units beside it.

What stays at home: ``subject``, which leads to a matter or a visit; ``id``, which tells the very moment of
writing; and what somebody needs who is cared for (``category`` of ``care.*``).

A fact never changes, so a day's file is written again only when facts of that day have come since: twice is
the same as once, and whoever is killed goes on where they were.
"""

from __future__ import annotations

import fcntl
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from django.utils.translation import gettext as _

from silin.facts.duck import opened, write_parquet
from silin.facts.models import Fact
from silin.facts.settled import settled_to
from silin.lib.refusal import Refused

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FACTS, UNITS, SAID = "facts", "units.parquet", "export.json"
TYPES = {
    "name": "VARCHAR",
    "day": "INTEGER",
    "ym": "INTEGER",
    "unit": "VARCHAR",
    "place": "VARCHAR",
    "kind": "VARCHAR",
    "category": "VARCHAR",
    "channel": "VARCHAR",
    "outcome": "VARCHAR",
    "level": "VARCHAR",
    "grade": "SMALLINT",
    "on_time": "BOOLEAN",
    "hours": "DOUBLE",
    "n": "SMALLINT",
    "amount": "BIGINT",
    "origin": "VARCHAR",
}
MAY_BE_NULL = ("grade", "on_time", "hours")
CARE = "care."
Tell = Callable[[int, int, str], None]


class Unit(NamedTuple):
    """A row of the dated table of units; ``parent`` is a code, ``active_until`` the first day without it."""

    code: str
    level: str
    parent: str
    name: str
    active_from: date | None
    active_until: date | None


@dataclass
class Said:
    """What an export says of itself: up to which fact it goes, which one that is, the rows of each day."""

    up_to: int = 0
    last: str = ""
    days: dict[str, int] = field(default_factory=dict)

    @property
    def facts(self) -> int:
        """How many facts it holds."""
        return sum(self.days.values())


def export(folder: Path, units: Iterable[Unit], tell: Tell) -> tuple[Said, int]:
    """Bring the export in ``folder`` up to date; gives what it says then, and how many days were written.

    Raises ``Refused`` where somebody else is at it (``busy``), where other things lie there (``taken``) or
    the facts of another database (``another_book``), and ``OSError`` where the folder is closed.
    """
    with _folder(folder):
        said = read_said(folder)
        up_to = settled_to()
        days = _changed_days(folder, said, up_to)
        with opened() as engine:
            for done, (day, rows) in enumerate(_by_day(days, up_to)):
                tell(done, len(days), str(day))
                said.days[str(day)] = _write_day(folder / FACTS / f"{day}.parquet", rows, engine)
            _write_units(folder / UNITS, units, engine)
        tell(len(days), len(days), "")
        said.up_to, said.last = up_to, _id_of(up_to)
        _say(folder, said)
        return said, len(days)


def read_said(folder: Path) -> Said:
    """What the export in ``folder`` says of itself.

    Raises ``Refused`` where it is none (``no_export``) or not of this book (``another_book``).
    """
    try:
        said = Said(**json.loads((folder / SAID).read_text()))
    except (FileNotFoundError, NotADirectoryError):
        raise Refused("no_export", _("%(folder)s holds no export of facts.") % {"folder": folder}) from None
    except (ValueError, TypeError):
        words = _("%(file)s cannot be read. Name another folder.") % {"file": folder / SAID}
        raise Refused("no_export", words) from None
    if said.last != _id_of(said.up_to):
        words = _("%(folder)s holds the facts of another database. Name another folder.")
        raise Refused("another_book", words % {"folder": folder})
    return said


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """The folder of an export, made where it is missing, for this process alone."""
    if not folder.exists():
        folder.mkdir(parents=True)
    door = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("busy", _("Somebody is exporting into this folder just now.")) from None
        if not (folder / SAID).exists():
            if {each.name for each in folder.iterdir()} - {FACTS}:
                words = _("%(folder)s is not empty. Name a new folder, or one of an earlier export.")
                raise Refused("taken", words % {"folder": folder})
            _say(folder, Said())
        (folder / FACTS).mkdir(exist_ok=True)
        yield
    finally:
        os.close(door)


def _say(folder: Path, said: Said) -> None:
    """Last of all: whoever is killed before writes the same days again."""
    partial = folder / f".{SAID}.partial"
    partial.write_text(json.dumps(asdict(said), indent=1, sort_keys=True) + "\n")
    os.replace(partial, folder / SAID)


def _id_of(number: int) -> str:
    """Which fact has this number here; nothing where there is none."""
    found = Fact.objects.filter(number=number).values_list("id", flat=True).first()
    return str(found) if found else ""


def _changed_days(folder: Path, said: Said, up_to: int) -> list[int]:
    """The days of which facts have come since, and those whose file is gone."""
    new = Fact.objects.filter(number__gt=said.up_to, number__lte=up_to).order_by()
    gone = [int(day) for day in said.days if not (folder / FACTS / f"{day}.parquet").exists()]
    return sorted({*new.values_list("day", flat=True).distinct(), *gone})


def _by_day(days: list[int], up_to: int) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """All settled facts of each of these days, a month at a time by the index of words and months."""
    names = list(Fact.objects.order_by().values_list("name", flat=True).distinct()) if days else []
    for ym, of_month in groupby(days, lambda day: day // 100):
        found = Fact.objects.filter(name__in=names, ym=ym, day__in=list(of_month), number__lte=up_to)
        rows = found.order_by("day", "name", "unit", "number").values_list(*TYPES).iterator(5000)
        for day, of_day in groupby(rows, lambda row: int(row[1])):
            yield day, list(of_day)


def _write_day(path: Path, rows: list[tuple[Any, ...]], engine: DuckDBPyConnection) -> int:
    columns = dict(zip(TYPES, zip(*rows, strict=True), strict=True))
    select = ", ".join(f"{_selected(name)} AS {name}" for name in TYPES)
    arrays = {name: _array(name, values) for name, values in columns.items()}
    write_parquet(path, arrays, f"SELECT {select} FROM given", engine)
    return len(rows)


def _array(name: str, values: tuple[Any, ...]) -> np.ndarray[Any, Any]:
    """A column for the engine. Arrays know no NULL: NaN stands for it."""
    if TYPES[name] == "VARCHAR":
        return np.array(values, dtype=object)
    if name in MAY_BE_NULL:
        return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
    return np.array(values, dtype=np.int64)


def _selected(name: str) -> str:
    if name == "category":
        return f"CASE WHEN starts_with(name, '{CARE}') THEN '' ELSE category END"
    if name in MAY_BE_NULL:
        return f"CASE WHEN NOT isnan({name}) THEN CAST({name} AS {TYPES[name]}) END"
    return f"CAST({name} AS {TYPES[name]})"


def _write_units(path: Path, units: Iterable[Unit], engine: DuckDBPyConnection) -> None:
    rows = sorted(units)
    columns = {
        name: np.array(["" if row[at] is None else str(row[at]) for row in rows], dtype=object)
        for at, name in enumerate(Unit._fields)
    }
    dated = (f"CAST(NULLIF({name}, '') AS DATE) AS {name}" for name in Unit._fields[4:])
    words = (f"CAST({name} AS VARCHAR) AS {name}" for name in Unit._fields[:4])
    write_parquet(path, columns, f"SELECT {', '.join([*words, *dated])} FROM given", engine)
