"""What a room declares about one table that is brought in and taken out as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

from silin.lib.refusal import Words

Values = Mapping[str, Any]
"""One row by column name, typed as the columns read it. A column that the file does not have is not in it."""

Key = tuple[Any, ...]
"""The values of a sheet's key columns: by them a row of a file meets the row that is known here."""

Reader = Callable[[str], Any]
"""From the cleaned text of a cell to its value. Raises ``Refused`` in the clerk's words."""

Progress = Callable[[int, int], None]
"""Told how many of how many rows are done."""

T = TypeVar("T")
EVERY = 100
"""Rows between two words about how far the writing is."""


def unwatched(done: int, total: int) -> None:
    """Nobody asks how far it is."""


@dataclass(frozen=True)
class Scope:
    """For which part of the territory, by whom and when: what a room needs to load and to write.

    ``path`` and ``code`` are those of the place; ``actor`` is the user, None for the installer. ``progress``
    is told how far a long writing is.
    """

    path: str
    code: str
    actor: Any
    now: datetime
    progress: Progress = unwatched

    def watched(self, rows: Sequence[T]) -> Iterator[T]:
        """``rows`` one by one; whoever waits is told how far it is."""
        for n, row in enumerate(rows, 1):
            yield row
            if n % EVERY == 0 or n == len(rows):
                self.progress(n, len(rows))


@dataclass(frozen=True)
class Column:
    """One column: ``name`` in the code, ``title`` as its heading, ``note`` as the line below it.

    ``read`` is given a blank cell as ``""``; ``say`` is the way back from a value to the text of a cell.
    ``also`` are other headings by which offices call it. ``key`` columns together name a row; ``required``
    ones may not be empty. A ``secret`` one is left out of exports and shown covered in differences.
    ``choices`` are the words among which the template lets choose. A blank cell of a column that ``keeps``,
    as of a secret one, takes nothing away.
    """

    name: str
    title: Words
    note: Words
    read: Reader
    say: Callable[[Any], str]
    key: bool = False
    required: bool = False
    also: tuple[str, ...] = ()
    secret: bool = False
    width: int = 16
    choices: tuple[Words, ...] = ()
    keeps: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a file: the number it bears there, and its values."""

    line: int
    values: Values


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with a cell (``column`` empty: with the whole line), and what to do about it."""

    line: int
    column: str
    code: str
    what: str
    mend: str


@dataclass(frozen=True)
class Change:
    """A row that is not yet as the file says; ``before`` is None where it is new."""

    line: int
    before: Values | None
    after: Values


@dataclass(frozen=True)
class Sheet:
    """A table: its columns, who may bring it in, and how this room knows, checks and writes its rows.

    ``load`` gives what is known in the scope by key: exactly what an export of it holds, so that a file that
    was exported changes nothing when it comes back. ``write`` gets the rows that differ, in the file's order,
    inside the one transaction of the batch; the flow writes the batch's line of history, so ``write`` writes
    none a row. ``check`` finds what a cell alone does not show (a parent that does not exist, a door in two
    rows); its results mark cells as bad as a reader's refusal does. ``shape`` names the column that a
    geodata file fills with its geometry (CGCS2000, shapely); empty where the table has none. ``lock`` takes
    what keeps others from changing these rows until the commit; it is called before they are loaded.
    ``tidy`` brings what a line may say in two ways into the one in which ``load`` says it. ``taken_out`` is
    told before an export leaves, of which scope and how many rows: a table about people writes down that
    somebody looked. ``remove`` takes rows away that a batch made and nobody has changed since, and tells
    which have to stay, and why; None where a row that is there once is there for good. ``foretell`` says in
    sentences what would follow from the rows that differ; nothing is written then. ``find`` gives of a table
    that grows for ever what its lines name, where ``load`` would read years of it. ``headings`` are headings
    of a city's own, each with the name of its column; then it is told which column was read as which.
    ``final`` says why what a file changed is not put back.
    """

    key: str
    title: Words
    about: Words
    capability: str
    columns: Sequence[Column]
    load: Callable[[Scope], Mapping[Key, Values]]
    write: Callable[[Scope, Sequence[Change]], None]
    check: Callable[[Scope, Sequence[Row], Mapping[Key, Values]], Iterable[CellProblem]] = field(
        default=lambda scope, rows, known: ()
    )
    shape: str = ""
    lock: Callable[[Scope], None] = field(default=lambda scope: None)
    tidy: Callable[[dict[str, Any]], None] = field(default=lambda values: None)
    taken_out: Callable[[Scope, int], None] = field(default=lambda scope, rows: None)
    remove: Callable[[Scope, Sequence[Row]], Iterable[CellProblem]] | None = None
    foretell: Callable[[Scope, Sequence[Change]], Iterable[str]] = field(default=lambda scope, changes: ())
    find: Callable[[Scope, Sequence[Values]], Mapping[Key, Values]] | None = None
    headings: Callable[[], Mapping[str, str]] | None = None
    final: Words = ""
    after: tuple[str, ...] = ()
    """Keys of the sheets that come before it when a city is set up."""

    def key_of(self, values: Values) -> Key:
        """By what the row is known."""
        return tuple(values.get(column.name) for column in self.columns if column.key)

    def known(self, scope: Scope, rows: Sequence[Values]) -> Mapping[Key, Values]:
        """What is known in the scope, by key; at least of what ``rows`` name."""
        return self.find(scope, rows) if self.find is not None else self.load(scope)


def find_sheets() -> list[Sheet]:
    """The ``SHEETS`` of every installed app. Raises ``ImproperlyConfigured`` when two share a key."""
    sheets: list[Sheet] = []
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "sheets"):
            sheets += getattr(import_module(f"{app.name}.sheets"), "SHEETS", [])
    keys = [sheet.key for sheet in sheets]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ImproperlyConfigured(f"two sheets of one key: {', '.join(sorted(twice))}")
    return sheets
