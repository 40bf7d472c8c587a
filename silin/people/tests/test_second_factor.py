"""The second factor at the door: Li at the desk, Wang on the phone, Chen who has no post."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from silin.accounts import second_factor
from silin.accounts.models import OneTimeToken, SecondFactor, User
from silin.history.models import Entry
from silin.lib.refusal import Refused
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint
from tests.second import SECOND, Phone, by_password, scan
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, Town, build

PASSWORD = "long-enough-1"
JSON = {"Accept": "application/json"}


def give_password(user: User, email: str) -> User:
    user.email = email
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def here(db: None) -> Town:
    town = build()
    give_password(town.li, "li@example.org")
    return town


def set_up(client: Client, email: str = "li@example.org") -> tuple[Phone, list[str]]:
    """Sign in for the first time; the phone, and the recovery codes on paper."""
    by_password(client, email, PASSWORD)
    phone = scan(client.get(SECOND).text)
    page = client.post(SECOND, {"code": phone.code(timezone.now()), "next": "/desk/"})
    assert page.status_code == 200, page.text
    return phone, re.findall(r"<li>((?:\w{4} ?){4})</li>", page.text)


def test_li_sets_up_the_phone_once_and_then_types_a_code(client: Client, here: Town) -> None:
    asked = by_password(client, "li@example.org", PASSWORD)
    assert (asked.status_code, asked["Location"]) == (303, f"{SECOND}?next=%2Fdesk%2F")
    page = client.get(asked["Location"]).text
    assert "<svg" in page
    assert " style=" not in page
    assert client.get("/desk/")["Location"].startswith("/sign-in/")
    _phone, codes = set_up(client)
    assert len(codes) == 8
    assert client.get("/desk/").status_code == 200
    client.post("/sign-out/")
    by_password(client, "li@example.org", PASSWORD)
    later = Phone(SecondFactor.objects.get().secret).code(timezone.now(), steps=1)
    done = client.post(SECOND, {"code": f" {later[:3]} {later[3:]}", "next": "/desk/"})
    assert (done.status_code, done["Location"]) == (303, "/desk/")
    assert client.get("/desk/").status_code == 200


def test_the_secret_lies_encrypted_and_is_never_shown_again(client: Client, here: Town) -> None:
    phone, _codes = set_up(client)
    assert SecondFactor.objects.filter(secret__isnull=False).count() == 1
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        assert phone.secret not in cursor.fetchone()[0]
    by_password(client, "li@example.org", PASSWORD)
    assert phone.secret not in client.get(SECOND).text


def test_a_code_works_once_and_wrong_ones_lock(here: Town) -> None:
    first = Client()
    phone, _codes = set_up(first)
    used = phone.code(timezone.now())
    other = Client()
    by_password(other, "li@example.org", PASSWORD)
    answer = other.post(SECOND, {"code": used})
    assert answer.status_code == 400
    assert answer.context["form"].errors["code"]
    for _ in range(8):
        assert other.post(SECOND, {"code": "000000"}).status_code in (400, 429)
    right = other.post(SECOND, {"code": phone.code(timezone.now(), steps=1)})
    assert right.status_code == 429
    assert other.get("/desk/")["Location"].startswith("/sign-in/")


def test_a_code_of_long_ago_or_of_tomorrow_is_refused(client: Client, here: Town) -> None:
    phone, _codes = set_up(client)
    now = timezone.now()
    for steps in (-3, 3, 2880):
        with pytest.raises(Refused) as refused:
            second_factor.check(here.li, phone.code(now, steps), now)
        assert refused.value.code == "bad_code"


def test_a_recovery_code_lets_in_once(here: Town) -> None:
    _phone, codes = set_up(Client())
    for wanted in (303, 400):
        client = Client()
        by_password(client, "li@example.org", PASSWORD)
        assert client.post(SECOND, {"code": codes[3].lower()}).status_code == wanted
    assert OneTimeToken.objects.filter(purpose="recovery", used_at=None).count() == 7
    stranger = give_password(here.guo, "guo@example.org")
    with pytest.raises(Refused):
        second_factor.check(stranger, codes[0], timezone.now())


def test_a_session_of_one_factor_is_a_residents(client: Client, here: Town) -> None:
    """Li was a resident here before he got the post: what he sees then is what a resident sees."""
    newcomer = give_password(User.objects.create(name="新来的"), "new@example.org")
    by_password(client, "new@example.org", PASSWORD, "/")
    assert client.get("/desk/").status_code == 404
    post = add_post("community_desk", here.community, actor=None, now=MONDAY, serial=2)
    appoint(post, newcomer, actor=None, now=MONDAY)
    for path in ("/desk/", "/desk/posts/", "/w/", "/staff/"):
        assert client.get(path)["Location"].startswith(SECOND), path
        assert client.get(path, headers=JSON).json()["error"]["code"] == "second_factor"
        assert client.post(path, {"x": "1"})["Location"].startswith(SECOND)
    assert "/desk/" not in client.get("/").text
    key = client.session.session_key
    phone = scan(client.get(SECOND).text)
    client.post(SECOND, {"code": phone.code(timezone.now())})
    assert client.get("/desk/").status_code == 200
    assert "/desk/" in client.get("/").text
    assert client.session.session_key != key


def test_residents_and_passers_by_are_never_asked(client: Client, here: Town) -> None:
    assert client.get(SECOND)["Location"].startswith("/sign-in/?")
    chen = give_password(here.chen, "chen@example.org")
    done = by_password(client, "chen@example.org", PASSWORD, "/mine/")
    assert done["Location"] == "/mine/"
    assert client.get(SECOND)["Location"].startswith("/sign-in/?")
    assert SecondFactor.objects.filter(user=chen).count() == 0


def test_who_waited_too_long_begins_anew(client: Client, here: Town) -> None:
    by_password(client, "li@example.org", PASSWORD)
    session = client.session
    session["second_step"] = {**session["second_step"], "at": str(timezone.now() - timedelta(minutes=16))}
    session.save()
    assert client.get(SECOND)["Location"].startswith("/sign-in/?")


def test_the_demo_asks_nobody(client: Client, here: Town, settings: Settings) -> None:
    settings.SECOND_FACTOR_FOR = ""
    assert by_password(client, "li@example.org", PASSWORD)["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert mail.outbox == []


def test_the_same_code_twice_at_once_lets_one_in(live_db: str) -> None:
    town = build()
    now = timezone.now()
    phone = Phone(second_factor.begin(town.li).secret)
    second_factor.confirm(town.li, phone.code(now, steps=-1), now)
    code = phone.code(now)
    answers = at_once([lambda: second_factor.check(town.li, code, now)] * 6)
    assert sum(answer is None for answer in answers) == 1
    assert {answer.code for answer in answers if answer is not None} == {"bad_code"}


def account_of(user: User) -> str:
    return f"/desk/people/{user.pk}/account/"


def as_zhou(here: Town) -> Client:
    client = Client()
    client.force_login(here.zhou)
    return client


def test_li_lost_the_phone_and_zhou_lets_another_be_set_up(client: Client, here: Town) -> None:
    phone, codes = set_up(client)
    secretary = give_password(User.objects.create(name="书记"), "s@example.org")
    post = add_post("community_secretary", here.community, actor=None, now=MONDAY)
    appoint(post, secretary, actor=None, now=MONDAY)
    zhou = as_zhou(here)
    assert "最近使用" in zhou.get(account_of(here.li)).text
    assert zhou.post(account_of(here.li), {"do": "reset", "reason": ""}).status_code == 400
    assert client.get("/desk/").status_code == 200
    assert zhou.post(account_of(here.li), {"do": "reset", "reason": "掉河里了，当面认过"}).status_code == 303
    assert client.get("/desk/")["Location"].startswith("/sign-in/")
    told = {(each.recipient, each.name) for each in Notice.objects.exclude(name="second_factor_set_up")}
    assert told == {(here.li, "second_factor_reset"), (secretary, "second_factor_reset")}
    line = Entry.objects.get(action="reset_second_factor")
    assert (line.actor, line.subject) == (here.zhou, f"user:{here.li.pk}")
    again = Client()
    by_password(again, "li@example.org", PASSWORD)
    new = scan(again.get(SECOND).text)
    assert new.secret != phone.secret
    assert again.post(SECOND, {"code": codes[0]}).status_code == 400
    assert again.post(SECOND, {"code": new.code(timezone.now())}).status_code == 200


def test_zhou_signs_li_out_everywhere_and_nobody_below_zhou_does(client: Client, here: Town) -> None:
    set_up(client)
    for other in (here.wang, here.guo, here.stranger, here.li):
        colleague = Client()
        colleague.force_login(other)
        for path in (account_of(here.li), account_of(here.zhou)):
            assert colleague.get(path).status_code == 404
            assert colleague.post(path, {"do": "end"}).status_code == 404
    assert client.get("/desk/").status_code == 200
    assert as_zhou(here).post(account_of(here.li), {"do": "end"}).status_code == 303
    assert client.get("/desk/")["Location"].startswith("/sign-in/")
    told = Notice.objects.filter(name="sessions_ended").values_list("recipient", "channel")
    assert sorted(told) == [(here.li.pk, "email"), (here.li.pk, "inbox")]
    assert as_zhou(here).get(account_of(here.chen)).status_code == 404


MINE = "/desk/me/second/"


def again(here: Town) -> str:
    """What the phone shows; this half minute counts again, so that no clock is waited for."""
    SecondFactor.objects.filter(user=here.li).update(last_step=0)
    return Phone(SecondFactor.objects.get(user=here.li).secret).code(timezone.now())


def test_new_recovery_codes_are_shown_once_and_the_old_ones_die(client: Client, here: Town) -> None:
    _phone, old = set_up(client)
    assert "还有 8 个备用码可用" in client.get(MINE).text
    assert client.post(MINE, {"do": "codes", "code": "000000"}).status_code == 400
    assert client.post(MINE, {"do": "codes", "code": ""}).status_code == 400
    page = client.post(MINE, {"do": "codes", "code": again(here)})
    new = re.findall(r"<li>((?:\w{4} ?){4})</li>", page.text)
    assert (len(new), len({*new, *old})) == (8, 16)
    assert page.headers["Cache-Control"].count("no-store")
    assert not any(code in client.get(MINE).text for code in new)
    for code, status in ((old[0], 400), (new[0], 303)):
        other = Client()
        by_password(other, "li@example.org", PASSWORD)
        assert other.post(SECOND, {"code": code}).status_code == status
    assert set(Notice.objects.filter(name="recovery_codes_made").values_list("channel", flat=True)) == {
        "inbox",
        "email",
    }
    assert Entry.objects.get(action="recovery_codes_made").actor == here.li


def test_li_has_a_new_phone_and_the_old_one_no_longer_counts(client: Client, here: Town) -> None:
    old, codes = set_up(client)
    other = Client()
    by_password(other, "li@example.org", PASSWORD)
    other.post(SECOND, {"code": again(here)})
    moved = client.post(MINE, {"do": "phone", "code": codes[2]})
    assert moved["Location"] == f"{SECOND}?next=%2Fdesk%2Fme%2Fsecond%2F"
    assert other.get("/desk/")["Location"].startswith("/sign-in/")
    assert client.get("/desk/")["Location"].startswith(SECOND)
    new = scan(client.get(moved["Location"]).text)
    assert new.secret != old.secret
    assert client.post(SECOND, {"code": old.code(timezone.now())}).status_code == 400
    assert client.post(SECOND, {"code": new.code(timezone.now()), "next": MINE}).status_code == 200
    assert client.get("/desk/").status_code == 200
    assert Notice.objects.filter(name="second_factor_set_up", channel="inbox").count() == 2


def test_a_resident_has_none_and_a_visitor_signs_in(client: Client, here: Town) -> None:
    assert client.get("/me/second/")["Location"].startswith("/sign-in/")
    client.force_login(here.chen)
    assert "没有" in client.get("/me/second/").text
    assert client.post("/me/second/", {"do": "codes", "code": "000000"}).status_code == 400
    assert client.post("/me/second/", {"do": "nothing"}).status_code == 404
