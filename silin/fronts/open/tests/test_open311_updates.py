"""A department's system reports how far it is: each status is a deed of its post, once, by its rights."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from silin.fronts.open.open311.progress import WAYS
from silin.fronts.open.tests.open311 import Program, app_at, system_of
from silin.fronts.open.tests.test_open311_raising import picture
from silin.history.models import Entry
from silin.matters import signed
from silin.matters.deeds import By
from silin.matters.models import Matter, SignRule, State
from silin.matters.raising import Report, raise_matter
from silin.matters.signing import sign
from silin.matters.tests.bureaus import Bureaus
from silin.matters.triage import release
from silin.matters.whistling import whistle
from silin.people.actions import add_post, appoint
from silin.people.models import Post
from tests.town import MONDAY, Town, person

UPDATES = "servicerequestupdates"


class Story:
    """A lamp of Chen's to which the county called the bureau of lights, and beside it that of water."""

    def __init__(self, town: Town) -> None:
        self.town, self.bureaus, self.n = town, Bureaus(town), 0
        self.duty = person("县里值班的人")
        seat = add_post("county_duty", town.county, actor=None, now=MONDAY)
        appoint(seat, self.duty, actor=None, now=MONDAY)
        self.lights, self.water = system_of(self.bureaus.light), system_of(self.bureaus.water)
        said = Report("路灯不亮", town.lamp, building=town.building)
        self.matter = raise_matter("report", By(town.chen, timezone.now()), said)

    def whistle(self, *beside: Post) -> None:
        """Call the bureau of lights, and others ``beside`` it."""
        by = By(self.duty, timezone.now(), words="灯杆归你们管")
        matter = Matter.objects.get(pk=self.matter.pk)
        whistle(matter, by, lead=self.bureaus.posts[0], others=beside)

    def says(self, system: Program, status: str, words: str = "", **more: Any) -> Any:
        """What ``system`` is answered that says so, under an id of its own."""
        self.n += 1
        sent = {"service_request_id": self.matter.number, "update_id": f"u{self.n}", "status": status}
        return system.send(UPDATES, **(sent | {"description": words} | more))

    def deeds(self) -> list[str]:
        """What was done since the matter was raised, in its order."""
        lines = Entry.objects.filter(subject=self.matter.subject, seq__gt=1).order_by("seq")
        return list(lines.values_list("action", flat=True))

    def state(self) -> str:
        self.matter.refresh_from_db()
        return self.matter.state


@pytest.fixture
def story(town: Town) -> Story:
    return Story(town)


def told(answer: Any) -> str:
    assert answer.status_code == 400, answer.content
    return str(answer.json()[0]["description"])


def test_each_status_is_a_deed_of_the_post(story: Story) -> None:
    story.whistle(*story.bureaus.posts)
    assert story.says(story.lights, "investigating", "到现场看了").status_code == 200
    assert story.says(story.lights, "in_progress").status_code == 200
    assert story.says(story.lights, "planned", "灯泡周三到货").status_code == 200
    assert story.state() == State.WAITING
    assert story.says(story.lights, "in_progress", "灯泡到了").status_code == 200
    assert story.says(story.water, "fixed", "电缆没问题").status_code == 200
    assert story.says(story.lights, "no_further_action", "灯杆要整根换，今年没有钱").status_code == 200
    assert story.state() == State.ANSWERED
    lights, water = ["report_in", "accept", "pause", "resume"], ["report_in", "take_part", "finish"]
    assert story.deeds() == ["whistle", *lights, *water, "answer"]
    lines = Entry.objects.filter(subject=story.matter.subject, action="pause").select_related("actor")
    assert [(line.post, str(line.actor), line.text) for line in lines] == [
        ("bureau_system", "东城区城管局系统", "灯泡周三到货")
    ]


def test_what_is_not_theirs_goes_back(story: Story) -> None:
    story.whistle(*story.bureaus.posts)
    assert told(story.says(story.water, "internal_referral"))
    assert story.says(story.water, "internal_referral", "不归住建管").status_code == 200
    assert story.says(story.lights, "not_councils_responsibility", "这盏灯是铁路的").status_code == 200
    assert story.state() == State.RAISED
    assert story.deeds()[-2:] == ["step_back", "return"]


