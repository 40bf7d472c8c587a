from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.town import Town, build, today


@pytest.fixture
def town(db: None) -> Town:
    """The invented town as of today, since pages look at the clock."""
    return build(today())


def photo(name: str = "灯.jpg", colour: str = "#884") -> SimpleUploadedFile:
    """A small real photo as a phone sends it."""
    body = BytesIO()
    Image.new("RGB", (640, 480), colour).save(body, "JPEG")
    return SimpleUploadedFile(name, body.getvalue(), "image/jpeg")


@pytest.fixture
def huge() -> SimpleUploadedFile:
    """A picture of a hundred megapixels in a few kilobytes."""
    body = BytesIO()
    Image.new("1", (10_000, 10_000)).save(body, "PNG")
    return SimpleUploadedFile("大.png", body.getvalue(), "image/png")
