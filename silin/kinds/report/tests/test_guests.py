"""A guest turns out to have an account, and a browser that nobody knows yet sends something twice."""

from __future__ import annotations

import re
from uuid import uuid4

from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from silin.accounts.models import User
from silin.kinds.report.actions import add_photos, files_of, open_draft, write_words
from silin.kinds.report.models import Draft
from silin.kinds.report.tests.conftest import photo
from silin.kinds.report.tests.test_programs import JSON
from silin.kinds.report.tests.test_reporting import POINT, WORDS, begin, place, send
from silin.matters.models import Matter
from tests.second import SECOND, by_password, scan
from tests.town import Town

SENT: list[str] = []


def take(phone: str, text: str) -> None:
    """A transport that keeps what it was given."""
    SENT.append(text)


def test_a_guest_who_has_an_account_already_takes_everything_along(
    client: Client, town: Town, settings: Settings
) -> None:
    settings.SILIN_SMS_BACKEND = f"{__name__}.take"
    draft = begin(client)
    place(client, draft)
    number = send(client, draft)["Location"].split("/")[3]
    unsent = begin(client, "树枝挡住了窗户")
    client.post("/sign-in/phone/", {"phone": town.chen.phone, "next": f"/report/sent/{number}/"})
    code = re.search(r"\d{6}", SENT[-1])
    assert code
    done = client.post("/sign-in/code/", {"code": code.group(), "next": f"/report/sent/{number}/"})
    assert client.get(done["Location"]).status_code == 200
    matter = Matter.objects.get()
    assert matter.raiser == town.chen
    assert Draft.objects.get(pk=unsent).user == town.chen
    assert "您说了这件事" in client.get(f"/m/{number}/").text
    guests = User.objects.filter(is_guest=True)
    assert [guest.is_active for guest in guests] == [False]


def test_a_guest_who_signs_in_with_a_password_takes_everything_along(client: Client, town: Town) -> None:
    town.chen.email = "chen@a.example"
    town.chen.set_password("long-enough-1")
    town.chen.save()
    draft = begin(client)
    place(client, draft)
    number = send(client, draft)["Location"].split("/")[3]
    assert client.post("/sign-in/", {"email": "chen@a.example", "password": "wrong-one-1"}).status_code == 400
    assert Matter.objects.get().raiser != town.chen
    client.post("/sign-in/", {"email": "chen@a.example", "password": "long-enough-1"})
    assert Matter.objects.get().raiser == town.chen
    assert client.get(f"/report/sent/{number}/").status_code == 200
    assert [guest.is_active for guest in User.objects.filter(is_guest=True)] == [False]


def test_a_guest_who_turns_out_to_be_staff_sees_the_receipt_after_both_factors(
    client: Client, town: Town
) -> None:
    town.li.email = "li@example.org"
    town.li.set_password("long-enough-1")
    town.li.save()
    draft = begin(client)
    place(client, draft)
    number = send(client, draft)["Location"].split("/")[3]
    by_password(client, "li@example.org", "long-enough-1")
    guest = User.objects.get(is_guest=True)
    assert (Matter.objects.get().raiser, guest.is_active) == (guest, True)
    assert client.get(f"/report/sent/{number}/").status_code == 200
    phone = scan(client.get(SECOND).content.decode())
    client.post(SECOND, {"code": phone.code(timezone.now())})
    guest.refresh_from_db()
    assert (Matter.objects.get().raiser, guest.is_active) == (town.li, False)
    assert client.get(f"/report/sent/{number}/").status_code == 200


def test_sent_as_a_guest_and_once_more_after_signing_in_is_one_matter(
    client: Client, town: Town, settings: Settings
) -> None:
    settings.SILIN_SMS_BACKEND = f"{__name__}.take"
    said = {"client_id": str(uuid4()), "words": WORDS, "category": "street_light", **POINT}
    first = client.post("/report/check/", said, headers=JSON)
    client.post("/sign-in/phone/", {"phone": town.chen.phone})
    code = re.search(r"\d{6}", SENT[-1])
    assert code
    client.post("/sign-in/code/", {"code": code.group()})
    again = client.post("/report/check/", said, headers=JSON)
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert again.json()["number"] == first.json()["number"]
    assert Matter.objects.get().raiser == town.chen


def test_the_first_page_tapped_twice_by_a_visitor_loses_no_words(town: Town) -> None:
    now, wanted = timezone.now(), uuid4()
    both = [open_draft(User.objects.guest(), wanted, now) for _tap in range(2)]
    for draft in both:
        add_photos(draft, [photo()], now)
        write_words(draft, WORDS, now)
    for draft in both:
        seen = open_draft(draft.user, draft.pk, now)
        assert (seen.pk, seen.words, len(files_of(seen))) == (draft.pk, WORDS, 1)
    assert both[0].pk == wanted
