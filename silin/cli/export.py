"""``silin export KEY --place CODE OUT.xlsx``: a table as it is now, or with ``--template`` an empty one."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from silin.cli import starting

ENDINGS = {True: "a template is a workbook: name it .xlsx.", False: "name it .xlsx or .csv."}
"""What the name of a file ends in, by whether it is an empty one to fill in."""


def arguments(command: ArgumentParser) -> None:
    """Which table, of which place, and where to."""
    command.add_argument("what", metavar="KEY", help="the table: divisions, grids, …")
    command.add_argument("out", type=Path, metavar="OUT.xlsx|OUT.csv")
    wanted = command.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--place", metavar="CODE", help="the place whose table it is")
    wanted.add_argument("--template", action="store_true", help="an empty spreadsheet to fill in")


def run(options: Namespace) -> int:
    """Write the file; 1 when there is no such table or place."""
    starting.set_up()
    if starting.refused():
        return 1
    from silin.lib.refusal import Refused

    try:
        options.out.write_bytes(_bytes(options))
    except OSError as error:
        print(starting.of_file(error), file=sys.stderr)
        return 1
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    return 0


def _bytes(options: Namespace) -> bytes:
    from django.utils import timezone

    from silin.imports.flow import get_sheet, scope_of, taken_out
    from silin.lib.refusal import Refused
    from silin.lib.sheets.writing import export, export_csv, template
    from silin.places.queries import get_place

    sheet, ending = get_sheet(options.what), options.out.suffix.lower()
    if ending != ".xlsx" and (options.template or ending != ".csv"):
        raise Refused("file_type", f"{options.out}: {ENDINGS[options.template]}", field="file")
    if options.template:
        return template(sheet)
    rows = taken_out(sheet, scope_of(get_place(options.place), None, timezone.now()))
    if ending == ".csv":
        return "".join(export_csv(sheet, rows)).encode()
    return export(sheet, rows)
