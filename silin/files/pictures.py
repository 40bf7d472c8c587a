"""Reading a picture that a stranger sent: what the camera noted, and a smaller copy without it."""

from __future__ import annotations

import re
import struct
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from silin.lib.refusal import Refused
from silin.lib.workdays import SHANGHAI

PIXELS_AT_MOST = 40_000_000
LONGEST_SIDE = 1600
THUMB_SIDE = 320
QUALITY = 82
RESIZABLE = ("RGB", "RGBA", "L", "LA")
ONE_AT_A_TIME = threading.Lock()
"""A decoded picture may take 300 MB: several at once would take the process down."""
UNREADABLE = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, MemoryError),
    struct.error,
)
"""What Pillow raises over bytes that are not what they say: seen over 100,000 mangled pictures."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is set upright, by EXIF's orientation."""
Found = TypeVar("Found")
OFFSET = re.compile(r"[+-]\d\d:\d\d")


@dataclass(frozen=True)
class Noted:
    """When and where (WGS-84 degrees) a camera says a picture was taken, and how it was held.

    None where it does not say.
    """

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    turn: Image.Transpose | None = None


@dataclass(frozen=True)
class Picture:
    """A picture made small, as JPEG without metadata, its thumbnail, and what the camera had noted."""

    data: bytes
    thumb: bytes
    width: int
    height: int
    noted: Noted


def read_picture(data: bytes, form: str) -> Picture:
    """Decode ``data`` as ``form`` (``JPEG PNG WEBP``) and nothing else.

    The size is read from the header and refused before a pixel is decoded. Raises ``Refused``
    (``image_too_large``, ``file_broken``).
    """
    try:
        with ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(data, form)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except UNREADABLE as error:
        raise broken() from error


def broken() -> Refused:
    """The refusal of a file that says what it is but cannot be read."""
    return Refused("file_broken", _("The file cannot be opened. Please choose it again."), field="file")


def _read(data: bytes, form: str) -> Picture:
    with Image.open(BytesIO(data), formats=[form]) as image:
        if image.width * image.height > PIXELS_AT_MOST:
            raise _too_large()
        noted = read_noted(image)
        plain = _shrink(image, noted.turn)
    small = plain.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Picture(_jpeg(plain), _jpeg(small), plain.width, plain.height, noted)


def _too_large() -> Refused:
    message = _("The picture has more than 40 megapixels. Please take it smaller.")
    return Refused("image_too_large", message, field="file")


def _shrink(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    """Upright, at most ``LONGEST_SIDE`` long, on white; JPEG is decoded smaller where that will do."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode not in RESIZABLE:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _on_white(image if turn is None else image.transpose(turn))


def _on_white(image: Image.Image) -> Image.Image:
    """A new picture in RGB with nothing but pixels in it; what was transparent is white."""
    layer = image.convert("RGBA" if image.has_transparency_data else "RGB")
    plain = Image.new("RGB", layer.size, "white")
    plain.paste(layer, mask=layer if layer.mode == "RGBA" else None)
    return plain


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def read_noted(image: Image.Image) -> Noted:
    """What the camera wrote down; what is nonsense in it counts as nothing."""
    exif = _or_nothing(image.getexif) or Image.Exif()
    turn = _or_nothing(lambda: TURNS.get(exif.get(Base.Orientation, 1)))
    lon, lat = _or_nothing(lambda: _read_place(exif.get_ifd(IFD.GPSInfo))) or (None, None)
    return Noted(_or_nothing(lambda: _read_time(exif)), lon, lat, turn)


def _or_nothing(read: Callable[[], Found]) -> Found | None:
    try:
        return read()
    except UNREADABLE:
        return None


def _read_time(exif: Image.Exif) -> datetime | None:
    """Cameras write local time; newer ones its offset too, and without one it is taken as China's."""
    more = exif.get_ifd(IFD.Exif)
    text = str(more.get(Base.DateTimeOriginal) or exif.get(Base.DateTime) or "").strip("\0 ")
    if not text or text.startswith("0000"):
        return None
    offset = str(more.get(Base.OffsetTimeOriginal) or "").strip("\0 ")
    if OFFSET.fullmatch(offset):
        return datetime.strptime(text + offset, "%Y:%m:%d %H:%M:%S%z")
    return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=SHANGHAI)


def _read_place(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    if GPS.GPSLongitude not in gps or GPS.GPSLatitude not in gps:
        return None, None
    lon = _degrees(gps[GPS.GPSLongitude], gps.get(GPS.GPSLongitudeRef), "W")
    lat = _degrees(gps[GPS.GPSLatitude], gps.get(GPS.GPSLatitudeRef), "S")
    if (lon, lat) == (0.0, 0.0) or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None, None
    return lon, lat


def _degrees(parts: Any, reference: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(reference).strip("\0 ").upper() == negative else value
