"""What residents see and do, at the door: my matters, one matter, a review by its link, the open page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.template import Context, Engine
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import Settings

from silin.accounts import tokens
from silin.accounts.models import OneTimeToken
from silin.history.models import Entry
from silin.lib.dates import moment_words
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter, Outcome, Review, State
from silin.matters.raising import Report, raise_matter
from silin.matters.review import review
from silin.matters.triage import comment
from silin.matters.verifying import verify
from silin.notices.models import Notice
from tests.counting import statements
from tests.town import Town, build, today

WORDS = "5 号楼门口的路灯不亮，电话 13812345678。"
SMS_AT_MOST = 70
LONG_TITLE = "一二三四五六七八九十" * 4
TO_RAISERS = ("accepted", "paused", "answered", "closed")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def town(db: None) -> Town:
    """As of today, since pages look at the clock."""
    return build(today() - timedelta(days=1))


@pytest.fixture
def chen(town: Town, client: Client) -> Client:
    client.force_login(town.chen)
    return client


def raised(town: Town, now: datetime, words: str = WORDS) -> Matter:
    return raise_matter("report", By(town.chen, now), Report(words, town.lamp, building=town.building))


def answered(town: Town, now: datetime) -> Matter:
    matter = accept(raised(town, now), By(town.wang, now))
    said = By(town.wang, now, words="换了灯泡。")
    return answer(matter, said, Outcome.NOT_FOUND)


def closed(town: Town, now: datetime) -> Matter:
    return verify(answered(town, now), By(town.li, now))


def do(client: Client, matter: Matter, action: str, **said: Any) -> Any:
    fields = {"do": action, "client_id": str(uuid4()), "version": matter.version, **said}
    return client.post(f"/m/{matter.number}/", fields)


def secret_of(matter: Matter) -> str:
    """The link of the text message, as it goes out."""
    queued = Notice.objects.get(recipient=matter.raiser, name="matter_closed", channel="sms").link
    return tokens.filled(queued, timezone.now())


def test_my_matters_stand_by_whose_turn_it_is(chen: Client, town: Town, now: datetime) -> None:
    waits, goes, over = answered(town, now), raised(town, now), closed(town, now)
    page = chen.get("/mine/")
    assert [card.matter for card in page.context["turn"]] == [waits]
    assert [card.matter for card in page.context["going"]] == [goes]
    assert [card.matter for card in page.context["over"]] == [over]
    assert page.text.index(waits.number) < page.text.index(goes.number) < page.text.index(over.number)


def test_the_list_of_mine_is_paged_and_cheap(chen: Client, town: Town, now: datetime) -> None:
    for n in range(22):
        matter = raised(town, now + timedelta(minutes=n))
        Matter.objects.filter(pk=matter.pk).update(state=State.CLOSED, closed_at=now + timedelta(minutes=n))
    raised(town, now)
    answered(town, now)
    assert statements(chen, "/mine/") <= 7
    page = chen.get("/mine/")
    assert len(page.context["over"]) == 20
    second = chen.get("/mine/", {"after": page.context["page"].next})
    assert len(second.context["over"]) == 2


def test_mine_without_an_account_says_how(client: Client, town: Town) -> None:
    page = client.get("/mine/")
    assert page.status_code == 200
    assert "/sign-in/?next=/mine/" in page.text


def test_the_page_of_a_matter(chen: Client, town: Town, now: datetime) -> None:
    matter = answered(town, now)
    with CaptureQueriesContext(connection) as asked:
        page = chen.get(f"/m/{matter.number}/")
    assert len(asked) <= 12, [each["sql"][:100] for each in asked]
    assert all(
        said in page.text for said in ("您说了这件事", "网格员王淑琴", "换了灯泡。", matter.shown_number)
    )
    assert page.text.count("<h1") == 1


def test_it_is_fixed(chen: Client, town: Town, now: datetime) -> None:
    matter = answered(town, now)
    done = do(chen, matter, "verify")
    assert (done.status_code, done["Location"]) == (303, f"/m/{matter.number}/?done=verify")
    matter.refresh_from_db()
    assert (matter.state, matter.outcome) == (State.CLOSED, Outcome.NOT_FOUND)
    assert "非常满意" in chen.get(done["Location"]).text


def test_not_yet_is_one_tap(chen: Client, town: Town, now: datetime) -> None:
    matter = answered(town, now)
    assert do(chen, matter, "reject").status_code == 303
    matter.refresh_from_db()
    assert matter.state == State.IN_HAND
    assert "还没修好" in chen.get(f"/m/{matter.number}/").text


def test_the_same_tap_twice_is_one_deed(chen: Client, town: Town, now: datetime) -> None:
    matter = answered(town, now)
    same = str(uuid4())
    answers = [do(chen, matter, "verify", client_id=same).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert Entry.objects.filter(subject=matter.subject, action="verify").count() == 1


def test_a_matter_that_moved_on_is_shown_as_it_stands_and_the_words_stay(
    chen: Client, town: Town, now: datetime
) -> None:
    matter = answered(town, now)
    verify(matter, By(town.li, now))
    late = do(chen, matter, "reject", words="还在漏")
    assert late.status_code == 409
    assert "李建民" in late.text
    assert "还在漏" in late.text
    assert late.context["matter"].state == State.CLOSED
    assert '<details class="card" open>' in late.text
    again = late.context["forms"]["reopen"]
    assert (again.initial["words"], again.initial["version"]) == ("还在漏", late.context["matter"].version)
    told = chen.post(
        f"/m/{matter.number}/",
        {"do": "reject", "client_id": str(uuid4()), "version": matter.version},
        headers={"Accept": "application/json"},
    )
    assert (told.status_code, told.json()["error"]["code"]) == (409, "changed")


def test_a_word_more_counts_whatever_happened_meanwhile(chen: Client, town: Town, now: datetime) -> None:
    matter = raised(town, now)
    accept(matter, By(town.wang, now))
    assert do(chen, matter, "comment", words="灯杆也歪了").status_code == 303
    assert "灯杆也歪了" in chen.get(f"/m/{matter.number}/").text
    assert Notice.objects.filter(recipient=town.wang, name="matter_commented").exists()


@pytest.mark.parametrize("words", ["", "   ", "灯" * 20_000])
def test_bad_words_come_back_with_their_reason(chen: Client, town: Town, now: datetime, words: str) -> None:
    matter = raised(town, now)
    page = do(chen, matter, "comment", words=words)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert words.strip() in page.text
    assert Entry.objects.filter(subject=matter.subject, action="comment").count() == 0


def test_words_full_of_script_are_words(chen: Client, town: Town, now: datetime) -> None:
    matter = raised(town, now)
    do(chen, matter, "comment", words="<script>alert(1)</script>")
    page = chen.get(f"/m/{matter.number}/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_taken_back_before_anybody_began(chen: Client, town: Town, now: datetime) -> None:
    matter = raised(town, now)
    assert do(chen, matter, "withdraw").status_code == 303
    matter.refresh_from_db()
    assert matter.state == State.WITHDRAWN
    begun = accept(raised(town, now), By(town.wang, now))
    assert 'value="withdraw"' not in chen.get(f"/m/{begun.number}/").text
    assert do(chen, begun, "withdraw").status_code == 409


def test_not_fixed_within_thirty_days(chen: Client, town: Town, now: datetime) -> None:
    matter = closed(town, now)
    assert 'value="reopen"' in chen.get(f"/m/{matter.number}/").text
    assert do(chen, matter, "reopen").status_code == 303
    matter.refresh_from_db()
    assert (matter.state, matter.reopens) == (State.IN_HAND, 1)
    old = closed(town, now)
    Matter.objects.filter(pk=old.pk).update(closed_at=now - timedelta(days=31))
    assert 'value="reopen"' not in chen.get(f"/m/{old.number}/").text
    assert do(chen, old, "reopen").status_code == 400


def test_a_review_on_the_page(chen: Client, town: Town, now: datetime) -> None:
    matter = closed(town, now)
    assert do(chen, matter, "review").status_code == 400
    assert do(chen, matter, "review", grade="9").status_code == 400
    assert do(chen, matter, "review", grade="4", words="快").status_code == 303
    given = Review.objects.get()
    assert (given.grade, given.words) == (4, "快")
    assert 'name="grade"' not in chen.get(f"/m/{matter.number}/").text
    assert do(chen, matter, "review", grade="5").status_code == 409


def test_a_stranger_learns_nothing(client: Client, town: Town, now: datetime) -> None:
    matter = answered(town, now)
    away = client.get(f"/m/{matter.number}/")
    assert away["Location"].startswith("/sign-in/?next=")
    client.force_login(town.stranger)
    assert client.get(f"/m/{matter.number}/").status_code == 404
    assert do(client, matter, "verify").status_code == 404
    assert client.get("/m/nonsense/").status_code == 404
    assert matter.number not in client.get("/mine/").text


def test_staff_may_look_but_do_nothing_here(client: Client, town: Town, now: datetime) -> None:
    matter = answered(town, now)
    client.force_login(town.li)
    page = client.get(f"/m/{matter.number}/")
    assert page.status_code == 200
    assert "陈桂兰" not in page.text
    assert 'value="verify"' not in page.text
    assert do(client, matter, "verify").status_code == 404


def test_the_review_behind_a_link_needs_no_account_and_works_once(
    client: Client, town: Town, now: datetime
) -> None:
    link = secret_of(closed(town, now))
    assert "非常满意" in client.get(link).text
    assert client.post(link, {"client_id": str(uuid4())}).status_code == 400
    done = client.post(link, {"client_id": str(uuid4()), "grade": "2", "words": "来得慢"})
    assert (done.status_code, done["Location"]) == (303, "/r/thanks/")
    assert client.get("/r/thanks/").status_code == 200
    assert Review.objects.get().words == "来得慢"
    used = client.get(link)
    assert (used.status_code, used["Location"]) == (303, "/r/thanks/")
    again = client.post(link, {"client_id": str(uuid4()), "grade": "5"})
    assert again.status_code == 410
    assert "评过" in again.text
    assert Review.objects.get().grade == 2


def test_the_form_behind_a_link_tapped_twice_is_one_review(client: Client, town: Town, now: datetime) -> None:
    link = secret_of(closed(town, now))
    said = {"client_id": str(uuid4()), "grade": "4", "words": "挺快"}
    taps = [client.post(link, said) for _tap in range(2)]
    assert [(tap.status_code, tap["Location"]) for tap in taps] == [(303, "/r/thanks/")] * 2
    assert Review.objects.get().grade == 4


def test_a_link_that_is_too_old_or_unknown_says_so(client: Client, town: Town, now: datetime) -> None:
    link = secret_of(closed(town, now))
    OneTimeToken.objects.update(expires_at=now)
    late = client.get(link)
    assert (late.status_code, "时间过了" in late.text) == (410, True)
    unknown = client.get("/r/AAAABBBBCCCCDDDD/")
    assert unknown.status_code == 404
    told = client.post("/r/AAAABBBBCCCCDDDD/", {"grade": 5}, headers={"Accept": "application/json"})
    assert told.json()["error"]["code"] == "token_unknown"


def test_a_matter_reviewed_on_its_page_closes_the_link(client: Client, town: Town, now: datetime) -> None:
    matter = closed(town, now)
    link = secret_of(matter)
    review(matter, By(town.chen, now), grade=5)
    assert client.get(link)["Location"] == "/r/thanks/"


def test_the_link_of_a_matter_that_was_opened_again(client: Client, town: Town, now: datetime) -> None:
    matter = closed(town, now)
    link = secret_of(matter)
    client.force_login(town.chen)
    do(client, matter, "reopen")
    late = client.post(link, {"client_id": str(uuid4()), "grade": "5"})
    assert late.status_code == 410
    assert not Review.objects.exists()


def test_a_released_matter_shows_no_name_no_number_and_no_door(
    client: Client, town: Town, now: datetime
) -> None:
    matter = closed(town, now)
    comment_by_chen = answered(town, now)
    comment(comment_by_chen, By(town.chen, now, words="我住 301"))
    assert client.get(f"/open/m/{matter.number}/").status_code == 404
    for each in (matter, comment_by_chen):
        Matter.objects.filter(pk=each.pk).update(released_at=timezone.now(), spot="3 单元 301")
        page = client.get(f"/open/m/{each.number}/")
        assert page.status_code == 200
        assert "138****5678" in page.text
        for secret in ("13812345678", "陈桂兰", "王淑琴", "李建民", "301"):
            assert secret not in page.text
    assert client.get("/open/m/nonsense/").status_code == 404


def test_what_nobody_has_looked_at_is_not_called_over(chen: Client, town: Town, now: datetime) -> None:
    matter = answered(town, now)
    Matter.objects.filter(pk=matter.pk).update(released_at=now)
    outcome, state = str(Outcome.NOT_FOUND.label), str(State.ANSWERED.label)
    chip = '<span class="chip">{}</span>'.format
    for address in ("/open/", f"/open/m/{matter.number}/"):
        page = chen.get(address).text
        assert chip(state) in page, address
        assert chip(outcome) not in page, address
    verify(matter, By(town.li, now))
    assert chip(outcome) in chen.get(f"/open/m/{matter.number}/").text


def test_a_time_that_is_over_is_told_as_a_date(chen: Client, town: Town, now: datetime) -> None:
    matter = raised(town, now)
    due = now - timedelta(days=2)
    Matter.objects.filter(pk=matter.pk).update(handle_due=due, colour="late")
    page = chen.get(f"/m/{matter.number}/").text
    assert f"本该 {moment_words(due)} 前办好" in page


@pytest.mark.parametrize("name", TO_RAISERS)
def test_messages_to_residents_fit_into_one_text_message(
    town: Town, now: datetime, settings: Settings, name: str
) -> None:
    link = (
        "https://silin.example.gov.cn/r/AAAABBBBCCCCDDDD/"
        if name == "closed"
        else ("https://silin.example.gov.cn/m/K7QM3XZP/")
    )
    notice = Notice(
        recipient=town.chen, name=f"matter_{name}", params={"number": "K7QM-3XZP", "title": LONG_TITLE}
    )
    words = notice.render("zh-hans")
    assert len(f"{words.subject}\n{link}") <= SMS_AT_MOST
    assert words.body == ""
    assert LONG_TITLE[:5] in words.subject


def test_every_notice_is_said_in_both_languages() -> None:
    names = (
        "accepted answered assigned closed commented joined overdue paused rejected reopened returned warned "
        "withdrawn"
    )
    for name in names.split():
        said = []
        for language in ("zh-hans", "en"):
            with translation.override(language):
                template = Engine.get_default().get_template(f"notices/matter_{name}.txt")
                said.append(
                    template.render(Context({"title": "灯", "number": "K7QM-3XZP"}, autoescape=False))
                )
        assert all("灯" in each for each in said)
        assert said[0] != said[1], name
