"""Keeping what somebody sent."""

from __future__ import annotations

import hashlib
from typing import Protocol

from django.db import transaction
from django.db.models import ManyToOneRel
from django.utils.translation import gettext_lazy as _

from silin.files.models import File
from silin.files.pictures import broken, read_picture
from silin.files.storage import write_whole
from silin.lib.refusal import Refused

BYTES_AT_MOST = 20 * 1024 * 1024
PICTURES = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF"}
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"mif1", b"msf1", b"avif")


class Upload(Protocol):
    """Anything that bytes can be read from: Django's uploads, an open file, ``BytesIO``."""

    def read(self, size: int = -1, /) -> bytes: ...


def keep(upload: Upload) -> File:
    """Look what ``upload`` really is, make it fit to keep, and keep it; the same bytes twice are one file.

    A picture (JPEG, PNG, WebP, at most 40 megapixels) is kept as JPEG of at most 1600 px without metadata,
    beside a small one of at most 320 px; a PDF as it is. Decoding takes up to a second: call this before the
    transaction of the deed, not in it. Raises ``Refused`` (``file_too_big`` over 20 MB, ``file_type``,
    ``image_too_large``, ``file_broken``), and then nothing was kept.
    """
    return _kept(_bytes_of(upload))


def keep_image(upload: Upload) -> File:
    """As ``keep``, for a place where only pictures have a meaning: a PDF is ``Refused`` (``file_type``)."""
    data = _bytes_of(upload)
    if sniff(data) == "PDF":
        message = _("Only photos can be sent here (JPEG, PNG, WebP).")
        raise Refused("file_type", message, field="file")
    return _kept(data)


def forget(sha256: str) -> bool:
    """Take a file away, bytes and all, unless a room still shows it; whether it went."""
    with transaction.atomic():
        file = File.objects.select_for_update().filter(pk=sha256).first()
        if file is None or _is_shown(file):
            return False
        File.objects.filter(pk=sha256).delete()
    for thumb in (True, False):
        file.path(thumb=thumb).unlink(missing_ok=True)
    return True


def _is_shown(file: File) -> bool:
    """Whether any row of any room points at it."""
    ways = [each for each in File._meta.get_fields(include_hidden=True) if isinstance(each, ManyToOneRel)]
    return any(each.field.model._base_manager.filter(**{each.field.name: file}).exists() for each in ways)


def _bytes_of(upload: Upload) -> bytes:
    data = upload.read(BYTES_AT_MOST + 1)
    if len(data) > BYTES_AT_MOST:
        raise Refused(
            "file_too_big", _("The file is larger than 20 MB. Please choose a smaller one."), field="file"
        )
    return data


def _kept(data: bytes) -> File:
    sha256 = hashlib.sha256(data).hexdigest()
    known = File.objects.filter(pk=sha256).first()
    if known and known.path().exists():
        return known
    form = sniff(data)
    file = _document(sha256, data) if form == "PDF" else _picture(sha256, data, form)
    File.objects.bulk_create([file], ignore_conflicts=True)
    return file


def sniff(data: bytes) -> str:
    """``JPEG PNG WEBP PDF`` by the first bytes, whatever its name says. Raises ``Refused``."""
    if not data:
        raise broken()
    for form, magic in PICTURES.items():
        if data.startswith(magic) and (form != "WEBP" or data[8:12] == b"WEBP"):
            return form
    if data.startswith(b"%PDF-"):
        return "PDF"
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        message = _(
            "This picture is in a format (HEIC) that we cannot open. Please send it as JPEG; on an iPhone "
            "choose “Most Compatible” under Settings, Camera, Formats."
        )
        raise Refused("file_type", message, field="file")
    raise Refused("file_type", _("Only photos (JPEG, PNG, WebP) and PDF can be sent."), field="file")


def _document(sha256: str, data: bytes) -> File:
    if b"%%EOF" not in data[-2048:]:
        raise broken()
    file = File(sha256=sha256, mime="application/pdf", size=len(data))
    write_whole(file.path(), data)
    return file


def _picture(sha256: str, data: bytes, form: str) -> File:
    picture = read_picture(data, form)
    file = File(
        sha256=sha256,
        mime="image/jpeg",
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
        taken_at=picture.noted.taken_at,
        lon=picture.noted.lon,
        lat=picture.noted.lat,
    )
    write_whole(file.path(thumb=True), picture.thumb)
    write_whole(file.path(), picture.data)
    return file
