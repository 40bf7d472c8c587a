"""Whatever is sent, only whole and harmless pictures and documents are kept, without metadata."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from PIL import Image, ImageChops, ImageDraw, ImageOps, ImageStat, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base

from silin.files.actions import BYTES_AT_MOST, keep
from silin.files.models import File
from silin.files.pictures import read_picture
from silin.lib.refusal import Refused

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SECRET = b"SECRET-13812341234"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.SILIN_HOME = tmp_path
    return tmp_path


def picture(
    form: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (400, 200), **options: Any
) -> bytes:
    """A picture whose left half is red."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1]), fill="red")
    out = BytesIO()
    image.convert(mode).save(out, form, **options)
    return out.getvalue()


def exif(*, orientation: int = 1, **more: Any) -> Image.Exif:
    made = Image.Exif()
    made[Base.Orientation] = orientation
    made[Base.Make] = SECRET.decode()
    made.get_ifd(IFD.Exif).update(more.get("exif", {}))
    made.get_ifd(IFD.GPSInfo).update(more.get("gps", {}))
    return made


def kept(data: bytes, name: str = "IMG_1.jpg") -> File:
    return keep(SimpleUploadedFile(name, data))


def shown(file: File, *, thumb: bool = False) -> Image.Image:
    with Image.open(file.path(thumb=thumb)) as image:
        image.load()
        return image


def refused(data: bytes) -> Refused:
    with pytest.raises(Refused) as refusal:
        kept(data)
    assert not File.objects.exists()
    assert refusal.value.field == "file"
    return refusal.value


def nothing_on_disk(home: Path) -> bool:
    return [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("WEBP", "RGB"),
    ],
)
def test_a_picture_becomes_a_small_jpeg_with_a_thumbnail(form: str, mode: str) -> None:
    data = picture(form, mode, size=(3200, 800))
    file = kept(data)
    assert (file.sha256, file.mime, file.is_image) == (sha256(data).hexdigest(), "image/jpeg", True)
    assert (file.width, file.height, file.size) == (1600, 400, file.path().stat().st_size)
    assert (shown(file).format, shown(file).size, shown(file, thumb=True).size) == (
        "JPEG",
        (1600, 400),
        (320, 80),
    )
    assert File.objects.get() == file
    assert file.path().parent.name == file.sha256[:2]


@pytest.mark.django_db
def test_a_small_picture_is_not_blown_up() -> None:
    file = kept(picture(size=(100, 50)))
    assert shown(file).size == shown(file, thumb=True).size == (100, 50)


