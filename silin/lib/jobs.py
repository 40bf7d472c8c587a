"""Work that comes back by the clock: every room lists its own in ``jobs.py`` as ``JOBS``, one loop runs them.

Time is cut into turns (the n-th minute, the day's 03:00). A turn is claimed in the shared cache before it is
run, so of any number of loops one runs it. A turn that fails is not tried again: the next one has to take up
what was left, so a job looks for work that is due instead of remembering where it stood.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, time, timedelta
from importlib import import_module
from time import monotonic

from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from silin.lib.upgrading import is_upgrading

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
Note = Callable[[str, datetime, Exception | None], None]
"""Told how a turn of a job went: its name, its moment, and what it failed with."""
BEAT_KEY = "jobs:heartbeat"
BEAT_EVERY = timedelta(seconds=10)
SHORTEST_CLAIM = timedelta(minutes=2)


@dataclass(frozen=True)
class Job:
    """Something to run ``every`` so often, or ``daily_at`` a time of day (of the city's time zone).

    ``run`` is given the aware moment. A job that may take minutes runs ``apart``, in a loop of its own, and
    holds up nobody. Raises ``ValueError`` unless exactly one of the two is given.
    """

    name: str
    _: KW_ONLY
    run: Callable[[datetime], object]
    every: timedelta | None = None
    daily_at: time | None = None
    apart: bool = False

    def __post_init__(self) -> None:
        if (self.every is None) == (self.daily_at is None):
            raise ValueError(f"job {self.name}: give either every or daily_at")

    def turn(self, now: datetime) -> str:
        """The name of the turn that ``now`` falls in: a number; for a daily job the date of its last time."""
        if self.every is not None:
            return str(int(now.timestamp() // self.every.total_seconds()))
        local = now.astimezone(timezone.get_default_timezone())
        today = self.daily_at is not None and local.time() >= self.daily_at
        return str(local.date() if today else local.date() - DAY)

    def claim_lasts(self) -> timedelta:
        """How long a claim has to be remembered: beyond the turn's own end."""
        return max(2 * (self.every or DAY), SHORTEST_CLAIM)


def find_jobs() -> list[Job]:
    """The ``JOBS`` of every installed app. Raises ``ImproperlyConfigured`` when two share a name."""
    jobs: list[Job] = []
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "jobs"):
            jobs += getattr(import_module(f"{app.name}.jobs"), "JOBS", [])
    names = [job.name for job in jobs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ImproperlyConfigured(f"two jobs of one name: {', '.join(sorted(twice))}")
    return jobs


def run_jobs(jobs: Iterable[Job], now: datetime, *, note: Note | None = None) -> list[str]:
    """Run each job whose turn at ``now`` nobody has claimed; the names of those run, failed ones too.

    ``note`` is told how each went.
    """
    keys = {f"jobs:{job.name}:{job.turn(now)}": job for job in jobs}
    taken = cache.get_many(keys)
    return [
        job.name
        for key, job in keys.items()
        if key not in taken and _claim(key, job) and _run(job, now, note)
    ]


def run_loops(jobs: Sequence[Job], stop: threading.Event, *, note: Note | None = None) -> None:
    """Run ``jobs`` until ``stop`` is set: those that run ``apart`` beside the loop of all others."""
    threads = [
        threading.Thread(target=_run_apart, args=(job, stop, note), name=job.name)
        for job in jobs
        if job.apart
    ]
    for thread in threads:
        thread.start()
    run_loop([job for job in jobs if not job.apart], stop, note=note)
    for thread in threads:
        thread.join()


def _run_apart(job: Job, stop: threading.Event, note: Note | None) -> None:
    try:
        run_loop([job], stop, note=note, beats=False)
    finally:
        connections.close_all()


def run_loop(
    jobs: Sequence[Job],
    stop: threading.Event,
    *,
    clock: Callable[[], datetime] = timezone.now,
    pause: timedelta = timedelta(seconds=1),
    note: Note | None = None,
    beats: bool = True,
) -> None:
    """Run ``jobs`` by ``clock`` until ``stop`` is set; the job in hand is finished first.

    A database that is away for a while is logged and waited for; one that is being upgraded is left alone.
    Only a loop that ``beats`` leaves word that it is alive.
    """
    beaten = None
    while not stop.is_set():
        now = clock()
        try:
            _drop_broken_connections()
            if not is_upgrading():
                if beats and (beaten is None or abs(now - beaten) >= BEAT_EVERY):
                    heartbeat(now)
                    beaten = now
                run_jobs(jobs, now, note=note)
        except Exception:
            log.exception("The jobs loop could not look for work; it goes on in a moment.")
        stop.wait(pause.total_seconds())


def give_back(job: Job, now: datetime) -> None:
    """Forget that the present turn of a job was taken: the loop takes it once more."""
    cache.delete(f"jobs:{job.name}:{job.turn(now)}")


def heartbeat(now: datetime) -> None:
    """Leave word that the jobs loop is alive."""
    cache.set(BEAT_KEY, now, DAY.total_seconds())


def last_heartbeat() -> datetime | None:
    """When the jobs loop last left word; None when it has not for a day. A long job holds it up."""
    beat = cache.get(BEAT_KEY)
    return beat if isinstance(beat, datetime) else None


def _claim(key: str, job: Job) -> bool:
    """Whether the turn is ours: ``cache.add`` inserts one row under a primary key."""
    return cache.add(key, 1, job.claim_lasts().total_seconds())


def _run(job: Job, now: datetime, note: Note | None) -> bool:
    begun, failed = monotonic(), None
    try:
        job.run(now)
    except Exception as error:
        log.exception("The job %s failed.", job.name)
        _drop_broken_connections()
        failed = error
    else:
        log.debug("The job %s took %.2f s.", job.name, monotonic() - begun)
    if note is not None:
        note(job.name, now, failed)
    return True


def _drop_broken_connections() -> None:
    """As Django does after every request; inside somebody's transaction the connection is theirs."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
