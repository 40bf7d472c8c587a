"""What must be right before anything is served: settings, database, migrations."""

from __future__ import annotations

import hashlib
import os
import pwd
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its number, what it is, and the cure. A warning does not stop a start."""

    number: str
    message: str
    cure: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.number}: {self.message}\n    cure: {self.cure}"


def serving_arguments(command: ArgumentParser) -> None:
    """The options of the commands that serve pages; each stands for a variable."""
    command.add_argument("--address", help="where to listen (SILIN_ADDRESS, default 127.0.0.1)")
    command.add_argument("--port", help="the port (SILIN_PORT, default 8000)")
    command.add_argument("--workers", help="how many web workers (SILIN_WORKERS, default 2)")


def take_over(options: Namespace) -> None:
    """Let options stand for their variables, for this process and its children, before settings are read."""
    for name in ("address", "port", "workers"):
        if getattr(options, name, None):
            os.environ[f"SILIN_{name.upper()}"] = getattr(options, name)


def of_file(error: OSError) -> str:
    """What is wrong with a file or folder; where it is closed, to which account: not always one's own."""
    if isinstance(error, PermissionError):
        runs = next((each.pw_name for each in pwd.getpwall() if each.pw_uid == os.geteuid()), "")
        return f"{error.filename}: closed to the account {runs or os.geteuid()}, which runs this command"
    return f"{error.filename}: {error.strerror}"


def set_up() -> None:
    """Load Django. Call it after ``take_over`` and before importing anything that has models."""
    import django

    django.setup()
    say_keys()


def say_keys() -> None:
    """Say once, to whoever installs, which key files were made just now and what hangs on them."""
    from django.conf import settings

    made = settings.ENVIRONMENT.made
    if made:
        names = ", ".join(str(path) for path in made)
        print(f"Keys were made: {names}", file=sys.stderr)
        print(
            "Copy them to a safe place that is not where the backups lie. A lost data.keys means lost phone "
            "numbers and doors; a lost hash.key means that nobody is found by their number again.",
            file=sys.stderr,
        )
        made.clear()


def refused(*more: Callable[[], Iterable[Finding]], migrated: bool = True) -> bool:
    """Whether this installation may not start; says so, with a number and a cure for each reason.

    ``more`` is looked at too; ``migrated`` False leaves the database to whoever migrates it next.
    """
    looks = [settings_findings, *([database_findings, guard_findings] if migrated else []), *more]
    findings = [finding for look in looks for finding in look()]
    for finding in findings:
        print(finding, file=sys.stderr)
    wrong = [finding for finding in findings if not finding.warning]
    if wrong:
        print(f"silin does not start: {len(wrong)} finding(s) above.", file=sys.stderr)
    return bool(wrong)


def gather_static() -> None:
    """Lay the static files out under their hashed names, when they are other files than last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen = os.stat(storage.path(path))
            digest.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / "gathered"
    if not stamp.is_file() or stamp.read_text() != digest.hexdigest():
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest.hexdigest())


def settings_findings() -> Iterable[Finding]:
    """What is wrong with the settings."""
    from django.core import checks

    from silin.checks import TAG

    for message in checks.run_checks(tags=[TAG]):
        cure = str(message.hint or "docs/settings.md")
        yield Finding(str(message.id), message.msg, cure, warning=message.level < checks.ERROR)


def database_findings() -> Iterable[Finding]:
    """Whether the database can be reached, is whole and has every migration."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import DatabaseError

    if broken_off := list(broken_off_findings()):
        yield from broken_off
        return
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        words = str(error).strip().splitlines()[0]
        yield Finding("silin.E101", f"The database cannot be reached: {words}", "Look at SILIN_DATABASE_URL.")
        return
    finally:
        connection.close()
    if waiting:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in waiting[:3])
        more = f" and {len(waiting) - 3} more" if len(waiting) > 3 else ""
        yield Finding("silin.E102", f"Migrations wait to be applied: {names}{more}.", "silin migrate")


def broken_off_findings() -> Iterable[Finding]:
    """Whether a restore was broken off, so that neither the old nor the new state is whole."""
    from silin.operation.restoring import is_broken_off

    if is_broken_off():
        cure = "silin restore --undo brings back what was here; silin restore FILE begins anew"
        yield Finding("silin.E115", "A restore was broken off in the middle.", cure)


def hold() -> bool:
    """Say that this process uses the installation, until it ends; False while something is restored."""
    from django.conf import settings

    from silin.lib import holding
    from silin.lib.refusal import Refused

    try:
        holding.hold(settings.SILIN_HOME)
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return False
    return True


def guard_findings() -> Iterable[Finding]:
    """Whether the append-only books are guarded: a migrate does that last, and a killed one did not."""
    from django.db import connection
    from django.db.utils import DatabaseError

    from silin.lib import appendonly

    try:
        missing = appendonly.missing(connection)
    except DatabaseError:  # said by the look before
        return
    finally:
        connection.close()
    if missing:
        message = f"An append-only book can be changed: {missing[0]} is missing."
        yield Finding("silin.E109", message, "silin migrate")


def front_end_findings() -> Iterable[Finding]:
    """Whether the scripts and styles were built."""
    from django.contrib.staticfiles import finders

    if finders.find("silin/silin.css") is None:
        cure = "pip install . builds them; in a checkout: make"
        yield Finding("silin.E110", "The front end was not built.", cure)
