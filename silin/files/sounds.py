"""Voice notes, as phones record them: kept as they came, since there is nothing here that could turn them."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from silin.files.actions import Upload
from silin.files.models import File
from silin.files.storage import write_whole
from silin.lib.refusal import Refused

BYTES_AT_MOST = 5 * 1024 * 1024


def keep_sound(upload: Upload) -> File:
    """Look what ``upload`` really is and keep it; the same bytes twice are one file.

    MP3, M4A and 3GP, AAC, Ogg, WebM, WAV and AMR are what phones record and browsers mostly play. Raises
    ``Refused`` (``file_too_big`` over 5 MB, ``file_type``), and then nothing was kept.
    """
    data = upload.read(BYTES_AT_MOST + 1)
    if len(data) > BYTES_AT_MOST:
        message = _("The recording is larger than 5 MB. Please make a shorter one.")
        raise Refused("file_too_big", message, field="voice")
    mime = sniff_sound(data)
    if not mime:
        message = _("That is no recording we can play. Please record it with the phone itself.")
        raise Refused("file_type", message, field="voice")
    file = File(sha256=hashlib.sha256(data).hexdigest(), mime=mime, size=len(data))
    if not file.path().exists():
        write_whole(file.path(), data)
    File.objects.bulk_create([file], ignore_conflicts=True)
    return file


def sniff_sound(data: bytes) -> str:
    """The type of a recording by its first bytes, whatever its name says; empty where it is none."""
    if data[:3] == b"ID3" or data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return "audio/mpeg"
    if data[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return "audio/aac"
    if data[4:8] == b"ftyp":
        return {b"M4A ": "audio/mp4", b"mp42": "audio/mp4", b"isom": "audio/mp4"}.get(data[8:12]) or (
            "audio/3gpp" if data[8:11] == b"3gp" else ""
        )
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav"
    starts = {b"OggS": "audio/ogg", b"\x1a\x45\xdf\xa3": "audio/webm", b"#!AM": "audio/amr"}
    return starts.get(data[:4], "")
