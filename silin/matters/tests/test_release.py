"""What is released is what a desk has seen: words and photos that come later wait for the next release."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from silin.files.actions import keep
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter, Photo
from silin.matters.raising import Report, raise_matter
from silin.matters.triage import release, triage
from tests.town import MONDAY, Town

HOUR = timedelta(hours=1)
WORDS = "换好了灯头，找三单元老王试的"


def photo() -> SimpleUploadedFile:
    """A small real photo."""
    body = BytesIO()
    Image.new("RGB", (64, 48), "#884").save(body, "JPEG")
    return SimpleUploadedFile("lamp.jpg", body.getvalue(), "image/jpeg")


@pytest.fixture
def answered(town: Town) -> Matter:
    """Released as it was reported, and answered an hour later with words and a photo."""
    matter = raise_matter("report", By(town.chen, MONDAY), Report("楼道灯不亮", town.lamp, place=town.grid))
    matter = triage(matter, By(town.li, MONDAY + HOUR), public=True)
    matter = accept(matter, By(town.wang, MONDAY + HOUR))
    return answer(matter, By(town.wang, MONDAY + 2 * HOUR, words=WORDS), after=[keep(photo())])


def test_an_answer_after_the_release_is_not_public(client: Client, answered: Matter) -> None:
    page = client.get(f"/open/m/{answered.number}/")
    assert page.status_code == 200
    assert "楼道灯不亮" in page.text
    assert WORDS not in page.text
    picture = Photo.objects.get(matter=answered)
    assert client.get(f"/m/{answered.number}/photos/{picture.pk}/").status_code == 404


def test_the_next_release_shows_it_and_taking_it_off_hides_all(
    client: Client, town: Town, answered: Matter
) -> None:
    release(answered, By(town.li, MONDAY + 3 * HOUR))
    picture = Photo.objects.get(matter=answered)
    assert WORDS in client.get(f"/open/m/{answered.number}/").text
    assert client.get(f"/m/{answered.number}/photos/{picture.pk}/").status_code == 200
    release(Matter.objects.get(pk=answered.pk), By(town.li, MONDAY + 4 * HOUR), public=False)
    assert client.get(f"/open/m/{answered.number}/").status_code == 404
    assert client.get(f"/m/{answered.number}/photos/{picture.pk}/").status_code == 404
