"""Files of outlines and points: GeoJSON, Shapefile (zip), GeoPackage, read as a table with shapes.

In which datum the coordinates stand is asked and never guessed: no file says it truly.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from silin.lib.datum import Datum, to_cgcs2000
from silin.lib.refusal import Refused, Words
from silin.lib.sheets.reading import MOST_BYTES, MOST_LINES, MOST_UNPACKED, Line, Table, read_table

SQLITE = b"SQLite format 3\0"
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def is_geodata(data: bytes) -> bool:
    """Whether these are outlines rather than a spreadsheet, by the bytes."""
    if data.startswith(b"PK\x03\x04"):
        return any(name.lower().endswith(".shp") for name in _names(data))
    return data.startswith(SQLITE) or data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_file(data: bytes, datum: str = "") -> Table:
    """The lines of a file, whatever it is. Raises ``Refused`` as ``read_table`` and ``read_geodata`` do."""
    return read_geodata(data, datum) if is_geodata(data) else read_table(data)


def read_geodata(data: bytes, datum: str) -> Table:
    """The first layer: attributes as lines under their names, shapes (CGCS2000) by the line's number.

    Raises ``Refused`` (``file_too_big``, ``file_broken``, ``no_datum``, ``not_degrees``, ``empty``,
    ``too_many_rows``).
    """
    # Here and not above: it takes long, and most processes never read such a file.
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    if len(data) > MOST_BYTES:
        raise _refused("file_too_big", _("The file is larger than 20 MB. Please split it."))
    if datum not in list(Datum):
        words = _("Say in which datum the coordinates stand: {known}.")
        raise Refused("no_datum", words.format(known="、".join(Datum)), field="datum")
    try:
        meta, wkb, fields, notes = _layer(data)
    except (DataSourceError, DataLayerError, FeatureError, UnicodeDecodeError, ValueError) as error:
        raise _refused("file_broken", _("The outlines cannot be read; the file may be damaged.")) from error
    shapes = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    if not len(shapes):
        raise _refused("empty", _("There is nothing in the file."))
    _refuse_metres(meta.get("crs"), shapes)
    lines = [Line(1, [str(name) for name in meta["fields"]])]
    for n in range(len(shapes)):
        lines.append(Line(n + 2, [_as_text(column[n]) for column in fields]))
    turned = {n: _turned(shape, datum) for n, shape in enumerate(shapes, 2) if shape is not None}
    return Table(lines, notes, turned)


def _names(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return packed.namelist()
    except zipfile.BadZipFile:
        return []


def _layer(data: bytes) -> tuple[dict[str, Any], Any, list[Any], list[Words]]:
    import pyogrio

    source, encodings = _source(data)
    # By number: GDAL gives a GeoJSON without a name another one at each look.
    layers = [(n, name) for n, (name, kind) in enumerate(pyogrio.list_layers(source)) if kind]
    if not layers:
        raise _refused("empty", _("There is nothing in the file."))
    notes: list[Words] = []
    if len(layers) > 1:
        notes.append(_("Read was the layer “{name}”.").format(name=layers[0][1]))
    for encoding in encodings:
        try:
            options = {"layer": layers[0][0], "encoding": encoding, "max_features": MOST_LINES + 1}
            meta, _fids, wkb, fields = pyogrio.raw.read(source, **options)
        except UnicodeDecodeError:
            if encoding == encodings[-1]:
                raise
            continue
        break
    if len(wkb) > MOST_LINES:
        words = _("The file has more than {n} lines. Please split it.")
        raise _refused("too_many_rows", words.format(n=MOST_LINES))
    return meta, wkb, list(fields), notes


def _source(data: bytes) -> tuple[bytes, list[str | None]]:
    """What the reader is given, and the encodings to be tried."""
    if data.startswith(b"PK"):
        return _shapefile(data)
    if data.startswith(SQLITE):
        return _named(data, "outlines.gpkg"), [None]
    json.loads(data)
    return data, [None]


def _named(data: bytes, name: str) -> bytes:
    """``data`` under a name: the reader of GeoPackage goes by its ending, and bytes alone have none."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, data)
    return out.getvalue()


def _shapefile(data: bytes) -> tuple[bytes, list[str | None]]:
    """The parts of the first shapefile alone, packed anew under a plain name; the encodings to be tried."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as fresh:
        if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
            raise _refused("file_too_big", _("The file unpacks to far more than outlines need."))
        shape = next(PurePosixPath(name) for name in packed.namelist() if name.lower().endswith(".shp"))
        kept = set()
        for name in packed.namelist():
            path = PurePosixPath(name)
            if path.with_suffix("") == shape.with_suffix("") and path.suffix.lower() in PARTS:
                fresh.writestr(f"outlines{path.suffix.lower()}", packed.read(name))
                kept.add(path.suffix.lower())
    if missing := {".shp", ".shx", ".dbf"} - kept:
        words = _("The archive lacks the {parts} file; a shapefile has all of .shp, .shx and .dbf.")
        raise _refused("file_broken", words.format(parts="、".join(sorted(missing))))
    return out.getvalue(), [None] if ".cpg" in kept else ["utf-8", "gb18030"]


def _refuse_metres(crs: str | None, shapes: Any) -> None:
    bounds = shapely.total_bounds(shapes)
    in_degrees = (np.abs(bounds[[0, 2]]) <= 180).all() and (np.abs(bounds[[1, 3]]) <= 90).all()
    if np.isnan(bounds).all():
        return
    if not in_degrees or (crs or "").upper().startswith("PROJCS"):
        words = _("The coordinates are no longitudes and latitudes ({crs}). Export the file in degrees.")
        raise _refused("not_degrees", words.format(crs=(crs or "?")[:40]))


def _turned(shape: Any, datum: str) -> Any:
    """The shape in CGCS2000."""
    if datum in (Datum.CGCS2000, Datum.WGS84):
        return shape
    return shapely.transform(shape, lambda xy: np.array([to_cgcs2000(x, y, datum) for x, y in xy]))


def _as_text(cell: Any) -> str:
    if cell is None or (isinstance(cell, float | np.floating) and np.isnan(cell)):
        return ""
    if isinstance(cell, float | np.floating):
        return f"{cell:.0f}" if float(cell).is_integer() else f"{cell:.15g}"
    if isinstance(cell, np.datetime64):
        return "" if np.isnat(cell) else str(cell)[:10]
    return str(cell)


def _refused(code: str, words: Words) -> Refused:
    return Refused(code, words, field="file")
