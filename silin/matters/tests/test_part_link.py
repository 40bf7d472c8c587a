"""Zhao of the bureau is on the road: a link in a message and a code to his phone open one thing, no more."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import OneTimeToken
from silin.accounts.sessions import end_sessions
from silin.history.models import Entry
from silin.matters.deeds import By
from silin.matters.handling import give_back
from silin.matters.linking import LINK
from silin.matters.models import Matter, State
from silin.matters.taking_back import take_back
from silin.matters.tests import pages
from silin.matters.tests.bureaus import Bureaus
from silin.matters.triage import dispatch
from silin.matters.verifying import reject
from silin.matters.whistling import whistle
from silin.notices.choosing import choose
from silin.notices.models import Notice
from silin.notices.sending import send_due
from silin.people.actions import end
from silin.people.models import Holding
from tests.town import Town

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PHONE = "13900000011"
taken: list[tuple[str, str]] = []


def take(phone: str, text: str) -> None:
    """The carrier: keeps what is sent for the test to look at."""
    taken.append((phone, text))


@pytest.fixture(autouse=True)
def carrier(settings: Any) -> None:
    settings.SILIN_SMS_BACKEND, settings.QUIET_HOURS = f"{__name__}.take", ""
    taken.clear()


@pytest.fixture
def here(db: None) -> Town:
    return pages.make_town()


@pytest.fixture
def bureaus(here: Town) -> Bureaus:
    found = Bureaus(here)
    for clerk, phone in zip(found.clerks, (PHONE, "13900000012"), strict=True):
        clerk.set_phone(phone)
        clerk.save()
    return found


def called(here: Town, bureaus: Bureaus, words: str = "路灯杆歪了，找王姐13812345678") -> Matter:
    """Guo of the street whistles Zhao, who leads, and Ma, who helps."""
    lead, helper = bureaus.posts
    by = By(here.guo, timezone.now() - MINUTE, words="扶正，底座一起看")
    return whistle(raised(here, words), by, lead=lead, others=[helper])


def raised(here: Town, words: str = "路灯杆歪了") -> Matter:
    return pages.raised(here, words, now=timezone.now() - 2 * MINUTE)


def messages() -> dict[str, str]:
    """Send what is due; the last message of each phone."""
    send_due(timezone.now())
    return dict(taken)


def link_in(text: str) -> str:
    found = re.search(r"/a/\w+/", text)
    assert found is not None, f"no link in {text}"
    return found[0]


def link_of(phone: str = PHONE) -> str:
    return link_in(messages()[phone])


def opened(there: str, phone: str = PHONE) -> Client:
    """A phone's browser that has opened the link with the code."""
    client = Client()
    client.post(there, {"do": "code"})
    code = re.search(r"\d{6}", dict(taken)[phone])
    assert code is not None
    answer = client.post(there, {"do": "enter", "code": code[0]})
    assert answer.status_code == 303
    return client


def deeds(matter: Matter) -> list[tuple[str, str]]:
    lines = Entry.objects.filter(subject=matter.subject, actor__name="赵宏涛").order_by("seq")
    return [(line.action, line.fields.get("via", "")) for line in lines]


def test_who_asked_for_text_messages_gets_one_and_it_has_the_link(here: Town, bureaus: Bureaus) -> None:
    zhao = bureaus.clerks[0]
    choose(zhao, "sms", kind="work", wanted=True, now=timezone.now())
    called(here, bureaus)
    messages()
    mine = [text for phone, text in taken if phone == PHONE]
    assert len(mine) == 1
    assert link_in(mine[0])
    assert Notice.objects.filter(recipient=zhao, channel="inbox", name="matter_whistled").count() == 1
    choose(zhao, "sms", kind="linked", wanted=False, now=timezone.now())
    taken.clear()
    called(here, bureaus, "另一盏也歪了")
    messages()
    assert len([text for phone, text in taken if phone == PHONE]) == 1, (
        "without the link the plain word goes out"
    )


