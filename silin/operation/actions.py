"""Changes to the installation: begin, open, try again, and what the clock and the backup leave behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from silin.accounts import limits
from silin.accounts.models import User
from silin.history.actions import record
from silin.history.rows import write_row
from silin.lib import jobs
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.notices import actions as notices
from silin.notices.models import SmsTemplate
from silin.notices.reasons import reason_of
from silin.notices.sms import plain_blanks, send_example, sms_names
from silin.operation import queries
from silin.operation.models import SUBJECT, Backup, JobRun, SettingUp
from silin.places.models import Place

NOTED_EVERY = timedelta(minutes=1)
PERSONAL = re.compile(r"[\w.+-]+@[\w.-]+|\d{7,}")


@transaction.atomic
def begin(place: Place, *, now: datetime) -> SettingUp:
    """From now on ``place`` is being set up; a second time nothing happens."""
    Place.objects.select_for_update().get(pk=place.pk)
    row, made = SettingUp.objects.get_or_create(place=place, defaults={"begun_at": now})
    if made:
        record(subject=place.subject, action="begin_setting_up", actor=None, now=now)
    return row


@transaction.atomic
def open_city(place: Place, *, actor: User, now: datetime) -> SettingUp:
    """Open the city to residents. Who comes second is told that it is open; nothing is written twice.

    Raises ``NotAllowed`` and ``Refused`` (``not_ready`` with what is missing, ``open_already``).
    """
    if not actor.has_perm("city.set_up", place):
        raise NotAllowed()
    Place.objects.select_for_update().get(pk=place.pk)
    row, _made = SettingUp.objects.get_or_create(place=place, defaults={"begun_at": now})
    if row.opened_at:
        raise Refused("open_already", _("The platform is open already."), status=409)
    if missing := [line.what for line in queries.lines(place, now) if line.must and not line.done]:
        words = {"first": missing[0], "n": len(missing)}
        raise Refused("not_ready", _("Not yet: %(n)s things are missing, first of all: %(first)s") % words)
    row.opened_at, row.opened_by = now, actor
    row.save(update_fields=["opened_at", "opened_by"])
    queries.city_in_work.forget()
    record(subject=place.subject, action="open_city", actor=actor, now=now)
    return row


def note_run(name: str, now: datetime, error: Exception | None) -> None:
    """Keep how a turn of a job went. A good turn is written once a minute at most: jobs come every second."""
    if error is not None:
        words = PERSONAL.sub("…", f"{type(error).__name__}: {error}")[:300]
        JobRun.objects.get_or_create(name=name)
        JobRun.objects.filter(name=name).update(failed_at=now, error=words, failures=F("failures") + 1)
        return
    row = JobRun.objects.filter(name=name).first()
    if row is None or row.is_failing or row.good_at is None or now - row.good_at >= NOTED_EVERY:
        JobRun.objects.update_or_create(name=name, defaults={"good_at": now, "failures": 0})


@transaction.atomic
def try_job_again(name: str, *, actor: User, now: datetime) -> None:
    """Let the jobs loop run the present turn of a job once more, within seconds. Raises ``NotFound``."""
    job = next((each for each in jobs.find_jobs() if each.name == name), None)
    if job is None or not actor.has_perm("system.run"):
        raise NotFound
    _hold()
    jobs.give_back(job, now)
    record(subject=SUBJECT, action="try_job_again", actor=actor, now=now, fields={"job": name})


@transaction.atomic
def try_notices_again(ids: Sequence[int], *, actor: User, now: datetime) -> int:
    """Send what had been given up once more, twelve tries from now on; gives how many were taken up."""
    if not actor.has_perm("system.run"):
        raise NotFound
    _hold()
    n = notices.try_again(ids, now=now)
    if n:
        record(subject=SUBJECT, action="try_notices_again", actor=actor, now=now, fields={"count": n})
    return n


def set_sms_template(
    row: SmsTemplate, *, actor: User | None, now: datetime, seen: str | None = None
) -> SmsTemplate:
    """Say under which number the carrier knows a text; ``seen`` as in ``write_row``.

    Raises ``Refused`` (``unknown_text``, ``unknown_blank``, ``taken``) and ``Changed``.
    """
    _check_text(row.name)
    row.blanks = plain_blanks(row.name, row.blanks)
    write_row(row, "sms_template", actor=actor, now=now, seen=seen)
    return row


def try_sms(name: str, *, actor: User, now: datetime) -> None:
    """Send an example of the text called ``name`` to the actor's own phone, as it would go to others.

    Not in a transaction: a carrier is waited for. Raises ``NotFound`` and ``Refused`` (``unknown_text``,
    ``no_phone``, ``too_many``: five in ten minutes, ``not_sent`` with the reason).
    """
    if not actor.has_perm("system.run"):
        raise NotFound
    _check_text(name)
    if not actor.phone:
        raise Refused("no_phone", _("Your account has no mobile number. Sign in once by a code to it."))
    limits.count(f"sms tried by {actor.pk}", 5, timedelta(minutes=10), now)
    try:
        send_example(name, actor)
    except Exception as error:
        why = reason_of(f"{type(error).__name__}: {error}") or type(error).__name__
        message = _("The text message could not be sent. %(why)s") % {"why": why}
        raise Refused("not_sent", message, status=503) from error
    with transaction.atomic():
        _hold()
        fields = {"text": name, "backend": settings.SILIN_SMS_BACKEND}
        record(subject=SUBJECT, action="try_sms", actor=actor, now=now, fields=fields)


def _check_text(name: str) -> None:
    if name not in sms_names():
        raise Refused("unknown_text", _("There is no message of this name."), field="name")


@transaction.atomic
def note_backup(file: str, size: int, sha256: str, *, with_keys: bool, now: datetime) -> Backup:
    """Keep when the installation was backed up, and into what."""
    _hold()
    row = Backup.objects.create(taken_at=now, file=file[-200:], size=size, sha256=sha256, with_keys=with_keys)
    fields = {"sha256": sha256, "size": size, "with_keys": with_keys}
    record(subject=SUBJECT, action="back_up", actor=None, now=now, fields=fields)
    return row


def _hold() -> None:
    """The row that stands for the installation: its lines in the history come one after the other."""
    JobRun.objects.get_or_create(name=SUBJECT)
    JobRun.objects.select_for_update().get(name=SUBJECT)
