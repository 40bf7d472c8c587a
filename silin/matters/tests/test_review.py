"""The ways of a review: the link of a message, a slip, a call by somebody who did not handle it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import OneTimeToken, User
from silin.history.models import Entry
from silin.lib.refusal import NotAllowed, Refused
from silin.matters.deeds import By
from silin.matters.models import FollowUp, Matter, Review, ReviewTag
from silin.matters.raising import Report, raise_matter
from silin.matters.review import call_back, review, set_follow_up, set_review_tag
from silin.matters.tests.test_resident import closed, do, secret_of
from silin.matters.triage import triage
from silin.notices.models import Notice
from tests.town import Town, build, today


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def town(db: None) -> Town:
    return build(today() - timedelta(days=1))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def given(client: Client, link: str, **said: Any) -> Any:
    return client.post(link, {"client_id": str(uuid4()), "grade": "4", **said})


def test_no_secret_lies_in_the_queue(town: Town, now: datetime) -> None:
    matter = closed(town, now)
    links = dict(Notice.objects.filter(name="matter_closed").values_list("channel", "link"))
    assert links["inbox"] == f"/m/{matter.number}/"
    assert not OneTimeToken.objects.exists()
    assert re.fullmatch(r"/r/\{review\|matter:\S+\|\d+\}/", links["sms"])
    assert re.fullmatch(r"/r/[A-Z2-9]{16}/", secret_of(matter))


def test_ticks_go_with_the_grade_and_only_those_of_the_list(
    client: Client, town: Town, now: datetime
) -> None:
    matter = closed(town, now)
    link = secret_of(matter)
    assert "来得快" in client.get(link).text
    assert given(client, link, tags=["quick", "stolen"]).status_code == 400
    assert given(client, link, tags=["quick", "explained"]).status_code == 303
    review = Review.objects.get()
    assert (review.tags, review.way) == (["quick", "explained"], "link")


def test_a_device_where_staff_are_signed_in_gives_no_review(town: Town, now: datetime) -> None:
    matter = closed(town, now)
    link = secret_of(matter)
    for user in (town.wang, town.li):
        page = given(signed_in(user), link)
        assert (page.status_code, "居民自己的手机" in page.text) == (403, True)
    assert not Review.objects.exists()
    assert given(signed_in(town.chen), link).status_code == 303


def test_whoever_left_no_number_gives_a_review_by_a_slip(client: Client, town: Town, now: datetime) -> None:
    said = Report("路灯不亮", town.lamp, place=town.grid, on_behalf=True, channel="counter")
    matter = raise_matter("report", By(town.li, now), said)
    matter = triage(matter, By(town.guo, now, words="这是供电的，请打 95598"), not_accepted=True)
    printed = signed_in(town.guo).post(f"/desk/m/{matter.number}/slip/")
    code = re.search(r"(?:[A-Z2-9]{4} ){3}[A-Z2-9]{4}", printed.text)
    assert code
    again = signed_in(town.guo).post(f"/desk/m/{matter.number}/slip/")
    assert again.status_code == 200
    asked = client.get("/r/", {"code": code[0].lower()})
    assert client.get(asked["Location"]).status_code == 410  # the second slip has taken its place
    newer = re.search(r"(?:[A-Z2-9]{4} ){3}[A-Z2-9]{4}", again.text)
    assert newer
    link = client.get("/r/", {"code": newer[0].lower()})["Location"]
    assert given(client, link, grade="3").status_code == 303
    review = Review.objects.get()
    assert (review.grade, review.way) == (3, "slip")
    assert Entry.objects.filter(subject=matter.subject, action="slip", actor=town.guo).count() == 2


def test_whoever_handled_it_neither_calls_nor_prints(town: Town, now: datetime) -> None:
    matter = closed(town, now)
    with pytest.raises(NotAllowed):
        call_back(matter, By(town.wang, now), grade=5)
    assert signed_in(town.wang).post(f"/desk/m/{matter.number}/slip/").status_code == 404
    assert signed_in(town.stranger).post(f"/desk/m/{matter.number}/slip/").status_code == 404


def test_somebody_else_calls_and_writes_down_what_was_said(town: Town, now: datetime) -> None:
    matter = closed(town, now)
    page = f"/desk/m/{matter.number}/"
    fields = {"do": "call_back", "version": matter.version, "client_id": str(uuid4()), "grade": "0"}
    assert signed_in(town.li).post(page, fields).status_code == 303
    assert not Review.objects.exists()
    fields |= {"version": matter.version + 1, "client_id": str(uuid4()), "grade": "2"}
    sent = signed_in(town.li).post(page, fields | {"tags": ["slow"], "words": "等了三天"})
    assert sent.status_code == 303
    review = Review.objects.get()
    assert (review.grade, review.way, review.words) == (2, "call", "等了三天")
    for user in (town.wang, town.leader):
        story = signed_in(user).get(f"/w/tasks/{matter.number}/").text
        assert "等了三天" not in story
        assert "回访" not in story
    assert 'value="call_back"' not in signed_in(town.li).get(page).text


def test_what_follows_a_low_grade_is_a_row(town: Town, now: datetime) -> None:
    set_follow_up(FollowUp(kind="report", grade_at_most=1, raises="unheard_of"), actor=None, now=now)
    matter = closed(town, now)
    assert do(signed_in(town.chen), matter, "review", grade="1").status_code == 303
    assert Matter.objects.filter(about=matter).count() == 0  # a kind that this city does not have


def test_a_tag_that_is_no_longer_in_use(town: Town, now: datetime) -> None:
    tag = ReviewTag.objects.get(pk="quick")
    tag.active = False
    set_review_tag(tag, actor=None, now=now)
    with pytest.raises(Refused, match="bad_tag"):
        review(closed(town, now), By(town.chen, now), grade=5, tags=["quick"])
