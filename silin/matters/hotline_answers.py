"""A hotline's own sheet goes back as it came, line by line, with what became of each order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from silin.imports.flow import check
from silin.lib.sheets.checking import Reading
from silin.lib.sheets.reading import Line, read_table
from silin.lib.sheets.sheet import Key, Scope
from silin.lib.sheets.writing import table, words_of
from silin.matters.hotline import tickets_named
from silin.matters.hotline_sheet import ORDERS
from silin.matters.models import OutsideSystem
from silin.matters.outside_fields import ANSWERS, FIELDS, Told, guess, telling
from silin.people import queries as people

STANDS = "stands"


def answered(system: OutsideSystem, scope: Scope, data: bytes) -> bytes:
    """The sheet with its answers, as xlsx: its own columns in its own order, then those of ours it lacks.

    A line that is no matter says why. Raises ``Refused`` as reading the sheet does.
    """
    reading = check(ORDERS, scope, read_table(data)).reading
    width = max(len(line.cells) for line in (reading.heading, *reading.lines))
    own = [*reading.heading.cells, *[""] * (width - len(reading.heading.cells))]
    at = _answer_columns(system, own)
    heads = [*own, *(str(FIELDS[name].title) for name in ANSWERS if name not in at)]
    for n, name in enumerate(name for name in ANSWERS if name not in at):
        at[name] = width + n
    said = _said(scope, reading)
    rows = ([*_filled(line, said.get(line.number, {}), at, len(heads))] for line in reading.lines)
    return table(str(system), heads, rows)


def _answer_columns(system: OutsideSystem, heads: Sequence[str]) -> dict[str, int]:
    """Where the sheet has columns for our answers already, by its saved layout or by their usual names."""
    known = {heading: field for heading, field, _fixed in system.columns}
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        name = known.get(head.strip()) or guess(head)
        if name in ANSWERS:
            found.setdefault(name, place)
    return found


def _said(scope: Scope, reading: Reading) -> Mapping[int, Mapping[str, str]]:
    """The answer cells of each line, by its number."""
    found: dict[int, dict[str, str]] = {}
    for each in reading.problems:
        why = _("Not taken in: %(why)s") % {"why": words_of(each)}
        found.setdefault(each.line, {STANDS: _("Not brought in yet") if each.code == "taken" else why})
    told = _told(scope, [ORDERS.key_of(row.values) for row in reading.rows])
    for row in reading.rows:
        known = told.get(ORDERS.key_of(row.values))
        cells = {name: FIELDS[name].say(known) for name in ANSWERS} if known else {}
        found[row.line] = cells or {STANDS: _("Not brought in yet")}
    return found


def _told(scope: Scope, keys: Sequence[Key]) -> dict[Key, Told]:
    """What is told of each order whose matter lies at the place."""
    paths = people.paths_where(scope.actor, "matters.triage", scope.now)
    known = tickets_named(keys).items()
    tickets = {key: each for key, each in known if each.matter.placed_path.startswith(tuple(paths))}
    pairs = [(ticket.matter, ticket) for ticket in tickets.values()]
    return dict(zip(tickets, telling(pairs, scope.actor), strict=True))


def _filled(line: Line, cells: Mapping[str, str], at: Mapping[str, int], width: int) -> list[str]:
    """The line's own cells, with ours in their places; what is blank of ours takes nothing away."""
    row = [*line.cells, *[""] * (width - len(line.cells))]
    for name, place in at.items():
        row[place] = cells.get(name, "") or row[place]
    return row
