"""A kept file is answered so that no browser guesses, shares or runs it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from PIL import Image

from silin.files.actions import keep
from silin.files.http import answer
from silin.files.models import File
from silin.lib.refusal import NotFound


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.SILIN_HOME = tmp_path


@pytest.fixture
def photo(db: None) -> File:
    out = BytesIO()
    Image.new("RGB", (640, 480), "red").save(out, "JPEG")
    return keep(BytesIO(out.getvalue()))


@pytest.fixture
def document(db: None) -> File:
    return keep(BytesIO(b"%PDF-1.7\n%%EOF\n"))


@pytest.mark.parametrize("thumb", [False, True])
def test_a_picture(photo: File, thumb: bool) -> None:
    response = answer(photo, thumb)
    assert response.content == photo.path(thumb=thumb).read_bytes()
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private")
    assert response["ETag"] == f'"{photo.sha256}{".thumb" if thumb else ""}"'
    assert "Content-Disposition" not in response


def test_a_document_is_downloaded(document: File) -> None:
    response = answer(document)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{document.sha256[:12]}.pdf"'


def test_what_the_browser_has_is_not_sent_again(photo: File) -> None:
    etag = answer(photo)["ETag"]
    same = RequestFactory().get("/", headers={"if-none-match": etag})
    response = answer(photo, request=same)
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert response["Cache-Control"].startswith("private")
    assert answer(photo, thumb=True, request=same).status_code == 200
    assert answer(photo, request=RequestFactory().get("/")).status_code == 200


def test_what_is_not_there_is_not_found(photo: File, document: File) -> None:
    with pytest.raises(NotFound):
        answer(document, thumb=True)
    photo.path().unlink()
    with pytest.raises(NotFound):
        answer(photo)
