"""``silin check``: what is wrong with this installation, and the cure for each finding."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import islice

from silin.cli import starting
from silin.cli.starting import Finding

LOOKED_BACK = timedelta(days=7)
MESSAGES_AT_MOST = 20
FACTS_AT_MOST = 100
LITTLE_SPACE = 500 * 1024 * 1024


def arguments(command: ArgumentParser) -> None:
    """Books can be long: their check can be left out."""
    command.add_argument("--no-books", action="store_true", help="leave the chains of the books unread")


def run(options: Namespace) -> int:
    """Look at everything and say what was found; 1 when something has to be mended."""
    starting.set_up()
    steps: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
        ("settings", starting.settings_findings),
        ("disk", _disk),
        ("database", starting.database_findings),
    ]
    wrong = _look(steps)
    if not wrong:
        deeper: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
            ("tables", _tables),
            ("triggers", _triggers),
            ("front end", starting.front_end_findings),
            ("messages", _messages),
            ("personal fields", _personal),
            ("backups", _backups),
        ]
        books = [] if options.no_books else [("books", _books), ("facts", _facts)]
        wrong = _look([*deeper, *books])
    print("Nothing to mend." if not wrong else f"{wrong} finding(s).")
    return 1 if wrong else 0


def _look(steps: Iterable[tuple[str, Callable[[], Iterable[Finding]]]]) -> int:
    """Carry out the steps; returns how many findings are more than warnings."""
    wrong = 0
    for name, look in steps:
        findings = list(look())
        print(f"{'ok   ' if not findings else 'LOOK '} {name}")
        for finding in findings:
            print(f"  {finding}")
        wrong += sum(not finding.warning for finding in findings)
    return wrong


def _disk() -> Iterable[Finding]:
    from django.conf import settings

    free = shutil.disk_usage(settings.SILIN_HOME).free
    if free < LITTLE_SPACE:
        megabytes = free // (1024 * 1024)
        cure = "Make room, or move SILIN_HOME to a larger disk."
        yield Finding("silin.E103", f"Only {megabytes} MB are free below {settings.SILIN_HOME}.", cure)


def _tables() -> Iterable[Finding]:
    """What a database has to be beyond its migrations."""
    from django.conf import settings
    from django.db import connection

    cache = settings.CACHES["default"]["LOCATION"]
    if cache not in connection.introspection.table_names():
        yield Finding("silin.E104", "The table of the cache is missing.", "silin migrate")
    if connection.vendor == "sqlite":
        yield from _sqlite()
    else:
        yield from _postgresql()


def _sqlite() -> Iterable[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        said = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
        foreign = cursor.execute("PRAGMA foreign_key_check").fetchone()
    if said != "ok":
        yield Finding("silin.E105", f"The database file is damaged: {said}", "Restore the last backup.")
    if foreign:
        message = f"A row of {foreign[0]} points at a row of {foreign[2]} that is not there."
        yield Finding("silin.E106", message, "Restore the last backup.")


def _postgresql() -> Iterable[Finding]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
        )
        version, encoding = cursor.fetchone()
    if version < 150000:
        yield Finding(
            "silin.E107", f"PostgreSQL {version // 10000} is too old.", "Use PostgreSQL 15 or later."
        )
    if encoding != "UTF8":
        yield Finding(
            "silin.E108", f"The database is written in {encoding}.", "Make it with ENCODING 'UTF8'."
        )


def _triggers() -> Iterable[Finding]:
    from django.db import connection

    from silin.lib import appendonly

    for name in appendonly.missing(connection):
        yield Finding(
            "silin.E109", f"An append-only book can be changed: {name} is missing.", "silin migrate"
        )


def _messages() -> Iterable[Finding]:
    """What nobody got although it was tried for days; whom it was for stands in the database alone."""
    from django.utils import timezone

    from silin.notices.queries import given_up

    for notice in given_up(since=timezone.now() - LOOKED_BACK)[:MESSAGES_AT_MOST]:
        cure = "Telephone whoever it was for, and look at SILIN_SMS_BACKEND and SILIN_EMAIL_URL."
        message = f"Message {notice.pk} ({notice.name}, {notice.channel}) was given up: {notice.last_error}"
        yield Finding("silin.W112", message, cure, warning=True)


def _backups() -> Iterable[Finding]:
    """How old the last backup is, and whether the keys lie anywhere else."""
    from django.utils import timezone

    from silin.operation import queries

    now, last = timezone.now(), queries.last_backup()
    if queries.backup_is_old(now):
        age = f"The last backup is {(now - last.taken_at).days} days old." if last else "There is no backup."
        yield Finding("silin.W116", age, "silin backup FILE, every night by a timer.", warning=True)
    if queries.last_copy_of_keys() is None:
        message = "The keys in force were not copied; no backup holds them."
        yield Finding("silin.W117", message, "silin keys copy FOLDER, away from the backups.", warning=True)


def _personal() -> Iterable[Finding]:
    """Fields about people that do not say why they are there, and values that no key opens."""
    from silin.lib import rekeying
    from silin.lib.held import silent_fields

    for name in silent_fields():
        cure = "Name purpose, basis, owner and keep_days on the field, and held on its model."
        yield Finding("silin.E113", f"{name} holds personal data and does not say why.", cure)
    if lost := rekeying.count().get("", 0):
        cure = "Find the old data key (a copy of data.keys) and put it behind the others."
        yield Finding("silin.E114", f"{lost} encrypted value(s) are opened by no key.", cure)


def _books() -> Iterable[Finding]:
    from silin.history import queries

    for broken in queries.check():
        cure = "Compare with the last backup and find out who could write to the database."
        message = f"The history of {broken.subject} does not hold from line {broken.seq}: {broken.why}"
        yield Finding("silin.E111", message, cure)


def _facts() -> Iterable[Finding]:
    """Facts counted again from history: where the two books of a matter say different things."""
    from silin.matters import bookkeeping

    for found in islice(bookkeeping.differences(), FACTS_AT_MOST):
        cure = "Compare with the last backup: who could write to the database, or which verb forgot a fact?"
        yield Finding("silin.E118", f"The books of {found.subject} disagree: {found.why}", cure)
