"""The same call many times at the same moment: real threads, real commits, both databases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from silin.fronts.open.rest.tests.systems import system
from silin.history.models import Entry
from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.matters.whistling import whistle
from silin.people.actions import add_post, appoint
from silin.people.models import Organisation
from tests.stories.test_at_once import at_once
from tests.town import build, person, today


def test_one_key_sent_eight_times_at_once_is_one_matter_and_one_answer(live_db: str) -> None:
    town, once = build(today()), uuid4()
    hotline = system("12345 热线", "hotline", town.community)
    sent: dict[str, Any] = {"words": "楼道灯不亮", "place": town.grid.code, "spot": "东侧"}
    sent["on_behalf_of"] = {"phone": "19900000077", "name": "新来的"}
    answers = at_once([partial(hotline.post, "/matters", sent, once=once)] * 8)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert Matter.objects.count() == 1
    assert Entry.objects.filter(action="raise").count() == 1


def test_the_clerk_and_the_system_of_a_bureau_take_it_once(live_db: str) -> None:
    town = build(today())
    body = Organisation.objects.create(name="城管局", kind="bureau", place=town.county)
    post = add_post("county_clerk", town.county, organisation=body, actor=None, now=today())
    appoint(post, person("经办"), actor=None, now=today())
    light = system("城管平台", "bureau_system", town.county, body=body)
    matter = raise_matter("report", By(town.chen, today()), Report("灯不亮", town.lamp, place=town.grid))
    matter = whistle(matter, By(town.guo, today(), words="请来看看"), lead=post)
    sent = {"action": "accept", "version": matter.version}
    calls: list[Callable[[], Any]] = [
        partial(light.post, f"/matters/{matter.number}/actions", sent, once=uuid4()) for _try in range(6)
    ]
    codes = sorted(answer.status_code for answer in at_once(calls))
    assert codes == [200, 409, 409, 409, 409, 409]
    assert Entry.objects.filter(subject=matter.subject, action="accept").count() == 1
