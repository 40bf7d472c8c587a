"""``silin import divisions FILE``: the official list of places, as a CSV file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from silin.cli import starting
from silin.cli.progress import Progress


def arguments(command: ArgumentParser) -> None:
    """What is read, and from where."""
    command.add_argument("what", choices=["divisions"], help="divisions: code,name,level,parent")
    command.add_argument("file", type=Path)
    command.add_argument("--rows", type=int, help="how many lines there should be, to notice a cut file")
    command.add_argument(
        "--missing",
        choices=["refuse", "keep", "close"],
        default="refuse",
        help="what becomes of places that the file no longer names (default: refuse the file)",
    )


def run(options: Namespace) -> int:
    """Read the file, all or nothing; 1 when it is refused."""
    starting.set_up()
    if starting.refused():
        return 1
    from django.utils import timezone

    from silin.places.imports import BadDivisions, import_divisions

    try:
        result = import_divisions(
            options.file,
            actor=None,
            now=timezone.now(),
            expected_rows=options.rows,
            missing=options.missing,
            progress=Progress(sys.stderr),
        )
    except OSError as error:
        print(f"{options.file}: {error.strerror}", file=sys.stderr)
        return 1
    except BadDivisions as refusal:
        print(refusal.message, *refusal.problems, sep="\n", file=sys.stderr)
        return 1
    counts = {name: getattr(result, name) for name in ("added", "changed", "closed", "unchanged")}
    print(*result.problems, ", ".join(f"{n} {name}" for name, n in counts.items()), sep="\n")
    return 0
