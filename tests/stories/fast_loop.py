"""The jobs loop by a clock that runs faster than ours, as a program of its own that tests may kill.

``python -m tests.stories.fast_loop <clock>``, where the clock is written as ``FastClock`` says.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSE = timedelta(milliseconds=50)


@dataclass(frozen=True)
class FastClock:
    """Shows ``start`` at the second ``since`` of the epoch, and runs ``speed`` times as fast from there."""

    start: datetime
    since: float
    speed: float

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=(time.time() - self.since) * self.speed)

    def __str__(self) -> str:
        return f"{self.start.isoformat()} {self.since} {self.speed}"

    @classmethod
    def read(cls, words: str) -> FastClock:
        """The clock that was written as ``str`` writes it."""
        start, since, speed = words.split()
        return cls(datetime.fromisoformat(start), float(since), float(speed))


def main(words: str) -> None:
    """Run the product's own jobs by that clock until somebody ends it."""
    import django

    django.setup()
    from silin.lib.jobs import find_jobs, run_loop

    run_loop(find_jobs(), threading.Event(), clock=FastClock.read(words), pause=PAUSE)


if __name__ == "__main__":
    main(sys.argv[1])
