"""``silin facts``: the cube reckoned again, and the book of facts written out as Parquet files."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from silin.cli import starting
from silin.cli.progress import Progress

if TYPE_CHECKING:
    from silin.facts.exporting import Unit

ACTS = ("rebuild", "export")


def arguments(command: ArgumentParser) -> None:
    """One word says what to do."""
    command.add_argument("act", choices=ACTS, metavar="|".join(ACTS))
    command.add_argument(
        "--parquet",
        type=Path,
        metavar="DIR",
        help="export: where to; rebuild: sum up the export there instead of the rows of the database",
    )


def run(options: Namespace) -> int:
    """Carry it out; 1 when it was refused."""
    starting.set_up()
    if starting.refused():
        return 1
    from silin.lib.refusal import Refused

    folder = options.parquet and options.parquet.resolve()
    if options.act == "export" and folder is None:
        print("Name a folder: silin facts export --parquet DIR", file=sys.stderr)
        return 2
    try:
        return _export(folder) if options.act == "export" else _rebuild(folder)
    except (Refused, OSError) as error:
        print(error.message if isinstance(error, Refused) else starting.of_file(error), file=sys.stderr)
        return 1


def _rebuild(folder: Path | None) -> int:
    from silin.facts.folding import fold
    from silin.facts.rebuilding import rebuild, rebuild_from

    wrong = rebuild(Progress()) if folder is None else rebuild_from(folder, Progress())
    while fold():
        pass
    print(f"{wrong} cell(s) were not right and are now." if wrong else "Every cell was right.")
    return 0


def _export(folder: Path) -> int:
    from silin.facts.exporting import export

    said, written = export(folder, _units(), Progress())
    print(f"{folder}: {said.facts} facts of {len(said.days)} days, {written} day(s) written now.")
    return 0


def _units() -> Iterator[Unit]:
    """The places that are assessed, with what they lay in and when they were in use."""
    from silin.facts.exporting import Unit
    from silin.places.levels import Level
    from silin.places.models import Place

    places = Place.objects.exclude(level__in=Level.COMMUNITY.below).order_by("path")
    columns = ("code", "level", "parent__code", "name", "active_from", "active_until")
    for code, level, parent, *rest in places.values_list(*columns).iterator():
        yield Unit(code, level, parent or "", *rest)
