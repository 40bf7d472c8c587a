"""Turns are run once, whatever fails and however many loops there are."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from silin.lib.jobs import Job, find_jobs, heartbeat, last_heartbeat, run_jobs, run_loop, run_loops
from silin.lib.workdays import SHANGHAI

NOON = datetime(2026, 3, 3, 12, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
Run = Callable[[datetime], object]


def minutely(name: str, run: Run) -> Job:
    return Job(name, every=MINUTE, run=run)


@pytest.mark.django_db
def test_a_turn_is_run_once_and_given_its_moment() -> None:
    ran: list[datetime] = []
    jobs = [minutely("count", ran.append)]
    moments = [NOON + timedelta(seconds=n) for n in (0, 1, 59, 60, 61, 3600)]
    assert [run_jobs(jobs, moment) for moment in moments] == [["count"], [], [], ["count"], [], ["count"]]
    assert ran == [moments[0], moments[3], moments[5]]


@pytest.mark.django_db
def test_a_daily_job_runs_at_its_time_and_catches_up() -> None:
    ran: list[datetime] = []
    jobs = [Job("night", daily_at=time(3), run=ran.append)]
    first = datetime(2026, 3, 3, 9, tzinfo=SHANGHAI)
    for moment in [
        first,
        first + timedelta(hours=17),
        first + timedelta(hours=18),
        first + timedelta(hours=20),
    ]:
        run_jobs(jobs, moment)
    assert ran == [first, first + timedelta(hours=18)]


@pytest.mark.django_db
def test_a_daily_time_is_the_citys_own() -> None:
    job = Job("night", daily_at=time(3), run=print)
    utc = datetime.fromisoformat
    assert job.turn(utc("2026-03-03T18:59+00:00")) == "2026-03-03"
    assert job.turn(utc("2026-03-03T19:00+00:00")) == "2026-03-04"


@pytest.mark.django_db
def test_one_failure_stops_nobody_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[datetime] = []

    def fail(now: datetime) -> None:
        raise RuntimeError("the lamp is broken")

    jobs = [minutely("lamp", fail), minutely("count", ran.append)]
    with caplog.at_level(logging.ERROR):
        assert run_jobs(jobs, NOON) == ["lamp", "count"]
        assert run_jobs(jobs, NOON) == []
    assert ran == [NOON]
    assert [record.getMessage() for record in caplog.records] == ["The job lamp failed."]
    assert "the lamp is broken" in caplog.text


@pytest.mark.django_db
def test_nothing_due_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    jobs = [minutely(f"job-{n}", str) for n in range(5)]
    run_jobs(jobs, NOON)
    with django_assert_num_queries(1):
        run_jobs(jobs, NOON)


def test_two_loops_at_once_run_a_turn_once(live_db: str) -> None:
    ran: list[datetime] = []
    jobs = [minutely(f"job-{n}", ran.append) for n in range(5)]
    start = threading.Barrier(4)

    def tick() -> None:
        start.wait()
        run_jobs(jobs, NOON)
        connection.close()

    loops = [threading.Thread(target=tick) for _ in range(4)]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    run_jobs(jobs, NOON)
    assert ran == [NOON] * 5


@pytest.mark.django_db
def test_the_loop_beats_runs_and_stops_after_the_job_in_hand() -> None:
    stop = threading.Event()
    ticks = iter(range(10_000))
    ran: list[datetime] = []

    def run(now: datetime) -> None:
        ran.append(now)
        if len(ran) == 3:
            stop.set()

    run_loop(
        [minutely("count", run)],
        stop,
        clock=lambda: NOON + timedelta(seconds=30 * next(ticks)),
        pause=timedelta(0),
    )
    assert ran == [NOON, NOON + MINUTE, NOON + 2 * MINUTE]
    assert last_heartbeat() == NOON + 2 * MINUTE


@pytest.mark.django_db
def test_a_long_job_holds_up_nobody_and_the_loop_waits_for_it(live_db: str) -> None:
    stop, others, done = threading.Event(), threading.Event(), threading.Event()

    def long(now: datetime) -> None:
        assert others.wait(30)
        stop.set()
        done.set()

    apart = Job("long", every=MINUTE, run=long, apart=True)
    run_loops([apart, minutely("short", lambda now: others.set())], stop)
    assert done.is_set()
    assert last_heartbeat() is not None


@pytest.mark.django_db
def test_the_loop_outlives_what_goes_wrong_round_the_jobs(caplog: pytest.LogCaptureFixture) -> None:
    class Unready(Job):
        def turn(self, now: datetime) -> str:
            stop.set()
            raise ConnectionError("no database")

    stop, moments = threading.Event(), iter([NOON] * 3)
    run_loop([Unready("away", every=MINUTE, run=str)], stop, clock=moments.__next__, pause=timedelta(0))
    assert "no database" in caplog.text


@pytest.mark.django_db
def test_the_heartbeat_is_remembered() -> None:
    assert last_heartbeat() is None
    heartbeat(NOON)
    assert last_heartbeat() == NOON


@pytest.mark.parametrize("when", [{}, {"every": MINUTE, "daily_at": time(3)}])
def test_a_job_has_one_rhythm(when: dict[str, timedelta | time]) -> None:
    with pytest.raises(ValueError, match="either"):
        Job("count", run=str, **when)  # type: ignore[arg-type]


def test_every_rooms_jobs_are_found() -> None:
    names = [job.name for job in find_jobs()]
    assert "accounts.forget" in names
    assert len(names) == len(set(names))


def test_two_jobs_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    module = apps.get_app_config("accounts").name + ".jobs"
    twice = [Job("accounts.forget", every=MINUTE, run=str)] * 2
    monkeypatch.setattr(f"{module}.JOBS", twice)
    with pytest.raises(ImproperlyConfigured, match=r"accounts\.forget"):
        find_jobs()
