"""Figures of the machine, the jobs and the requests."""

from __future__ import annotations

from datetime import datetime

from silin import counting
from silin.lib.gauges import Gauge, Values
from silin.lib.jobs import last_heartbeat
from silin.operation import queries


def _requests(now: datetime) -> Values:
    return {str(status): n for status, n in counting.totals().items()}


def _heartbeat(now: datetime) -> Values:
    beat = last_heartbeat()
    return {"": (now - beat).total_seconds()} if beat else {}


def _good(now: datetime) -> Values:
    return {row.name: (now - row.good_at).total_seconds() for row in queries.job_runs() if row.good_at}


def _failing(now: datetime) -> Values:
    return {row.name: float(row.is_failing) for row in queries.job_runs()}


def _database(now: datetime) -> Values:
    return {"": queries.machine().database_bytes}


def _free(now: datetime) -> Values:
    return {"": queries.machine().free_bytes}


def _backup(now: datetime) -> Values:
    last = queries.last_backup()
    return {"": (now - last.taken_at).total_seconds()} if last else {}


GAUGES = [
    Gauge(
        "requests_total",
        "Answered requests of all processes of this machine.",
        _requests,
        "status",
        "counter",
    ),
    Gauge("heartbeat_age_seconds", "Since the jobs loop left word.", _heartbeat),
    Gauge("job_age_seconds", "Since the last good turn of a job.", _good, "job"),
    Gauge("job_failing", "1 when the last turn of a job failed.", _failing, "job"),
    Gauge("database_bytes", "Size of the database.", _database),
    Gauge("disk_free_bytes", "Room on the disk of the home folder.", _free),
    Gauge("backup_age_seconds", "Since the last backup.", _backup),
]