@pytest.mark.django_db
@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("WEBP", "RGBA"), ("PNG", "LA")])
def test_what_was_transparent_is_white(form: str, mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (2000, 100), 0).save(out, form)
    assert shown(kept(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.django_db
def test_sixteen_bits_of_grey_stay_grey() -> None:
    out = BytesIO()
    Image.new("I;16", (100, 100), 32768).save(out, "PNG")
    assert shown(kept(out.getvalue())).getpixel((5, 5)) == (128, 128, 128)


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_it_is_turned_upright(form: str) -> None:
    """Orientation 6: the camera was held on its side, what is left in the bytes is on top."""
    file = kept(picture(form, exif=exif(orientation=6)))
    image = shown(file)
    assert image.size == (200, 400)
    green = image.getchannel("G")
    assert green.crop((100, 50, 101, 51)).tobytes() < bytes([60])
    assert green.crop((100, 350, 101, 351)).tobytes() > bytes([200])


@pytest.mark.django_db
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera_is_set_upright(orientation: int) -> None:
    data = picture(exif=exif(orientation=orientation))
    with Image.open(BytesIO(data)) as image:
        expected = ImageOps.exif_transpose(image)
    found = shown(kept(data))
    assert found.size == expected.size
    assert ImageStat.Stat(ImageChops.difference(found, expected)).mean == pytest.approx([0, 0, 0], abs=3)


def test_mangled_bytes_are_a_picture_or_a_refusal_and_never_a_surprise() -> None:
    draw, notes = random.Random(20261120), exif(exif=TIME, gps=PLACE)
    whole = {form: picture(form, size=(40, 30), exif=notes) for form in ("JPEG", "PNG", "WEBP")}
    for _n in range(300):
        form = draw.choice(list(whole))
        data = bytearray(whole[form])
        for _m in range(draw.choice([1, 2, 8])):
            data[draw.randrange(12, len(data))] = draw.randrange(256)
        with contextlib.suppress(Refused):
            assert read_picture(bytes(data), form).data


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_was_written_into_it_is_left(form: str) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET.decode())
    options: dict[str, Any] = {"exif": exif(), "xmp": SECRET, "icc_profile": SECRET}
    own: dict[str, dict[str, Any]] = {"JPEG": {"comment": SECRET}, "PNG": {"pnginfo": notes}, "WEBP": {}}
    options |= own[form]
    data = picture(form, **options)
    if form == "JPEG":
        data = data + SECRET
    assert SECRET in data
    file = kept(data)
    for thumb in (False, True):
        assert SECRET not in file.path(thumb=thumb).read_bytes()
        assert not shown(file, thumb=thumb).getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & shown(file, thumb=thumb).info.keys()


PLACE = {GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (34, 21, 36.0)}
PLACE |= {GPS.GPSLongitudeRef: "E", GPS.GPSLongitude: (107, 8, 24.0)}
TIME = {Base.DateTimeOriginal: "2026:11:20 14:12:30"}


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_time_and_place_are_read_first(form: str) -> None:
    file = kept(picture(form, exif=exif(exif=TIME, gps=PLACE)))
    assert file.taken_at == datetime(2026, 11, 20, 6, 12, 30, tzinfo=UTC)
    assert [file.lon, file.lat] == pytest.approx([107.14, 34.36])
    assert kept(picture("PNG")).taken_at is None


@pytest.mark.django_db
def test_an_offset_and_the_other_hemispheres_are_understood() -> None:
    gps = {**PLACE, GPS.GPSLatitudeRef: "S", GPS.GPSLongitudeRef: "W"}
    time = {**TIME, Base.OffsetTimeOriginal: "-03:30"}
    file = kept(picture(exif=exif(exif=time, gps=gps)))
    assert file.taken_at == datetime(2026, 11, 20, 14, 12, 30, tzinfo=timezone(timedelta(hours=-3.5)))
    assert [file.lon, file.lat] == pytest.approx([-107.14, -34.36])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "nonsense",
    [
        {"exif": {Base.DateTimeOriginal: "last summer"}},
        {"exif": {Base.DateTimeOriginal: "0000:00:00 00:00:00"}},
        {"gps": {**PLACE, GPS.GPSLatitude: (340, 0, 0)}},
        {"gps": {**PLACE, GPS.GPSLongitude: (1, 2)}},
        {"gps": {GPS.GPSLatitude: (0, 0, 0), GPS.GPSLongitude: (0, 0, 0)}},
        {"gps": {GPS.GPSLatitude: (34, 21, 36.0)}},
    ],
)
def test_nonsense_from_a_camera_counts_as_nothing(nonsense: dict[str, Any]) -> None:
    file = kept(picture(exif=exif(**nonsense)))
    assert (file.taken_at, file.lon, file.lat) == (None, None, None)


@pytest.mark.django_db
def test_the_same_bytes_twice_are_one_file() -> None:
    data = picture()
    first = kept(data)
    with CaptureQueriesContext(connection) as seen:
        assert kept(data, "other name.png") == first
    assert len(seen) == 1
    assert File.objects.count() == 1
    first.path().unlink()
    assert kept(data).path().exists()


@pytest.mark.django_db
def test_a_document_is_kept_as_it_is() -> None:
    file = kept(PDF, "申请.pdf")
    assert (file.mime, file.size, file.width, file.is_image) == ("application/pdf", len(PDF), None, False)
    assert file.path().read_bytes() == PDF


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        b"<?php system($_GET['x']); ?>",
        b"MZ\x90\x00" + b"\0" * 500,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + b"\0" * 50,
        b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 50,
        b"just some words",
    ],
)
def test_a_file_that_lies_about_its_type_is_refused(data: bytes, home: Path) -> None:
    """The browser said ``image/jpeg`` and the name ends in .jpg: neither is believed."""
    with pytest.raises(Refused) as refusal:
        keep(SimpleUploadedFile("IMG_1.jpg", data, content_type="image/jpeg"))
    assert refusal.value.code == "file_type"
    assert nothing_on_disk(home)


