"""The drawn pictures: small, the same each time, and different after the work."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from silin.demo.photos import SCENES, VIEWS, picture


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_shows_the_work(scene: str) -> None:
    pictures = [picture(scene, view, done=done) for view in range(VIEWS) for done in (False, True)]
    assert len(set(pictures)) == len(pictures)
    for one in pictures:
        assert len(one) < 40_000
        assert Image.open(io.BytesIO(one)).size == (640, 440)


def test_the_same_bytes_each_time() -> None:
    first = picture("lamp", 1, done=True)
    picture.cache_clear()
    assert picture("lamp", 1, done=True) == first
