"""How often something may be tried: counted in the database, so that the limit holds over all workers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import Attempt
from silin.lib.personal import keyed_hash
from silin.lib.refusal import Refused

LONGEST_WINDOW = timedelta(days=8)

COUNT = """
INSERT INTO accounts_attempt ("key", "window", "n") VALUES (%s, %s, 1)
ON CONFLICT ("key", "window") DO UPDATE SET "n" = accounts_attempt."n" + 1
RETURNING "n"
"""


def count(key: str, limit: int, per: timedelta, now: datetime) -> int:
    """Count one try of ``key``; how many there have been in the running window of ``per`` (at most a week).

    Windows stand fast (every full ten minutes, say), so across a border twice ``limit`` can pass. The key may
    hold a phone number: only its keyed hash is kept. Raises ``Refused`` (``too_many``, status 429) beyond
    ``limit``. Call it outside a transaction: one that is rolled back forgets the try.
    """
    seconds = int(per.total_seconds())
    window = int(now.timestamp()) // seconds * seconds
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [keyed_hash("attempt", f"{key} per {seconds}"), window])
        tries = int(cursor.fetchone()[0])
    if tries > limit:
        raise Refused("too_many", _("That was too often. Please wait a little and try again."), status=429)
    return tries


def opens_in(per: timedelta, now: datetime) -> int:
    """In how many seconds the next window of ``per`` begins, in which tries count anew."""
    seconds = int(per.total_seconds())
    return seconds - int(now.timestamp()) % seconds


def forget(now: datetime) -> None:
    """Delete the counts of windows long closed."""
    Attempt.objects.filter(window__lt=int((now - LONGEST_WINDOW).timestamp())).delete()
