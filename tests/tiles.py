"""Maps for tests: a PMTiles file of one colour, a server of tiles that writes down what it is asked for."""

from __future__ import annotations

import contextlib
import io
import struct
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import asinh, floor, pi, radians, tan
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from PIL import Image

Colour = tuple[int, int, int]
PNG, NOT_PACKED = 2, 1
DEGREE = 10_000_000


def picture(colour: Colour) -> bytes:
    """A tile of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(out, "PNG")
    return out.getvalue()


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile of web maps round a point."""
    n = 2**zoom
    return floor((lon + 180) / 360 * n), floor((1 - asinh(tan(radians(lat))) / pi) / 2 * n)


def write_pmtiles(path: Path, lon: float, lat: float, deepest: int, colour: Colour) -> None:
    """A PMTiles file (version 3) with one tile a zoom round a point, all the same picture."""
    tile = picture(colour)
    ids = [_number(zoom, *tile_at(lon, lat, zoom)) for zoom in range(deepest + 1)]
    root = _directory(ids, len(tile))
    at = 127
    sizes = [at, len(root), at + len(root), 2, at + len(root) + 2, 0, at + len(root) + 2, len(tile)]
    counts = [len(ids), len(ids), 1]
    head = b"PMTiles\x03" + struct.pack("<11Q", *sizes, *counts)
    head += bytes([1, NOT_PACKED, NOT_PACKED, PNG, 0, deepest])
    head += struct.pack("<4i", -180 * DEGREE, -85 * DEGREE, 180 * DEGREE, 85 * DEGREE)
    head += bytes([0]) + struct.pack("<2i", int(lon * DEGREE), int(lat * DEGREE))
    path.write_bytes(head + root + b"{}" + tile)


def _directory(ids: Sequence[int], length: int) -> bytes:
    """Numbers of the tiles (each as what it adds), how many follow alike, lengths, places: all the first."""
    steps = [number - before for before, number in zip([0, *ids], ids, strict=False)]
    parts = [[len(ids)], steps, [1] * len(ids), [length] * len(ids), [1] * len(ids)]
    return b"".join(_varint(number) for part in parts for number in part)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _number(zoom: int, x: int, y: int) -> int:
    """The number of a tile: all of the zooms before, then its place on the curve of Hilbert."""
    before: int = (4**zoom - 1) // 3
    side, found = 2**zoom // 2, 0
    while side:
        right, low = int(bool(x & side)), int(bool(y & side))
        found += side * side * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))
            x, y = y, x
        side //= 2
    return before + found


class TileServer:
    """What was asked for (the words of each query), and whether it still answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.is_down = False
        self.url = ""

    def tiles(self, **words: str) -> set[tuple[int, int, int]]:
        """Zoom, column and row of the tiles that were asked for with ``words``."""
        found = [each for each in self.asked if words.items() <= each.items()]
        return {(int(each["z"]), int(each["x"]), int(each["y"])) for each in found}


@contextlib.contextmanager
def tile_server(colour: Colour = (120, 160, 200)) -> Iterator[TileServer]:
    """A server of tiles on a free port of this machine, as a mirror inside a city's own network."""
    told, tile = TileServer(), picture(colour)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(dict(parse_qsl(urlsplit(self.path).query)))
            self.send_response(403 if told.is_down else 200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(b"" if told.is_down else tile)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield told
        finally:
            server.shutdown()