def test_an_update_that_comes_twice_is_done_once(story: Story) -> None:
    story.whistle()
    same = {"update_id": "同一条"}
    first = story.says(story.lights, "in_progress", "来了", **same)
    assert story.says(story.lights, "in_progress", "来了", **same).content == first.content
    assert story.deeds() == ["whistle", "report_in", "accept"]
    other = story.says(story.lights, "fixed", "好了", **same)
    assert (other.status_code, other.json()[0]["code"]) == (400, "409")
    refused = {"update_id": "先没照片"}
    assert told(story.says(story.lights, "fixed", "好了", **refused))
    assert story.says(story.lights, "fixed", "好了", media=picture(), **refused).status_code == 200


def test_what_the_table_does_not_allow_says_what_may_be_said(story: Story) -> None:
    story.whistle()
    for status in ("reopen", "duplicate", "cancelled", "nonsense", ""):
        assert "status" in told(story.says(story.lights, status, "x"))
    assert "in_progress" in told(story.says(story.lights, "duplicate", "x"))
    assert story.says(story.lights, "fixed", "好了", media=picture()).status_code == 200
    refused = told(story.says(story.lights, "planned", "周三"))
    assert "planned" not in refused.partition("可以报：")[2]
    missing = story.lights.send(UPDATES, description="x")
    assert [each["description"].partition(":")[0] for each in missing.json()] == [
        "service_request_id",
        "update_id",
        "status",
    ]


def test_whose_it_is_not_finds_nothing(story: Story) -> None:
    release(story.matter, By(story.town.li, timezone.now()))
    assert story.says(story.lights, "in_progress", "x").status_code == 404
    story.whistle()
    before = story.deeds()
    for status in WAYS:
        assert story.says(story.water, status, "x", media=picture()).status_code == 404, status
    assert story.deeds() == before
    for program in (Program(), Program("x"), app_at(story.town.city), system_of(story.bureaus.light, "read")):
        assert story.says(program, "in_progress", "x").status_code == 403
    assert story.deeds() == before


def test_a_system_signs_nothing_for_its_head(story: Story) -> None:
    head = person("城管局局长")
    post = add_post("county_duty", story.town.county, serial=7, actor=None, now=MONDAY)
    Post.objects.filter(pk=post.pk).update(organisation=story.bureaus.light)
    appoint(post, head, actor=None, now=MONDAY)
    rule = SignRule(organisation=story.bureaus.light, head=post, valid_from=MONDAY.date())
    rule.save()
    signed.sign_rules.forget()
    story.whistle()
    assert story.says(story.lights, "fixed", "换了灯泡", media=picture()).status_code == 200
    assert (story.state(), story.deeds()[-1]) == (State.IN_HAND, "submit")
    release(Matter.objects.get(pk=story.matter.pk), By(story.town.li, timezone.now()))
    assert "换了灯泡" not in Program().ask(UPDATES).content.decode()
    sign(Matter.objects.get(pk=story.matter.pk), By(head, timezone.now()))
    assert story.state() == State.ANSWERED


def test_everybody_reads_what_was_released_and_the_system_all_that_is_its_own(story: Story) -> None:
    story.whistle()
    story.says(story.lights, "fixed", "换了灯泡，电话13812345678", media=picture())
    assert Program().read(UPDATES) == []
    assert Program("").read(UPDATES, start_date=(timezone.now() - timedelta(days=9)).isoformat()) == []
    own = story.lights.read(UPDATES)
    assert [step["status"] for step in own] == ["open", "in_progress", "fixed"]
    assert own[-1]["description"] == "换了灯泡，电话138****5678"
    release(Matter.objects.get(pk=story.matter.pk), By(story.town.li, timezone.now()))
    shown = Program().read(UPDATES)
    assert shown[-1]["media_url"].startswith("http://testserver/m/")
    assert shown[-1]["service_request_id"] == story.matter.number
    assert [step["description"] for step in shown] == ["已派", "正在办", "换了灯泡，电话138****5678"]
    assert Program().read(UPDATES, end_date=(timezone.now() - timedelta(days=1)).isoformat()) == []
