"""Work that comes back by the clock: the demo's half-year is played to its end."""

from __future__ import annotations

from datetime import timedelta

from silin.demo.rest import play_rest
from silin.lib.jobs import Job

JOBS = [Job("demo.rest", every=timedelta(seconds=4), run=play_rest)]
