"""Where somebody is signed in: Li looks, signs out elsewhere, and what was ended stays ended."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.contrib.sessions.models import Session as DjangoSession
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from pytest_django import Settings

from silin.accounts.jobs import forget
from silin.accounts.models import Session, User
from silin.accounts.sessions import EVERY, end_sessions
from silin.lib.devices import device_words, short_network

PASSWORD = "long-enough-1"
PHONE = "Mozilla/5.0 (Linux; Android 10; HarmonyOS) AppleWebKit/537.36 Chrome/92.0 Mobile MicroMessenger/8.0"
COMPUTER = "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 Chrome/86.0.4240 Safari/537.36"
MINE = "/me/sessions/"


def li() -> User:
    user = User(name="李建民", email="li@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(device: str, address: str = "203.0.113.77") -> Client:
    """Li by e-mail and password, on a device of that description."""
    client = Client(headers={"User-Agent": device}, REMOTE_ADDR=address)
    assert client.post("/sign-in/", {"email": "li@example.org", "password": PASSWORD}).status_code == 303
    return client


def is_in(client: Client) -> bool:
    return client.get(MINE).status_code == 200


@pytest.mark.django_db
def test_li_sees_both_devices_and_signs_out_the_phone() -> None:
    li()
    phone, desk = signed_in(PHONE), signed_in(COMPUTER, "2001:db8:77:1::5")
    page = desk.get(MINE).text
    assert "微信 · HarmonyOS" in page
    assert "Chrome · Windows 7" in page
    assert "203.0.113.0/24" in page
    assert "2001:db8:77::/48" in page
    assert "203.0.113.77" not in page
    row = Session.objects.get(device__startswith="微信")
    assert desk.post(MINE, {"end": str(row.pk)}).status_code == 303
    assert (is_in(phone), is_in(desk)) == (False, True)
    assert Session.objects.count() == DjangoSession.objects.filter(pk=desk.session.session_key).count() == 1


@pytest.mark.django_db
def test_all_others_at_once_and_this_one_gets_a_new_key() -> None:
    li()
    devices = [signed_in(PHONE), signed_in(PHONE), signed_in(COMPUTER)]
    desk = devices[-1]
    before = desk.session.session_key
    desk.post(MINE, {"end": "others"})
    assert [is_in(each) for each in devices] == [False, False, True]
    assert desk.session.session_key != before
    assert [row.key for row in Session.objects.all()] == [desk.session.session_key]


@pytest.mark.django_db
def test_nobody_ends_the_session_of_another() -> None:
    li()
    desk = signed_in(COMPUTER)
    row = Session.objects.get()
    stranger = Client()
    assert stranger.post(MINE, {"end": str(row.pk)})["Location"].startswith("/sign-in/")
    stranger.force_login(User.objects.create(name="路过的人"))
    for wanted in (str(row.pk), "nonsense", ""):
        assert stranger.post(MINE, {"end": wanted}).status_code == 404
    assert is_in(desk)


@pytest.mark.django_db
def test_a_leaver_is_out_everywhere_also_where_nobody_has_noted_it() -> None:
    user = li()
    noted, fresh = signed_in(COMPUTER), Client()
    fresh.force_login(user)
    end_sessions(user)
    assert [is_in(each) for each in (noted, fresh)] == [False, False]
    assert Session.objects.count() == 0
    assert is_in(signed_in(PHONE))


@pytest.mark.django_db
def test_signing_out_forgets_the_row_and_a_guest_has_none(client: Client) -> None:
    li()
    desk = signed_in(COMPUTER)
    assert Session.objects.count() == 1
    desk.post("/sign-out/")
    client.post("/report/", {"words": "灯不亮"})
    assert User.objects.filter(is_guest=True).count() == 1
    assert Session.objects.count() == 0


@pytest.mark.django_db
def test_a_new_sign_in_changes_the_key_of_the_cookie() -> None:
    li()
    desk = signed_in(COMPUTER)
    before = desk.session.session_key
    desk.post("/sign-in/", {"email": "li@example.org", "password": PASSWORD})
    assert desk.session.session_key != before
    assert Session.objects.get().key == desk.session.session_key


@pytest.mark.django_db
def test_last_seen_moves_at_most_every_five_minutes_and_orphans_go_at_night() -> None:
    li()
    desk = signed_in(COMPUTER)
    desk.get(MINE)
    first = Session.objects.get().seen_at
    desk.get(MINE)
    assert Session.objects.get().seen_at == first
    session = desk.session
    session["noted"] = {**session["noted"], "at": (timezone.now() - EVERY).isoformat()}
    session.save()
    desk.get(MINE)
    assert Session.objects.get().seen_at > first
    DjangoSession.objects.all().delete()
    forget(timezone.now() + timedelta(seconds=1))
    assert Session.objects.count() == 0


@pytest.mark.django_db
def test_the_page_stands_in_the_shell_of_whoever_works() -> None:
    li()
    desk = signed_in(COMPUTER)
    assert 'data-density="desk"' in desk.get("/desk/me/sessions/").text
    assert "phone--worker" in desk.get("/w/me/sessions/").text
    row = Session.objects.get()
    assert desk.post("/desk/me/sessions/", {"end": str(row.pk)})["Location"] == "/desk/me/sessions/"


@pytest.mark.parametrize(
    ("said", "shown"),
    [(PHONE, "微信 · HarmonyOS"), (COMPUTER, "Chrome · Windows 7"), ("curl/8.0", ""), ("", "")],
)
def test_device_words(said: str, shown: str) -> None:
    assert device_words(said) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [("192.0.2.9", "192.0.2.0/24"), ("2001:db8::1", "2001:db8::/48"), ("", ""), ("unknown", "")],
)
def test_short_network(address: str, shown: str) -> None:
    assert short_network(address) == shown


GOING, GO_ON = Event(), Event()


def slow(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: a page that takes its time and then keeps something."""
    request.session["draft"] = str(request.user.pk)
    GOING.set()
    assert GO_ON.wait(20)
    return HttpResponse("done")


