"""Bringing in the official divisions: all of a file or nothing of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Refused
from silin.places.actions import TERRITORY
from silin.places.divisions import Lines, Problem, Row, problem, read
from silin.places.levels import DIGITS, Level, kind_of_code
from silin.places.models import BOUNDARIES, Place, Revision

Source = Path | str | bytes | IO[bytes] | IO[str]
Missing = Literal["refuse", "keep", "close"]
Progress = Callable[[int, int, str], None]  # how much is done, of how much, and what
Told = Callable[[int], None]
AT_ONCE = 5_000  # rows that are held as objects with their keys


def _silent(*said: object) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did; ``problems`` are those that did not stand in its way."""

    added: int
    changed: int
    unchanged: int
    closed: int = 0
    problems: list[Problem] = field(default_factory=list)


class BadDivisions(Refused):
    """A file that was not taken; ``problems`` says why, line by line. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems, key=lambda each: (not each.line, each.line))
        message = ngettext(
            "Nothing was changed, there is a fault in the file. %(first)s",
            "Nothing was changed, there are %(n)s faults in the file. The first: %(first)s",
            len(problems),
        )
        words = {"n": len(problems), "first": self.problems[0]}
        super().__init__("bad_divisions", message % words, field="file")


def import_divisions(
    source: Source,
    *,
    actor: User | None,
    now: datetime,
    expected_rows: int | None = None,
    missing: Missing = "refuse",
    progress: Progress = _silent,
) -> ImportResult:
    """Take over a CSV file ``code,name,level,parent`` (a path, its bytes, or an open file).

    Everything is checked before anything is written. The file is taken for the whole of what lies under the
    divisions it begins with: what is known here and missing there is a fault (the file may be cut off),
    unless ``missing`` says to ``keep`` it or to ``close`` it as of today. ``expected_rows`` is how many lines
    there should be, without the first. The work goes by provinces, so that a list of the whole country takes
    little more memory than its text; ``progress`` is told after each. The same file again changes nothing
    and leaves no line in the history. Raises ``BadDivisions`` (``bad_divisions``).
    """
    data = _bytes(source)
    sha256, lines = hashlib.sha256(data).hexdigest(), read(data)
    del data, source
    with transaction.atomic():
        Revision.objects.hold(BOUNDARIES)
        gone = _look_over(lines, expected_rows, missing)
        begin = (
            timezone.localdate(now) if Place.objects.exists() else None
        )  # nobody knows at the first import
        result = _take_over(lines, begin, progress)
        if missing == "close":
            result = replace(result, closed=_close(gone, now))
        else:
            result.problems.extend(_fewer(gone))
        if result.added or result.changed or result.closed:
            Revision.objects.bump(BOUNDARIES)
            _record(result, sha256, actor, now)
    return result


def _look_over(lines: Lines, expected_rows: int | None, missing: Missing) -> list[Place]:
    """Every fault is found before anything is written; gives what is known here and not in the file."""
    problems, gone = list(lines.problems), []
    for province in lines.packed:
        known = _known(province)
        active = {code: Level(place.level) for code, place in known.items() if place.is_active}
        problems += lines.faults(province, active)
        gone += _gone(lines.rows(province), known)
    problems = lines.with_end(problems)
    if expected_rows is not None and expected_rows != lines.n:
        problems.append(problem("row_count", wanted=expected_rows, found=lines.n))
    if problems or (gone and missing == "refuse"):
        raise BadDivisions([*problems, *(_fewer(gone) if missing != "close" else [])])
    return gone


def _known(province: str) -> dict[str, Place]:
    """The divisions of one province that are here, by their codes."""
    rows = Place.objects.filter(level__in=DIGITS, code__gte=province, code__lt=f"{province}a")
    return {place.code: place for place in rows}


def _fewer(gone: Sequence[Place]) -> list[Problem]:
    return [problem("fewer", n=len(gone), value=gone[0].name)] if gone else []


def _bytes(source: Source) -> bytes:
    if isinstance(source, Path | str):
        return Path(source).read_bytes()
    data = source if isinstance(source, bytes) else source.read()
    return data.encode() if isinstance(data, str) else data


def _gone(rows: Sequence[Row], known: Mapping[str, Place]) -> list[Place]:
    """Active divisions under the file's own tops that the file does not have."""
    codes = {row.code for row in rows}
    tops = [known[row.code].path for row in rows if row.parent not in codes and row.code in known]
    return [
        place
        for code, place in known.items()
        if place.is_active and code not in codes and any(place.path.startswith(path) for path in tops)
    ]


def _take_over(lines: Lines, begin: date | None, progress: Progress) -> ImportResult:
    """Write one province after the other."""
    added = changed = done = 0
    for province in lines.packed:
        rows = lines.rows(province)
        told = partial(_tell, progress, done, lines.n)
        more_added, more_changed = take_over_rows(rows, _known(province), begin, told)
        added, changed, done = added + more_added, changed + more_changed, done + len(rows)
        told(len(rows))
    return ImportResult(added, changed, lines.n - added - changed)


def _tell(progress: Progress, before: int, total: int, n: int) -> None:
    progress(before + n, total, gettext("Divisions"))


def take_over_rows(
    rows: Sequence[Row], known: dict[str, Place], begin: date | None, told: Told = _silent
) -> tuple[int, int]:
    """Write what is new and what differs from ``known``; how many of each. The rows have been looked over.

    ``told`` hears how many rows are done.
    """
    new = [place for row in rows if (place := known.get(row.code)) and _change(place, row)]
    Place.objects.bulk_update(new, ["name", "kind", "active_until"], batch_size=500)
    return _add(rows, known, begin, told), len(new)


def _close(gone: Sequence[Place], now: datetime) -> int:
    """End what the file does not have, and all below it, as of today."""
    today = timezone.localdate(now)
    return sum(Place.objects.under(place).active().update(active_until=today) for place in gone)


def _change(place: Place, row: Row) -> bool:
    """Bring a known division in line with the file; whether there was anything to do."""
    before = (place.name, place.kind, place.active_until)
    place.name, place.kind, place.active_until = row.name, kind_of_code(row.code, row.place_level), None
    return before != (place.name, place.kind, place.active_until)


def _add(rows: Sequence[Row], places: dict[str, Place], begin: date | None, told: Told) -> int:
    """Write what is new, parents first; ``begin`` is None where nobody knows since when it exists."""
    fresh = [row for row in rows if row.code not in places]
    fresh.sort(key=lambda row: row.place_level.depth)
    done = len(rows) - len(fresh)
    for level, same in groupby(fresh, key=lambda row: row.place_level):
        while some := list(islice(same, AT_ONCE)):
            added = [_place(row, places, begin) for row in some]
            Place.objects.take_paths(added)
            Place.objects.bulk_create(added, batch_size=500)
            if level != Level.COMMUNITY:  # nothing in the file lies in one
                places.update({place.code: place for place in added})
            told(done := done + len(added))
    return len(fresh)


def _place(row: Row, places: Mapping[str, Place], begin: date | None) -> Place:
    return Place(
        code=row.code,
        name=row.name,
        level=row.place_level,
        kind=kind_of_code(row.code, row.place_level),
        parent=places[row.parent] if row.parent else None,
        active_from=begin,
    )


def _record(result: ImportResult, sha256: str, actor: User | None, now: datetime) -> None:
    fields = {
        "added": result.added,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "closed": result.closed,
        "sha256": sha256,
    }
    record(subject=TERRITORY, action="import_divisions", actor=actor, now=now, fields=fields)
