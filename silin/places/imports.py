"""Bringing in the official divisions: all of a file or nothing of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from silin.accounts.models import User
from silin.history.actions import record
from silin.lib.refusal import Refused
from silin.places.actions import TERRITORY
from silin.places.divisions import Problem, Row, look_over, problem
from silin.places.levels import DIGITS, Level, kind_of_code
from silin.places.models import BOUNDARIES, Place, Revision

Source = Path | str | bytes | IO[bytes] | IO[str]
Missing = Literal["refuse", "keep", "close"]


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
) -> ImportResult:
    """Take over a CSV file ``code,name,level,parent`` (a path, its bytes, or an open file).

    Everything is checked before anything is written. The file is taken for the whole of what lies under the
    divisions it begins with: what is known here and missing there is a fault (the file may be cut off),
    unless ``missing`` says to ``keep`` it or to ``close`` it as of today. ``expected_rows`` is how many lines
    there should be, without the first. The same file again changes nothing and leaves no line in the history.
    Raises ``BadDivisions`` (``bad_divisions``).
    """
    data = _bytes(source)
    with transaction.atomic():
        Revision.objects.hold(BOUNDARIES)
        known = {place.code: place for place in Place.objects.filter(level__in=DIGITS)}
        active = {code: Level(place.level) for code, place in known.items() if place.is_active}
        rows, problems = look_over(data, active)
        if expected_rows is not None and expected_rows != len(rows):
            problems.append(problem("row_count", wanted=expected_rows, found=len(rows)))
        gone = _gone(rows, known)
        fewer = [problem("fewer", n=len(gone), value=gone[0].name)] if gone and missing != "close" else []
        if problems or (fewer and missing == "refuse"):
            raise BadDivisions([*problems, *fewer])
        result = _take_over(rows, known, gone if missing == "close" else [], fewer, now)
        if result.added or result.changed or result.closed:
            Revision.objects.bump(BOUNDARIES)
            _record(result, data, actor, now)
    return result


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


def _take_over(
    rows: Sequence[Row], known: Mapping[str, Place], gone: list[Place], remarks: list[Problem], now: datetime
) -> ImportResult:
    changed = [place for row in rows if (place := known.get(row.code)) and _change(place, row)]
    Place.objects.bulk_update(changed, ["name", "kind", "active_until"], batch_size=500)
    added = _add(rows, dict(known), now)
    closed = 0
    for place in gone:
        closed += Place.objects.under(place).active().update(active_until=timezone.localdate(now))
    unchanged = len(rows) - added - len(changed)
    return ImportResult(added, len(changed), unchanged, closed, remarks)


def _change(place: Place, row: Row) -> bool:
    """Bring a known division in line with the file; whether there was anything to do."""
    before = (place.name, place.kind, place.active_until)
    place.name, place.kind, place.active_until = row.name, kind_of_code(row.code, row.place_level), None
    return before != (place.name, place.kind, place.active_until)


def _add(rows: Sequence[Row], places: dict[str, Place], now: datetime) -> int:
    """Write what is new, parents first. At the first import nobody knows since when a division exists."""
    begin = timezone.localdate(now) if places else None
    fresh: list[Place] = []
    for row in sorted(rows, key=lambda row: row.place_level.depth):
        if row.code in places:
            continue
        place = Place(
            code=row.code,
            name=row.name,
            level=row.place_level,
            kind=kind_of_code(row.code, row.place_level),
            parent=places[row.parent] if row.parent else None,
            active_from=begin,
        )
        places[row.code] = place
        fresh.append(place)
    Place.objects.take_paths(fresh)
    Place.objects.bulk_create(fresh, batch_size=500)
    return len(fresh)


def _record(result: ImportResult, data: bytes, actor: User | None, now: datetime) -> None:
    fields = {
        "added": result.added,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "closed": result.closed,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    record(subject=TERRITORY, action="import_divisions", actor=actor, now=now, fields=fields)
