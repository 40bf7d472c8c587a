"""What the jobs loop does for the book of facts."""

from __future__ import annotations

from datetime import datetime, timedelta

from silin.facts.folding import fold
from silin.lib.jobs import Job

LOTS = 50
"""At most so many a turn: a million facts. The next turn takes up what is left."""


def keep_cube(_now: datetime) -> None:
    """Take what has happened since into the cube. Nothing new costs two statements."""
    for _lot in range(LOTS):
        if not fold():
            return


JOBS = [Job("facts.cube", every=timedelta(seconds=10), run=keep_cube, apart=True)]
