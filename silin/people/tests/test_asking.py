"""Chen says what is wrong and hears what came of it; the office answers, deletes, and gives copies."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.history.models import Entry
from silin.history.queries import check
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.notices.models import Notice
from silin.people import asking, joining
from silin.people.models import DataRequest, Household, Person, Tombstone
from silin.people.register import put_down_household, put_down_person
from tests.counting import statements
from tests.town import MONDAY, Town, build

DOOR = "people.Household.door"
WRONG = f"/me/privacy/wrong/{DOOR}/"
LIU = "19900000009"


@pytest.fixture
def here(db: None) -> Town:
    return build()


@pytest.fixture
def home(here: Town) -> Household:
    home = put_down_household(here.building, door="301", entrance="2", actor=None, now=MONDAY)
    chen = put_down_person(home, "陈桂兰", phone="19900000002", actor=None, now=MONDAY)
    joining.join(chen, here.chen, actor=here.chen, now=MONDAY, proved=True)
    put_down_person(home, "刘建国", phone=LIU, birth_year=1950, actor=here.li, now=MONDAY)
    return home


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked_by(client: Client, words: str = "我家是 2 单元 302") -> DataRequest:
    client.post(WRONG, {"words": words})
    return DataRequest.objects.latest("asked_at")


def test_what_is_wrong_is_said_answered_and_heard(here: Town, home: Household) -> None:
    chen, li = signed_in(here.chen), signed_in(here.li)
    page = chen.get("/me/privacy/").content.decode()
    assert WRONG in page
    assert "3**" in chen.get(WRONG).content.decode()
    empty = chen.post(WRONG, {"words": ""})
    assert empty.status_code == 400
    row = asked_by(chen)
    assert asked_by(chen).pk == row.pk
    assert "15 个工作日" in chen.get(WRONG).content.decode()
    assert Notice.objects.filter(recipient=here.li, name="data_request").count() == 1
    listed = li.get("/desk/requests/").content.decode()
    assert "1 件等答复" in listed
    assert "门牌" in listed
    there = f"/desk/requests/{row.pk}/"
    assert "我家是 2 单元 302" in li.get(there).content.decode()
    wrong = li.post(there, {"outcome": "refused", "answer": ""})
    assert wrong.status_code == 400
    li.post(there, {"outcome": "refused", "answer": "房产证上是 301"})
    page = chen.get("/me/privacy/").content.decode()
    assert "房产证上是 301" in page
    assert Notice.objects.filter(recipient=here.chen, name="data_request_refused").exists()
    lines = Entry.objects.filter(subject=row.subject).values_list("action", "actor")
    assert list(lines)[-2:] == [("ask", here.chen.pk), ("decide_request", here.li.pk)]
    assert check(row.subject) == []
    row.refresh_from_db()
    with pytest.raises(Changed):
        asking.decide(row, "done", "", actor=here.li, now=timezone.now())
    assert "房产证上是 301" in li.get(there).content.decode()
    assert "已答复" in li.get("/desk/requests/?tab=done").content.decode()


def test_a_late_answer_stands_out_and_strangers_read_nothing(here: Town, home: Household) -> None:
    row = asked_by(signed_in(here.chen))
    DataRequest.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert "1 件已逾期" in signed_in(here.li).get("/desk/requests/").content.decode()
    for who in (here.stranger, here.guo, here.chen):
        assert signed_in(who).get(f"/desk/requests/{row.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        asking.decide(row, "done", "", actor=here.guo, now=timezone.now())
    assert signed_in(here.stranger).get(WRONG).status_code == 404
    with pytest.raises(Refused, match="bad_field"):
        asking.ask_correction(here.chen, "people.Person.shoe_size", "错了", now=MONDAY)


def test_the_list_costs_the_same_however_long(here: Town, home: Household) -> None:
    li, chen = signed_in(here.li), signed_in(here.chen)
    counts = []
    for n in range(3):
        asked_by(chen, f"门牌第 {n} 次说错了")
        counts.append(statements(li, "/desk/requests/"))
    assert counts[0] == counts[2]


def test_the_office_puts_an_entry_right(here: Town, home: Household) -> None:
    liu = Person.objects.get(name="刘建国")
    client, there = signed_in(here.wang), f"/w/household/{home.pk}/{liu.pk}/entry/"
    assert LIU not in client.get(there).content.decode()
    wrong = client.post(there, {"do": "correct", "name": "刘建军", "phone": "1", "birth_year": "1951"})
    assert wrong.status_code == 400
    assert 'value="刘建军"' in wrong.content.decode()
    client.post(there, {"do": "correct", "name": "刘建军", "phone": "", "birth_year": "1951"})
    liu.refresh_from_db()
    assert (liu.name, liu.birth_year, liu.phone) == ("刘建军", 1951, LIU)
    assert signed_in(here.guo).get(f"/desk/household/{home.pk}/{liu.pk}/entry/").status_code == 404


def test_a_copy_for_whoever_is_known_at_the_counter(here: Town, home: Household) -> None:
    liu = Person.objects.get(name="刘建国")
    client, there = signed_in(here.li), f"/desk/household/{home.pk}/{liu.pk}/entry/"
    assert client.post(there, {"do": "copy", "asker": "self"}).status_code == 400
    answer = client.post(there, {"do": "copy", "asker": "self", "identity": "card"})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    told = json.loads(archive.read("silin.json"))
    said = {each["value"] for drawer in told["held"] for row in drawer["rows"] for each in row}
    assert {"刘建国", LIU, "1950", "301"} <= said
    assert "陈桂兰" not in archive.read("silin.html").decode()
    assert Entry.objects.filter(subject=liu.subject, action="copy", actor=here.li).exists()


def test_a_guardian_has_an_entry_deleted_and_an_account_stays(here: Town, home: Household) -> None:
    client = signed_in(here.li)
    for name in ("刘建国", "陈桂兰"):
        person = Person.objects.get(name=name)
        there = f"/desk/household/{home.pk}/{person.pk}/entry/"
        sent = {"do": "erase", "asker": "guardian", "identity": "book"}
        assert client.post(there, sent).status_code == 400
        client.post(there, sent | {"sure": "on"})
        person.refresh_from_db()
        assert (person.name, person.phone, person.phone_hash, person.user_id) == ("", "", "", None)
        assert not person.search_keys.exists()
        assert check(person.subject) == []
    assert DataRequest.objects.filter(kind="delete", asker="guardian", decided_by=here.li).count() == 2
    assert Tombstone.objects.filter(model="people.Person", why="asked").count() == 2
    assert Notice.objects.filter(recipient=here.chen, name="entry_deleted").exists()
    assert User.objects.get(pk=here.chen.pk).name == "陈桂兰"
    home.refresh_from_db()
    assert home.door == ""
