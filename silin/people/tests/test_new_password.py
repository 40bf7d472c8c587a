"""Li has forgotten his password, and Sun is invited: a link that works once, a code, the second factor."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from silin.accounts import passwords
from silin.accounts.models import OneTimeToken, User
from silin.history.models import Entry
from silin.notices.actions import Message, queue
from silin.notices.models import Channel, Notice
from silin.notices.sending import send_due
from silin.notices.tests import transports
from silin.people.actions import add_post
from tests.second import SECOND, Phone, by_password, scan
from tests.stories.test_at_once import at_once
from tests.town import Town, build

OLD, NEW = "long-enough-1", "天晴了-咱们去河边走走"
PHONE = "19900000077"


@pytest.fixture(autouse=True)
def transport(settings: Settings) -> None:
    settings.SILIN_SMS_BACKEND = "silin.notices.tests.transports.take"
    transports.taken.clear()


@pytest.fixture
def here(db: None) -> Town:
    return ready(build())


def ready(town: Town) -> Town:
    town.li.email = "li@example.org"
    town.li.set_password(OLD)
    town.li.save()
    return town


def ask(who: str, client: Client | None = None, **extra: Any) -> Any:
    return (client or Client()).post("/forgotten/", {"who": who}, **extra)


def mailed() -> str:
    """The address of the link in the newest e-mail."""
    send_due(timezone.now())
    found = re.search(r"/set-password/\w+/", str(mail.outbox[-1].body))
    assert found
    return found.group()


def choose(address: str, password: str = NEW, client: Client | None = None) -> Any:
    return (client or Client()).post(address, {"password_new": password})


def at_desk() -> tuple[Client, Phone]:
    client = Client()
    by_password(client, "li@example.org", OLD)
    phone = scan(client.get(SECOND).text)
    client.post(SECOND, {"code": phone.code(timezone.now(), steps=-1)})
    assert client.get("/desk/").status_code == 200
    return client, phone


def test_li_chooses_a_new_password_and_shows_the_second_factor(here: Town) -> None:
    desk, phone = at_desk()
    assert ask("Li@Example.org")["Location"] == "/forgotten/sent/"
    link, new = mailed(), Client()
    assert Notice.objects.get(name="password_link").link == passwords.FORGOTTEN
    assert "li@example.org" in new.get(link).text
    weak = choose(link, "12345678", new)
    assert (weak.status_code, list(weak.context["form"].errors)) == (400, ["password_new"])
    assert desk.get("/desk/").status_code == 200
    done = choose(link, NEW, new)
    assert (done.status_code, done["Location"][: len(SECOND)]) == (303, SECOND)
    assert desk.get("/desk/")["Location"].startswith("/sign-in/")
    assert new.get("/desk/")["Location"].startswith("/sign-in/")
    new.post(SECOND, {"code": phone.code(timezone.now(), steps=1)})
    assert new.get("/desk/").status_code == 200
    told = Notice.objects.filter(recipient=here.li, name="password_changed")
    assert set(told.values_list("channel", flat=True)) == {"inbox", "email"}
    line = Entry.objects.get(action="password_changed")
    assert (line.subject, line.actor) == (f"user:{here.li.pk}", here.li)


def test_a_link_works_once_runs_out_and_can_be_asked_again(here: Town) -> None:
    ask("li@example.org")
    link = mailed()
    ask("li@example.org")
    second = mailed()
    assert choose(second).status_code == 303
    for used in (link, second):
        answer = choose(used, "另一个-很长的密码-哦")
        assert answer.status_code == 400
        assert 'href="/forgotten/"' in answer.text
    here.li.refresh_from_db()
    assert here.li.check_password(NEW)
    ask("li@example.org")
    late = mailed()
    OneTimeToken.objects.filter(used_at=None).update(expires_at=timezone.now())
    assert choose(late, "另一个-很长的密码-哦").status_code == 400
    assert Client().get("/set-password/NONSENSE/").status_code == 400


def test_nobody_learns_whether_an_account_exists(here: Town) -> None:
    here.guo.email, here.guo.is_active = "closed@example.org", False
    here.guo.save()
    answers = [ask(each) for each in ("li@example.org", "nobody@example.org", "closed@example.org")]
    assert {(each.status_code, each["Location"]) for each in answers} == {(303, "/forgotten/sent/")}
    send_due(timezone.now())
    assert [each.to for each in mail.outbox] == [["li@example.org"]]
    for number in (here.wang.phone, PHONE):
        client = Client()
        assert ask(number, client)["Location"] == "/forgotten/code/"
        wrong = client.post("/forgotten/code/", {"code": "000000"})
        assert (wrong.status_code, list(wrong.context["form"].errors)) == (400, ["code"])
    assert len(transports.taken) == 2
    assert ask("12345").context["form"].errors["who"]


def test_asking_is_limited_by_account_and_by_network(here: Town) -> None:
    for who in ("li@example.org", "nobody@example.org", here.wang.phone):
        assert [ask(who).status_code for _ in range(4)] == [303, 303, 303, 429]
    for n in range(40):
        ask(f"n{n}@example.org", REMOTE_ADDR="192.0.2.7")
    assert ask("other@example.org", REMOTE_ADDR="192.0.2.7").status_code == 429


def test_wang_has_no_e_mail_and_gets_a_code(client: Client, here: Town) -> None:
    assert client.get("/forgotten/code/")["Location"] == "/forgotten/"
    ask("199 0000 0001", client)
    found = re.search(r"\d{6}", transports.taken[-1][1])
    assert found
    assert client.post("/sign-in/code/", {"code": found.group()})["Location"].startswith("/sign-in/")
    link = client.post("/forgotten/code/", {"code": found.group()})["Location"]
    assert "199****0001" in client.get(link).text
    assert choose(link, NEW, client)["Location"].startswith(SECOND)
    again = by_password(Client(), "199-0000-0001", NEW)
    assert again["Location"].startswith(SECOND)


def test_a_number_without_an_account_is_told_so_by_its_own_phone_only(client: Client, here: Town) -> None:
    ask(PHONE, client)
    found = re.search(r"\d{6}", transports.taken[-1][1])
    assert found
    answer = client.post("/forgotten/code/", {"code": found.group()})
    assert "还没有账号" in answer.context["form"].errors["code"][0]
    assert not User.objects.by_phone(PHONE)


def test_whoever_is_given_a_post_chooses_a_password_at_the_link_once(client: Client, here: Town) -> None:
    vacant = add_post("community_staff", here.community, actor=None, now=timezone.now())
    zhou, page = Client(), f"/desk/post/{vacant.pk}/"
    zhou.force_login(here.zhou)
    assert zhou.post(page, {"do": "appoint", "who": PHONE, "name": "小孟"}).status_code == 303
    send_due(timezone.now())
    [said] = [text for _phone, text in transports.taken if "/set-password/" in text]
    found = re.search(r"/set-password/\w+/", said)
    assert found
    stranger = Client()
    assert "小孟" not in stranger.get(found.group()).text
    assert choose(found.group(), NEW, client).status_code == 303
    assert choose(found.group(), OLD, stranger).status_code >= 400
    meng = User.objects.by_phone(PHONE)
    assert meng is not None
    assert meng.check_password(NEW)
    assert client.get("/desk/").status_code != 200  # a post asks for the second factor


def test_an_invitation_leads_to_a_first_password_and_can_be_asked_again(client: Client, here: Town) -> None:
    sun = User.objects.create(name="孙志远", email="sun@example.org")
    invitation = Message("invited", sun, {"name": "孙志远"}, passwords.INVITATION, Channel.EMAIL)
    queue([invitation], now=timezone.now())
    link = mailed()
    OneTimeToken.objects.update(expires_at=timezone.now() + timedelta(seconds=-1))
    assert "/forgotten/" in client.get(link).text
    ask("sun@example.org")
    assert choose(mailed(), NEW, client)["Location"] == "/"
    assert client.get("/me/sessions/").status_code == 200
    OneTimeToken.objects.filter(subject=str(sun.pk)).delete()
    sun.is_active = False
    sun.save()
    secret = passwords.with_secret(passwords.INVITATION, sun, timezone.now())
    assert client.get(secret).status_code == 400


def test_the_same_link_at_once_is_used_once(live_db: str) -> None:
    town = ready(build())
    now = timezone.now()
    secret = passwords.with_secret(passwords.FORGOTTEN, town.li, now).split("/")[2]
    wanted = [f"第-{n}-个-很长的密码" for n in range(6)]
    answers = at_once([partial(passwords.set_by_link, secret, each, now=now) for each in wanted])
    winners = [n for n, each in enumerate(answers) if isinstance(each, User)]
    assert len(winners) == 1
    assert {each.code for each in answers if not isinstance(each, User)} == {"token_used"}
    town.li.refresh_from_db()
    assert town.li.check_password(wanted[winners[0]])
    assert Entry.objects.filter(action="password_changed").count() == 1
