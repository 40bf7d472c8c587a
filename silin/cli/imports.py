"""``silin import KEY FILE --place CODE``: a table from a spreadsheet or geodata."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from silin.cli import starting
from silin.cli.progress import Progress

if TYPE_CHECKING:
    from silin.imports.flow import Checked

SHOWN = 20


def arguments(command: ArgumentParser) -> None:
    """What is read, from where, for which place."""
    command.add_argument("what", metavar="KEY", help="the table: divisions, grids, …")
    command.add_argument("file", type=Path, nargs="?")
    command.add_argument("--place", metavar="CODE", help="the place whose table it is")
    command.add_argument("--datum", default="", help="of outlines: CGCS2000, WGS-84, GCJ-02 or BD-09")
    command.add_argument("--commit", action="store_true", help="write what would change")
    command.add_argument(
        "--good-rows", action="store_true", help="with --commit: leave out lines with mistakes"
    )
    command.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="where the error sheet goes")
    command.add_argument(
        "--national", action="store_true", help="divisions of the whole country, from the list in the package"
    )
    command.add_argument(
        "--rows",
        type=int,
        help="divisions without --place: how many lines there should be, to notice a cut file",
    )
    command.add_argument(
        "--missing",
        choices=["refuse", "keep", "close"],
        default="refuse",
        help="divisions without --place: what becomes of places the file no longer names (default: refuse)",
    )


def run(options: Namespace) -> int:
    """Read the file, all or nothing; 1 when it is refused or holds mistakes."""
    starting.set_up()
    if starting.refused():
        return 1
    from silin.lib.refusal import Refused

    whole = options.national and options.what == "divisions" and not options.place
    if (options.file is None) != options.national or whole != options.national:
        print("Name a file; or say divisions --national, without --place.", file=sys.stderr)
        return 1
    try:
        if options.what == "divisions" and not options.place:
            return _divisions(options)
        return _sheet(options, options.file.read_bytes())
    except OSError as error:
        print(starting.of_file(error), file=sys.stderr)
    except Refused as refusal:
        problems = getattr(refusal, "problems", [])
        print(refusal.message, *problems, sep="\n", file=sys.stderr)
    return 1


def _divisions(options: Namespace) -> int:
    """The official list, whole and fast: the one import that comes before there is any place."""
    from django.utils import timezone

    from silin.places import national
    from silin.places.imports import import_divisions

    result = import_divisions(
        national.whole() if options.national else options.file,
        actor=None,
        now=timezone.now(),
        expected_rows=options.rows,
        missing=options.missing,
        progress=Progress(sys.stderr),
    )
    counts = {name: getattr(result, name) for name in ("added", "changed", "closed", "unchanged")}
    print(*result.problems, ", ".join(f"{n} {name}" for name, n in counts.items()), sep="\n")
    return 0


def _sheet(options: Namespace, data: bytes) -> int:
    from django.utils import timezone

    from silin.imports.actions import commit, upload
    from silin.imports.flow import check, get_sheet, scope_of
    from silin.lib.geodata import read_file
    from silin.lib.sheets.writing import error_sheet
    from silin.places.queries import get_place

    sheet, now = get_sheet(options.what), timezone.now()
    place, progress = get_place(options.place or ""), Progress(sys.stderr)
    checked = check(sheet, scope_of(place, None, now, progress), read_file(data, options.datum))
    _tell(checked)
    bad = bool(checked.reading.problems)
    if bad and options.errors:
        options.errors.write_bytes(error_sheet(sheet, checked.reading))
    if options.commit and (options.good_rows or not bad):
        batch = upload(sheet, place, data, name=options.file.name, by=None, now=now, datum=options.datum)
        commit(batch, by=None, now=now, good_rows=options.good_rows)
        print("written")
    else:
        print("nothing was written" + ("" if bad or options.commit else "; --commit writes it"))
    return int(bad)


def _tell(checked: Checked) -> None:
    shown, differences = checked.shown(), checked.differences
    print(*shown["notes"], sep="\n", end="\n" if shown["notes"] else "")
    for change in shown["changes"][:SHOWN]:
        told = [cell for cell in change["cells"] if cell["old"] or cell["new"]]
        cells = [f"{cell['title']} {cell['old'] or '–'} → {cell['new'] or '–'}" for cell in told]
        print(f"{'+' if change['new'] else '~'} {change['line']} {change['name']}: {', '.join(cells)}")
    titles = {column.name: column.title for column in checked.sheet.columns}
    for each in checked.reading.problems:
        print(f"! {each.line} {titles.get(each.column, '')}: {each.what} {each.mend}".rstrip())
    bad = len(checked.reading.bad_lines())
    print(
        f"{differences.new} new, {differences.changed} changed, {differences.unchanged} unchanged, {bad} bad"
    )