urlpatterns = [path("slow/", slow), path("", include("silin.urls"))]


def test_a_session_ended_while_its_request_runs_does_not_come_back(live_db: str, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    user = li()
    client, answers = signed_in(COMPUTER), []
    for event in (GOING, GO_ON):
        event.clear()

    def ask() -> None:
        try:
            answers.append(client.get("/slow/").status_code)
        finally:
            connections.close_all()

    thread = Thread(target=ask)
    thread.start()
    assert GOING.wait(20)
    end_sessions(user)
    GO_ON.set()
    thread.join(20)
    assert answers == [400]
    assert (DjangoSession.objects.count(), Session.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_new_password_signs_out_everywhere_else() -> None:
    li()
    phone, desk = signed_in(PHONE), signed_in(COMPUTER)
    assert "/me/password/" in desk.get(MINE).text
    new = "天晴了-咱们去河边走走"
    for now, wanted, field in (("wrong", new, "password_now"), (PASSWORD, "12345678", "password_new")):
        answer = desk.post("/me/password/", {"password_now": now, "password_new": wanted})
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert desk.post("/me/password/", {"password_now": PASSWORD, "password_new": new}).status_code == 303
    assert (is_in(phone), is_in(desk)) == (False, True)
    assert User.objects.get().check_password(new)


@pytest.mark.django_db
def test_a_password_is_not_guessed_through_its_change(client: Client) -> None:
    assert client.get("/me/password/")["Location"].startswith("/sign-in/")
    li()
    desk = signed_in(COMPUTER)
    for _ in range(10):
        assert desk.post("/me/password/", {"password_now": "wrong", "password_new": "x"}).status_code == 400
    sent = {"password_now": PASSWORD, "password_new": "天晴了-咱们去河边走走"}
    assert desk.post("/me/password/", sent).status_code == 429
    assert User.objects.get().check_password(PASSWORD)