def test_from_the_message_to_the_answer(here: Town, bureaus: Bureaus) -> None:
    matter = called(here, bureaus)
    there = link_of()
    assert matter.title not in taken[0][1]
    client = Client()
    page = client.get(there)
    assert "139****0011" in page.text
    assert matter.title not in page.text
    assert len(taken) == 2, "looking alone sends no code"
    client.post(there, {"do": "code"})
    wrong = client.post(there, {"do": "enter", "code": "12345"})
    assert (wrong.status_code, matter.title in wrong.text) == (400, False)
    client = opened(there)
    page = client.get(there)
    assert matter.title in page.text
    assert "扶正，底座一起看" in page.text
    assert "13812345678" not in page.text
    assert here.chen.name not in page.text
    for do in ("accept", "report_in"):
        matter.refresh_from_db()
        assert client.post(there, pages.sent(matter, do)).status_code == 303
    matter.refresh_from_db()
    bureaus_helper_done(matter, bureaus)
    matter.refresh_from_db()
    said = pages.sent(matter, "answer", outcome="fixed", words="扶正了")
    assert "照片" in client.post(there, said).text
    assert client.post(there, said | {"after": pages.picture()}).status_code == 303
    matter.refresh_from_db()
    assert (matter.state, matter.handler) == (State.ANSWERED, bureaus.clerks[0])
    again = client.post(there, said | {"after": pages.picture()})
    assert (again.status_code, "已经反馈办好" in again.text) == (410, True)
    assert deeds(matter) == [(do, "link") for do in ("open_link", "accept", "report_in", "answer")]


def bureaus_helper_done(matter: Matter, bureaus: Bureaus) -> None:
    """Ma, who helps, does the same from his own message."""
    there = link_of("13900000012")
    client = opened(there, "13900000012")
    assert "matters:answer" not in client.get(there).text
    for do, more in (("take_part", {}), ("finish", {"words": "底座浇好了"})):
        matter.refresh_from_db()
        assert client.post(there, pages.sent(matter, do, **more)).status_code == 303
    assert "已经反馈办好" in client.get(there).text


def test_whoever_it_is_forwarded_to_learns_nothing(here: Town, bureaus: Bureaus) -> None:
    matter = whistle(raised(here), By(here.guo, timezone.now() - MINUTE, words="来看"), lead=bureaus.posts[0])
    there = link_of()
    stranger = Client()
    for said in ({"do": "accept"}, pages.sent(matter, "accept"), {"do": "enter", "code": "000000"}):
        answer = stranger.post(there, said)
        assert answer.status_code in (400, 401)
        assert matter.title not in answer.text
    assert stranger.get(f"{there}voice/").status_code == 404
    for _again in range(3):
        answer = stranger.post(there, {"do": "code"})
    answer = stranger.post(there, {"do": "code"})
    assert answer.status_code == 429
    matter.refresh_from_db()
    assert matter.state == State.ASSIGNED
    assert deeds(matter) == []


def test_the_phone_that_opened_it_opens_nothing_else(here: Town, bureaus: Bureaus) -> None:
    matter, other = called(here, bureaus), called(here, bureaus, "井盖坏了")
    links = [link_in(text) for phone, text in _all() if phone == PHONE]
    assert len(set(links)) == 2, "two things new at once are two messages, each with its link"
    client = opened(links[0])
    assert matter.title in client.get(links[0]).text
    assert other.title not in client.get(links[1]).text
    for page in ("/w/", f"/w/tasks/{matter.number}/", "/desk/"):
        answer = client.get(page)
        assert (answer.status_code, answer["Location"].startswith("/sign-in/")) == (302, True)
    for do in ("pause", "contact", "comment", "hand_on"):
        matter.refresh_from_db()
        said = pages.sent(matter, do, words="说一句", reason="date", how="phone", reached="yes")
        assert client.post(links[0], said).status_code == 400
    assert client.post(links[0], {"do": "leave"}).status_code == 303
    assert matter.title not in client.get(links[0]).text


