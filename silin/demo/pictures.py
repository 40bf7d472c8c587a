"""The drawn pictures as files: each kept once, attached as often as it is needed."""

from __future__ import annotations

import io

from silin.demo.photos import SCENES, VIEWS, picture
from silin.files.actions import keep
from silin.files.models import File

Album = dict[tuple[str, int, bool], File]  # scene, view, after the work


def album() -> Album:
    """Keep every view of every scene."""
    return {
        (scene, view, done): keep(io.BytesIO(picture(scene, view, done=done)))
        for scene in SCENES
        for view in range(VIEWS)
        for done in (False, True)
    }
