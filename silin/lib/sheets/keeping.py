"""What was read of a file, as text that can be kept, and nothing of what was never read."""

from __future__ import annotations

import base64
import json
import zlib

import shapely

from silin.lib.sheets.reading import Line, Table


def packed(table: Table) -> str:
    """``table`` as text: of its file no other sheet, no comment and no property comes along."""
    what = {
        "lines": [[line.number, line.cells, sorted(line.rounded)] for line in table.lines],
        "notes": [str(note) for note in table.notes],
        "shapes": {number: shape.wkb_hex for number, shape in table.shapes.items()},
    }
    return base64.b64encode(zlib.compress(json.dumps(what, ensure_ascii=False).encode())).decode()


def unpacked(text: str) -> Table:
    """The way back from ``packed``."""
    what = json.loads(zlib.decompress(base64.b64decode(text)))
    return Table(
        [Line(number, cells, frozenset(rounded)) for number, cells, rounded in what["lines"]],
        what["notes"],
        {int(number): shapely.from_wkb(shape) for number, shape in what["shapes"].items()},
    )
