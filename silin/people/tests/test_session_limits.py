"""A shared desk signs Li out after a working day, a phone after a month; what is being sent gets through."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from silin.accounts.models import SecondFactor, Session
from silin.notices.models import Notice
from silin.notices.sending import send_due
from silin.people.tests.test_idle_lock import DESK, JSON, PASSWORD, STOP, at_desk, go_away, here, is_open
from silin.places.numbers import set_number
from tests.second import SECOND, Phone, by_password, scan
from tests.town import MONDAY, Town

__all__ = ["here"]
CHOICES = "/desk/me/notices/"


def sign_in_long_ago(client: Client, hours: float) -> None:
    """So long ago the person signed in."""
    session = client.session
    state = session["limit"]
    state |= {"until": (datetime.fromisoformat(state["until"]) - timedelta(hours=hours)).isoformat()}
    session["limit"] = state
    session.save()


def test_a_working_day_at_the_desk_and_then_the_sign_in(here: Town) -> None:
    desk = at_desk()
    sign_in_long_ago(desk, 11.9)
    assert is_open(desk)
    sign_in_long_ago(desk, 0.2)
    sent = desk.post(CHOICES, STOP)
    assert sent["Location"] == CHOICES
    answer = desk.get(DESK)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/desk/%3Fturn%3Dmine")
    assert "时间到了" in desk.get(answer["Location"]).text
    assert Session.objects.count() == 0
    assert desk.get(DESK)["Location"].startswith("/sign-in/")


def test_long_after_the_end_nothing_is_sent_and_programs_are_told(here: Town) -> None:
    desk = at_desk()
    sign_in_long_ago(desk, 13.1)
    answer = desk.post(CHOICES, STOP, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signed_out")
    assert desk.get("/me/sessions/")["Location"].startswith("/sign-in/")


def test_a_locked_desk_to_which_nobody_comes_back_signs_out(here: Town) -> None:
    desk = at_desk()
    go_away(desk, 7 * 60)
    assert desk.get(DESK)["Location"].startswith("/unlock/")
    assert desk.get("/unlock/").status_code == 200
    go_away(desk, 61)
    assert desk.get("/unlock/")["Location"].startswith("/sign-in/")


def test_a_phone_lasts_a_month_until_it_has_been_at_a_desk(here: Town) -> None:
    client = Client()
    by_password(client, "li@example.org", PASSWORD, "/w/")
    client.post(SECOND, {"code": scan(client.get(SECOND).text).code(timezone.now())})
    for address, days in (("/w/", 30), ("/desk/", 0.5), ("/w/", 0.5)):
        assert client.get(address).status_code == 200
        until = datetime.fromisoformat(client.session["limit"]["until"])
        assert abs(until - timezone.now() - timedelta(days=days)) < timedelta(minutes=1)


def test_a_city_has_its_own_hours_nought_is_never_and_the_demo_never_ends(
    here: Town, settings: Settings
) -> None:
    set_number("accounts.desk_hours", 0, valid_from=MONDAY.date(), actor=None, now=MONDAY)
    assert at_desk_again().session["limit"]["until"] == ""
    set_number(
        "accounts.desk_hours", 3, valid_from=MONDAY.date(), path=here.community.path, actor=None, now=MONDAY
    )
    desk = at_desk_again()
    sign_in_long_ago(desk, 3)
    settings.SESSION_LIMITS = ""
    assert is_open(desk)
    settings.SESSION_LIMITS = "silin.people.quiet.session_limits"
    assert not is_open(desk)


def at_desk_again() -> Client:
    SecondFactor.objects.all().delete()
    return at_desk()


def test_a_new_device_is_told_and_a_known_one_is_not(here: Town) -> None:
    desk = at_desk()
    news = Notice.objects.filter(name="new_device")
    assert not news.exists()
    desk.post("/sign-out/")
    by_password(desk, "li@example.org", PASSWORD)
    desk.post(SECOND, {"code": shown(here)})
    assert desk.get(DESK).status_code == 200
    assert not news.exists()
    elsewhere = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 6.1) Chrome/86.0"})
    elsewhere.cookies["known"] = "forged"
    by_password(elsewhere, "li@example.org", PASSWORD)
    assert not news.exists()
    elsewhere.post(SECOND, {"code": shown(here)})
    told = set(news.values_list("recipient", "channel"))
    assert told == {(here.li.pk, "inbox"), (here.li.pk, "email")}
    send_due(timezone.now())
    assert "Chrome · Windows 7" in mail.outbox[-1].subject


def shown(here: Town) -> str:
    """What Li's phone shows; the codes of this half minute count again, so that no clock is waited for."""
    SecondFactor.objects.filter(user=here.li).update(last_step=0)
    return Phone(SecondFactor.objects.get(user=here.li).secret).code(timezone.now())
