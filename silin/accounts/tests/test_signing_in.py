"""Signing in at the door: by phone and code, by e-mail and password; limits, guests and safe ways on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from silin.accounts.actions import send_code
from silin.accounts.jobs import forget
from silin.accounts.models import User
from silin.accounts.signing_in import guest_of, person_of
from silin.lib.refusal import Refused
from silin.lib.sending import NotSent

PHONE = "13912341234"
PASSWORD = "long-enough-1"
SENT: list[tuple[str, str]] = []
pytestmark = pytest.mark.django_db


def take(phone: str, text: str) -> None:
    """A transport that keeps what it was given."""
    SENT.append((phone, text))


def fail(phone: str, text: str) -> None:
    raise NotSent


@pytest.fixture(autouse=True)
def transport(settings: Settings) -> None:
    SENT.clear()
    settings.SILIN_SMS_BACKEND = f"{__name__}.take"


@pytest.fixture
def li() -> User:
    user = User(name="李建民", email="Li@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user


def code() -> str:
    found = re.search(r"\d{6}", SENT[-1][1])
    assert found
    return found.group()


def signed_in_as(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def test_a_number_and_its_code_make_an_account(client: Client) -> None:
    asked = client.post("/sign-in/phone/", {"phone": "１３９ 1234-1234", "next": "/mine/"})
    assert (asked.status_code, asked["Location"]) == (303, "/sign-in/code/?next=%2Fmine%2F")
    assert SENT[0][0] == PHONE
    assert len(SENT[0][1]) <= 70
    page = client.get(asked["Location"])
    assert "139****1234" in page.text
    assert PHONE not in page.text + str(dict(client.session))
    done = client.post(asked["Location"], {"code": code(), "next": "/mine/"})
    assert (done.status_code, done["Location"]) == (303, "/mine/")
    user = User.objects.get()
    assert (user.phone, user.is_guest, signed_in_as(client)) == (PHONE, False, str(user.pk))


def test_the_same_number_again_is_the_same_account(client: Client) -> None:
    for _ in range(2):
        client.post("/sign-in/phone/", {"phone": PHONE})
        client.post("/sign-in/code/", {"code": code()})
        client.post("/sign-out/")
    assert User.objects.count() == 1
    assert signed_in_as(client) == ""


def test_a_wrong_code_says_so_and_five_are_the_end(client: Client) -> None:
    client.post("/sign-in/phone/", {"phone": PHONE})
    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    for _ in range(5):
        answer = client.post("/sign-in/code/", {"code": wrong})
        assert answer.status_code == 400
        assert answer.context["form"].errors["code"]
    assert client.post("/sign-in/code/", {"code": code()}).status_code == 400
    assert signed_in_as(client) == ""
    assert client.post("/sign-in/code/", {"code": "12"}).status_code == 400


def test_a_code_used_before_is_refused(client: Client) -> None:
    client.post("/sign-in/phone/", {"phone": PHONE})
    first = code()
    client.post("/sign-in/code/", {"code": first})
    other = Client()
    other.post("/sign-in/phone/", {"phone": PHONE})
    answer = other.post("/sign-in/code/", {"code": first}, headers={"Accept": "application/json"})
    assert answer.json()["error"]["code"] in ("token_unknown", "token_used")


def test_no_more_than_three_codes_in_ten_minutes_to_one_number(client: Client) -> None:
    answers = [client.post("/sign-in/phone/", {"phone": PHONE}).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    assert len(SENT) == 3


def test_limits_count_the_visitor_not_what_a_stranger_forwards(client: Client) -> None:
    for n in range(40):
        forged = {"X-Forwarded-For": f"10.1.2.{n}"}
        client.post("/sign-in/phone/", {"phone": f"139{n:08}"}, headers=forged)
    late = client.post("/sign-in/phone/", {"phone": PHONE}, headers={"X-Forwarded-For": "10.9.9.9"})
    assert late.status_code == 429
    elsewhere = client.post("/sign-in/phone/", {"phone": PHONE}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 303


def test_what_is_no_number_is_said_at_the_field_and_stays(client: Client) -> None:
    answer = client.post("/sign-in/phone/", {"phone": "12345"})
    assert answer.status_code == 400
    assert 'value="12345"' in answer.text
    assert 'role="alert"' in answer.text


def test_a_message_that_cannot_be_sent(client: Client, settings: Settings) -> None:
    settings.SILIN_SMS_BACKEND = f"{__name__}.fail"
    assert client.post("/sign-in/phone/", {"phone": PHONE}).status_code == 503
    with pytest.raises(Refused) as refused:
        send_code(PHONE, address="192.0.2.1", now=timezone.now())
    assert refused.value.code == "not_sent"


def test_the_code_page_without_a_number_leads_to_the_start(client: Client) -> None:
    answer = client.get("/sign-in/code/?next=/mine/")
    assert answer["Location"] == "/sign-in/?next=%2Fmine%2F"


def test_e_mail_and_password(client: Client, li: User) -> None:
    answer = client.post("/sign-in/", {"email": " li@Example.org ", "password": PASSWORD, "next": "/desk/"})
    assert (answer.status_code, answer["Location"]) == (303, "/desk/")
    assert signed_in_as(client) == str(li.pk)
    assert client.get("/sign-in/?next=/mine/")["Location"] == "/mine/"


def test_a_wrong_password_and_an_unknown_address_read_alike(client: Client, li: User) -> None:
    pages = [
        client.post("/sign-in/", {"email": email, "password": "wrong-password"})
        for email in ("li@example.org", "nobody@example.org")
    ]
    assert [page.status_code for page in pages] == [400, 400]
    assert all(page.context["by_password"].errors["password"] for page in pages)
    assert pages[0].context["by_password"].errors == pages[1].context["by_password"].errors
    assert all("wrong-password" not in page.text for page in pages)


def test_ten_tries_lock_an_account_for_everybody_and_the_right_password_too(li: User) -> None:
    for n in range(10):
        Client(REMOTE_ADDR=f"192.0.2.{n}").post("/sign-in/", {"email": li.email, "password": "no"})
    right = Client(REMOTE_ADDR="192.0.2.99").post("/sign-in/", {"email": li.email, "password": PASSWORD})
    assert right.status_code == 429


def test_a_closed_account_does_not_open(client: Client, li: User) -> None:
    li.is_active = False
    li.set_phone(PHONE)
    li.save()
    assert client.post("/sign-in/", {"email": li.email, "password": PASSWORD}).status_code == 400
    client.post("/sign-in/phone/", {"phone": PHONE})
    assert client.post("/sign-in/code/", {"code": code()}).status_code == 400
    assert signed_in_as(client) == ""


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "mine", "/\\evil.example"]
)
def test_nobody_is_led_elsewhere(client: Client, li: User, there: str) -> None:
    answer = client.post("/sign-in/", {"email": li.email, "password": PASSWORD, "next": there})
    assert answer["Location"] == "/"


def test_a_guest_who_leaves_a_new_number_keeps_the_account(client: Client) -> None:
    client.post("/report/", {"words": "灯不亮"})
    guest = User.objects.get()
    assert guest.is_guest
    client.post("/sign-in/phone/", {"phone": PHONE})
    client.post("/sign-in/code/", {"code": code()})
    guest.refresh_from_db()
    assert (guest.is_guest, guest.phone, User.objects.count()) == (False, PHONE, 1)


def test_looking_makes_nobody_an_account(client: Client) -> None:
    for path in ("/", "/report/", "/mine/", "/me/", "/sign-in/"):
        assert client.get(path).status_code == 200
    assert User.objects.count() == 0


def test_sessions_that_ran_out_go_at_night(client: Client, li: User) -> None:
    other = Client()
    for each in (client, other):
        each.post("/sign-in/", {"email": li.email, "password": PASSWORD})
    now = timezone.now()
    Session.objects.filter(pk=other.session.session_key).update(expire_date=now)
    forget(now + timedelta(seconds=1))
    assert [each.pk for each in Session.objects.all()] == [client.session.session_key]


def test_helpers_of_visitors(client: Client) -> None:
    request = client.get("/").wsgi_request
    assert guest_of(request) is None
    guest = person_of(request, timezone.now())
    assert person_of(request, timezone.now()) == guest == guest_of(request)
