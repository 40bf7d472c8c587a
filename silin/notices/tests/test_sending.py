"""What is due is sent once, a failure waits longer each time, and in the end somebody is told."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from silin.accounts.models import User
from silin.notices.actions import Message, queue
from silin.notices.jobs import JOBS
from silin.notices.models import Notice
from silin.notices.queries import given_up
from silin.notices.sending import BATCH, LEASE, TRIES_AT_MOST, send_due
from silin.notices.tests import transports

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
PHONE = "13812341234"
HERE = "silin.notices.tests.transports"


@pytest.fixture(autouse=True)
def transport(settings: Any) -> None:
    settings.SILIN_SMS_BACKEND = f"{HERE}.take"
    settings.CSRF_TRUSTED_ORIGINS = ["https://silin.example"]
    transports.taken.clear()


def wang(**other: Any) -> User:
    user = User(name="王", email=other.pop("email", None), **other)
    user.set_phone(PHONE)
    user.save()
    return user


def somebody(n: int) -> User:
    """One of many people with a number."""
    user = User(name=f"居民{n}")
    user.set_phone(f"139{n:08}")
    user.save()
    return user


def tell(user: User, channel: str = "sms", **other: Any) -> Notice:
    params = {"title": "路灯", "number": "K7QM-3XZP"}
    message = Message(
        name="lamp_fixed", recipient=user, params=params, link="/m/K7QM3XZP/", channel=channel, **other
    )
    queue([message], now=NOW)
    return Notice.objects.latest("id")


def again(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


@pytest.mark.django_db
def test_a_text_message_says_everything_with_a_full_link() -> None:
    notice = tell(wang())
    send_due(NOW)
    assert transports.taken == [
        (PHONE, "密码: 路灯\n路灯 & K7QM-3XZP\n第二行\nhttps://silin.example/m/K7QM3XZP/")
    ]
    assert (again(notice).sent_at, again(notice).next_try, again(notice).tries) == (NOW, None, 1)
    send_due(NOW + timedelta(days=1))
    assert len(transports.taken) == 1


@pytest.mark.django_db
def test_an_e_mail_has_a_subject_and_a_body() -> None:
    tell(wang(email="wang@example.org", language="en"), "email")
    send_due(NOW)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["wang@example.org"], "Password: 路灯")
    body, stop = sent.body.split("\nNo more e-mails about “Everything that is not urgent”: ")
    assert body == "路灯 & K7QM-3XZP\n第二行\nhttps://silin.example/m/K7QM3XZP/"
    assert stop.startswith("https://silin.example/notices/stop/")
    assert sent.extra_headers["List-Unsubscribe"] == f"<{stop}>"


@pytest.mark.django_db
def test_the_inbox_is_not_sent_and_a_kept_back_message_waits() -> None:
    user = wang()
    tell(user, "inbox")
    tell(user, send_after=NOW + timedelta(seconds=10))
    send_due(NOW + timedelta(seconds=9))
    assert transports.taken == []
    send_due(NOW + timedelta(seconds=10))
    assert len(transports.taken) == 1


@pytest.mark.django_db
def test_a_failure_waits_longer_each_time_and_is_given_up_and_listed(settings: Any) -> None:
    settings.SILIN_SMS_BACKEND, settings.QUIET_HOURS = f"{HERE}.out_of_order", ""
    notice, waits, now = tell(wang()), [], NOW
    for _n in range(TRIES_AT_MOST - 1):
        send_due(now)
        due = again(notice).next_try
        assert due is not None
        waits.append(int((due - now).total_seconds() // 60))
        send_due(due - timedelta(seconds=1))
        now = due
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert not given_up(NOW).exists()
    send_due(now)
    assert [(each.pk, each.tries, each.given_up_at, each.next_try) for each in given_up(now)] == [
        (notice.pk, TRIES_AT_MOST, now, None)
    ]
    assert not given_up(now + timedelta(seconds=1)).exists()
    send_due(now + timedelta(days=30))
    assert again(notice).tries == TRIES_AT_MOST


@pytest.mark.django_db
def test_the_error_is_kept_without_the_number(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.SILIN_SMS_BACKEND = f"{HERE}.out_of_order"
    notice = tell(wang())
    send_due(NOW)
    assert again(notice).last_error == "NotSent: no route to …"
    assert PHONE not in caplog.text


@pytest.mark.django_db
def test_one_that_cannot_be_said_does_not_stop_the_others() -> None:
    user = wang()
    broken, fine = tell(user), tell(user)
    Notice.objects.filter(pk=broken.pk).update(name="nobody_wrote_it")
    send_due(NOW)
    assert again(broken).last_error.startswith("TemplateDoesNotExist")
    assert again(fine).sent_at == NOW


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["no number", "no address", "gone"])
def test_nobody_to_reach_is_given_up_at_once(how: str) -> None:
    user = User.objects.create(name="陈") if how == "no number" else wang(is_active=how != "gone")
    notice = tell(user, "email" if how == "no address" else "sms")
    send_due(NOW)
    assert (again(notice).given_up_at, again(notice).last_error) == (NOW, "NoAddress: ")
    assert transports.taken == []


@pytest.mark.django_db
def test_a_claim_that_was_never_finished_runs_out() -> None:
    """A process that died after claiming: the notice is late, not lost."""
    notice = tell(wang())
    Notice.objects.filter(pk=notice.pk).update(next_try=NOW + LEASE, tries=1)
    send_due(NOW + LEASE - timedelta(seconds=1))
    assert transports.taken == []
    send_due(NOW + LEASE)
    assert len(transports.taken) == 1


@pytest.mark.django_db
def test_the_oldest_go_first_and_no_more_than_a_batch_in_one_turn() -> None:
    for n in range(BATCH + 2):
        tell(somebody(n), send_after=NOW - timedelta(minutes=n))
    send_due(NOW)
    assert len(transports.taken) == BATCH
    assert set(Notice.objects.filter(sent_at=None).values_list("send_after", flat=True)) == {
        NOW,
        NOW - timedelta(minutes=1),
    }
    send_due(NOW)
    assert len(transports.taken) == BATCH + 2


def test_the_loop_sends() -> None:
    assert [(job.name, job.run) for job in JOBS] == [("notices.send", send_due)]


def test_of_many_loops_at_once_each_notice_is_sent_by_one(live_db: str) -> None:
    for n in range(BATCH):
        tell(somebody(n))
    together = threading.Barrier(4)

    def loop() -> None:
        try:
            together.wait(20)
            send_due(NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=loop) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(transports.taken) == BATCH
    assert Notice.objects.filter(sent_at=NOW, tries=1).count() == BATCH
