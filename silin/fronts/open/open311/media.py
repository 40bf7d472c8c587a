"""Pictures that come along with a call. What only has an address on the web is never fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.files.actions import forget
from silin.files.models import File
from silin.fronts.open.open311.asking import Asked
from silin.fronts.open.open311.door import Faults
from silin.kinds.report.actions import PHOTOS_AT_MOST, keep_photo
from silin.lib.refusal import Refused

URL_AT_MOST = 300
WEB = re.compile(r"https?://[^\s<>\"'\\]+")
MEDIA = re.compile(r"media(_url)?(\[\d{0,2}\])?")


@contextmanager
def pictures_of(request: HttpRequest) -> Iterator[list[File]]:
    """The pictures (``media``, several of them ``media[]``) as we keep them; gone again where the call fails.

    Raises ``Faults``, and ``Refused`` (``too_many_photos``).
    """
    kept: list[File] = []
    try:
        kept += _kept(request)
        yield kept
    except Exception:
        for file in kept:
            forget(file.pk)
        raise


def with_address(words: str, asked: Asked) -> str:
    """The words, and beneath them the address of a picture (``media_url``) for whoever reads them."""
    address = asked.words("media_url")
    if not address:
        return words
    if len(address) > URL_AT_MOST or not WEB.fullmatch(address):
        asked.wrong("media_url", gettext_lazy("That is no address of a picture on the web."))
    picture = _("Picture: %(url)s") % {"url": address}
    return f"{words}\n{picture}"


def _kept(request: HttpRequest) -> list[File]:
    uploads: list[UploadedFile[bytes]] = [
        each for name, files in request.FILES.lists() if MEDIA.fullmatch(name) for each in files if each.size
    ]
    if len(uploads) > PHOTOS_AT_MOST:
        message = format_lazy(gettext_lazy("{n} pictures are enough."), n=PHOTOS_AT_MOST)
        raise Refused("too_many_photos", message, field="media")
    kept: list[File] = []
    refused: list[Refused] = []
    for upload in uploads:
        try:
            kept.append(keep_photo(upload))
        except Refused as refusal:
            refused.append(refusal)
    if refused:
        for file in kept:
            forget(file.pk)
        raise Faults(refused)
    return kept
