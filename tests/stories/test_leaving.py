"""Somebody leaves, somebody stands in, somebody is on the roster: where the open work goes."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from silin.accounts.models import User
from silin.matters.deeds import By
from silin.matters.handling import accept
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from silin.notices.models import Notice
from silin.people.actions import appoint, end
from silin.people.models import Holding
from silin.people.queries import holders
from silin.people.rosters import set_week
from tests.town import MONDAY, Town, build, person


@pytest.fixture
def here(db: None) -> Town:
    return build()


def raised(town: Town) -> Matter:
    said = Report("路灯不亮", town.lamp, place=town.grid)
    return raise_matter("report", By(town.chen, timezone.now()), said)


def worker_of(town: Town) -> Holding:
    return Holding.objects.get(post=town.worker_post, stand_in=False, valid_until=None)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("name", flat=True))


def test_a_leaver_is_signed_out_and_open_work_goes_to_the_stand_in(here: Town) -> None:
    sun = person("孙代班")
    appoint(here.worker_post, sun, actor=here.zhou, now=timezone.now(), stand_in=True)
    matter = raised(here)
    wangs, suns = Client(), Client()
    for client, user in ((wangs, here.wang), (suns, sun)):
        client.force_login(user)
        assert client.get(f"/w/tasks/{matter.number}/").status_code == 200
    end(worker_of(here), actor=here.zhou, now=timezone.now())
    assert wangs.get(f"/w/tasks/{matter.number}/")["Location"].startswith("/sign-in/")
    assert holders(here.worker_post, timezone.now()) == [sun]
    assert told(sun) == ["post_stand_in", "matter_assigned", "post_left"]
    accept(matter, By(sun, timezone.now(), version=1))
    assert suns.get(f"/w/tasks/{matter.number}/").status_code == 200


def test_raising_with_rosters_keeps_its_budget(here: Town) -> None:
    set_week(here.worker_post, range(7), time(9), time(17), actor=here.zhou, now=MONDAY)
    raise_matter("report", By(here.chen, MONDAY), Report("路灯不亮", here.lamp, place=here.grid))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        matter = raise_matter(
            "report",
            By(here.chen, MONDAY + timedelta(hours=2)),
            Report("路灯又不亮", here.lamp, place=here.grid),
        )
    statements = [each["sql"] for each in seen if "SAVEPOINT" not in each["sql"]]
    assert len(statements) <= 12, "\n".join(statements)
    assert matter.holder == here.worker_post