def _all() -> list[tuple[str, str]]:
    messages()
    return taken


def _returned(here: Town, bureaus: Bureaus, matter: Matter) -> str:
    give_back(matter, By(bureaus.clerks[0], timezone.now() + 20 * SECOND, words="不归我们"))
    return "已经退回"


def _sent_elsewhere(here: Town, bureaus: Bureaus, matter: Matter) -> str:
    dispatch(matter, By(here.guo, timezone.now() + 20 * SECOND), to=here.worker_post)
    return "已经交给别人"


def _post_left(here: Town, bureaus: Bureaus, matter: Matter) -> str:
    end(Holding.objects.get(post=bureaus.posts[0]), actor=None, now=timezone.now())
    return "岗位已经换人"


def _expired(here: Town, bureaus: Bureaus, matter: Matter) -> str:
    OneTimeToken.objects.filter(purpose=LINK).update(expires_at=timezone.now() - SECOND)
    return "过了时间"


@pytest.mark.parametrize("ending", [_returned, _sent_elsewhere, _post_left, _expired])
def test_it_ends_with_the_part_and_says_why(here: Town, bureaus: Bureaus, ending: Any) -> None:
    matter = called(here, bureaus)
    there = link_of()
    client = opened(there)
    words = ending(here, bureaus, matter)
    for browser in (client, Client()):
        for answer in (browser.get(there), browser.post(there, {"do": "code"})):
            assert (answer.status_code, words in answer.text) == (410, True)
            assert matter.title not in answer.text


def test_a_link_that_leads_nowhere(client: Client, db: None) -> None:
    answer = client.get("/a/ABCDEFGHJKMNPQRS/")
    assert (answer.status_code, "从短信里" in answer.text) == (404, True)


def test_ending_ones_sessions_ends_it_too_and_a_new_code_opens_it(here: Town, bureaus: Bureaus) -> None:
    matter = called(here, bureaus)
    there = link_of()
    client = opened(there)
    end_sessions(bureaus.clerks[0])
    assert matter.title not in client.get(there).text
    assert matter.title in opened(there).get(there).text


def test_what_was_taken_back_leaves_the_link_as_it_was(here: Town, bureaus: Bureaus) -> None:
    now = timezone.now()
    matter = dispatch(raised(here), By(here.zhou, now - MINUTE), to=bureaus.posts[0])
    there = link_of()
    matter = dispatch(matter, By(here.zhou, now + 20 * SECOND), to=here.worker_post)
    assert Client().get(there).status_code == 410
    take_back(matter, By(here.zhou, now + 25 * SECOND))
    assert Client().get(there).status_code == 200


def test_work_that_comes_back_brings_another_link(here: Town, bureaus: Bureaus) -> None:
    matter = called(here, bureaus)
    by = By(here.guo, timezone.now() - 30 * SECOND, words="一家就够")
    matter = whistle(matter, by, lead=bureaus.posts[0])
    old = link_of()
    client = opened(old)
    for do, more in (("accept", {}), ("answer", {"outcome": "advised", "words": "说清楚了"})):
        matter.refresh_from_db()
        assert client.post(old, pages.sent(matter, do, **more)).status_code == 303
    matter.refresh_from_db()
    reject(matter, By(here.chen, timezone.now(), words="还歪着"))
    new = link_of()
    assert new != old
    assert Client().get(old).status_code == 410
    assert "还歪着" in opened(new).get(new).text


def test_a_grid_worker_and_somebody_without_a_number_get_no_link(here: Town) -> None:
    lonely = Bureaus(here)
    lonely.clerks[0].refresh_from_db()
    called(here, lonely)
    assert not any("/a/" in text for text in messages().values())