@pytest.mark.django_db
def test_a_true_picture_under_a_false_name_is_welcome() -> None:
    assert kept(picture("PNG"), "payload.exe").mime == "image/jpeg"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff" + b"nothing that could be a picture" * 10,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 40,
        b"%PDF-1.7 and then nothing",
        picture()[:400],
        picture("PNG", size=(900, 900))[:300],
        picture("WEBP", size=(900, 900))[:100],
        PDF[:-20],
    ],
)
def test_a_broken_file_is_refused(data: bytes, home: Path) -> None:
    assert refused(data).code == "file_broken"
    assert nothing_on_disk(home)


NO_PIXELS = b"\0\0\0\x04IDAT\0\0\0\0"


def header_only(width: int, height: int) -> bytes:
    """A PNG that says how large it is and has not one whole pixel: decoding it could only fail."""
    body = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + body + crc32(body).to_bytes(4, "big") + NO_PIXELS


@pytest.mark.django_db
@pytest.mark.parametrize("size", [(10_000, 10_000), (8_000, 5_001), (20_000, 20_000), (100_000, 100_000)])
def test_too_many_pixels_are_refused_by_the_header_before_decoding(size: tuple[int, int], home: Path) -> None:
    assert refused(header_only(*size)).code == "image_too_large"
    assert nothing_on_disk(home)


@pytest.mark.django_db
def test_a_real_picture_of_100_megapixels_is_refused() -> None:
    out = BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    assert refused(out.getvalue()).code == "image_too_large"


@pytest.mark.django_db
def test_40_megapixels_are_just_small_enough() -> None:
    out = BytesIO()
    Image.new("L", (8_000, 5_000), 128).save(out, "JPEG")
    assert shown(kept(out.getvalue())).size == (1600, 1000)


@pytest.mark.django_db
def test_more_than_20_megabytes_are_refused_and_no_more_is_read() -> None:
    assert refused(b"\xff\xd8\xff" + b"\0" * BYTES_AT_MOST).code == "file_too_big"
    endless = Endless()
    with pytest.raises(Refused):
        keep(endless)
    assert endless.given == BYTES_AT_MOST + 1


class Endless:
    """An upload that never ends."""

    given = 0

    def read(self, size: int = -1, /) -> bytes:
        self.given += size
        return b"\xff" * size


@pytest.mark.django_db
def test_a_picture_from_a_newer_phone_is_told_what_to_do() -> None:
    refusal = refused(b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 100)
    assert refusal.code == "file_type"
    with translation.override("zh-hans"):
        assert "兼容性最佳" in str(refusal.message)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("data", [b"", b"words", header_only(10_000, 10_000)])
def test_refusals_are_said_in_the_users_words(data: bytes, language: str) -> None:
    message = refused(data).message
    with translation.override(language):
        assert str(message).isascii() == (language == "en")


@pytest.mark.django_db
def test_a_full_disk_leaves_neither_row_nor_draft(home: Path) -> None:
    """A file stands where the folder should be made: nothing can be written."""
    data = picture()
    (home / "files").write_bytes(b"")
    with pytest.raises(OSError, match="files"):
        kept(data)
    assert not File.objects.exists()
    assert [path.name for path in home.rglob("*")] == ["files"]


def test_the_same_picture_from_many_at_once_is_one_file(live_db: str, home: Path) -> None:
    data, done = picture(), []
    together = threading.Barrier(4)

    def send() -> None:
        try:
            together.wait(20)
            done.append(kept(data))
        finally:
            connection.close()

    run_together([send] * 4)
    assert len(done) == 4
    assert File.objects.count() == 1
    assert sorted(path.name for path in (home / "files").rglob("*") if path.is_file()) == [
        done[0].sha256,
        f"{done[0].sha256}.thumb",
    ]


def run_together(calls: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
