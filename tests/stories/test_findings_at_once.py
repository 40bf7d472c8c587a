"""One entry of an outbox sent by two tabs, one category changed by two desks: real threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from silin.facts.models import Fact
from silin.history.models import Entry
from silin.history.queries import check
from silin.history.rows import line_of
from silin.kinds.finding.tests.test_finding import JSON, found
from silin.matters.models import Category, CategoryTerms, Matter
from silin.matters.terms import KIND
from silin.matters.tests.pages import make_town, picture, signed_in
from silin.matters.tests.test_category_desk import LAMP, fields
from silin.people.actions import add_post, appoint
from tests.stories.test_at_once import at_once
from tests.town import Town, person

NEW = "/desk/categories/new/"


def test_one_entry_of_the_outbox_sent_eight_times_at_once_is_one_matter(live_db: str) -> None:
    town = make_town()
    said, wang = found(town, words="楼梯口的井盖破了"), [signed_in(town.wang) for _ in range(8)]
    sent: list[Callable[[], Any]] = [
        partial(each.post, "/w/find/", said | {"before": picture()}, headers=JSON) for each in wang
    ]
    answers = at_once(sent)
    assert {answer.status_code for answer in answers} == {201}
    matter = Matter.objects.get()
    assert {answer.json()["number"] for answer in answers} == {matter.number}
    assert matter.photos.count() == 1
    assert list(Fact.objects.values_list("name", flat=True)) == ["matter.raised"]
    assert check(matter.subject) == []


def test_put_right_at_once_and_sent_on_under_one_id_is_one_matter(live_db: str) -> None:
    town = make_town()
    said = found(town, words="井盖翘起来")
    settled = said | {"do": "settle", "done": "扶正了"}
    first, second = signed_in(town.wang), signed_in(town.wang)
    answers = at_once(
        [
            partial(first.post, "/w/find/", said | {"before": picture()}, headers=JSON),
            partial(second.post, "/w/find/", settled | {"before": "", "after": picture()}, headers=JSON),
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert Matter.objects.count() == 1


def test_two_desks_change_one_category_and_the_second_is_told(live_db: str) -> None:
    town = make_town()
    desks = _desks(town)
    asks = [{"r2-label": f"第 {n} 问", "r2-sort": "text"} for n in range(len(desks))]
    said = [fields(desk, handle_days=str(5 + n), **asks[n]) for n, desk in enumerate(desks)]
    answers = at_once([partial(desk.post, LAMP, each) for desk, each in zip(desks, said, strict=True)])
    won = [n for n, answer in enumerate(answers) if answer.status_code == 302]
    assert len(won) == 1
    assert {answer.status_code for answer in answers} == {302, 409}
    lamp = Category.objects.select_related("questions").get(pk="street_light")
    assert lamp.handle_days == 5 + won[0]
    assert lamp.questions is not None
    assert lamp.questions.schema[-1].label == f"第 {won[0]} 问"
    today = CategoryTerms.objects.get(category=lamp, since=localdate())
    assert today.said() == lamp.said()
    assert Entry.objects.filter(subject=line_of(KIND, lamp), actor__isnull=False).count() == 1
    assert check(line_of(KIND, lamp)) == []
    for n, answer in enumerate(answers):
        assert n in won or f'value="{5 + n}"' in answer.text


def test_two_desks_plan_take_back_and_add_at_once(live_db: str) -> None:
    town = make_town()
    desks, later = _desks(town), str(localdate() + timedelta(days=9))
    assert desks[0].post(LAMP, fields(desks[0], handle_days="9", since=later)).status_code == 302
    drops = at_once([partial(desk.post, LAMP, {"do": "drop", "since": later}) for desk in desks])
    assert sorted(answer.status_code for answer in drops) == [302, 404, 404, 404]
    new = fields(desks[0], code="snow", name="积雪", name_en="Snow", parent="", seen="", rows="0")
    calls: list[Callable[[], Any]] = [partial(desk.post, NEW, new) for desk in desks]
    added = at_once(calls)
    refused = [answer.status_code for answer in added if answer.status_code != 302]
    assert (len(refused), set(refused) <= {400, 409}) == (3, True)  # 400: it was there when the form was read
    assert CategoryTerms.objects.filter(category="snow").count() == 1


def _desks(town: Town) -> list[Client]:
    """Zhou in two windows and a colleague in two others."""
    colleague = person("吴敏")
    now = timezone.now() - timedelta(days=30)
    appoint(add_post("city_admin", town.city, actor=None, now=now, serial=2), colleague, actor=None, now=now)
    return [signed_in(user) for user in (town.zhou, town.zhou, colleague, colleague)]
