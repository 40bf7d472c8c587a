from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from silin.files.actions import keep
from silin.files.models import File
from silin.kinds.rectification.actions import apply, plan, strike_off
from silin.kinds.rectification.raising import Problem, raise_rectification
from silin.matters.bookkeeping import differences
from silin.matters.deeds import By
from silin.matters.models import Matter
from tests.town import Town, build, today

HEADING = "五号楼南边飞线充电"
WORDS = "五号楼南边三户从窗户拉线给电动车充电，插座露在雨里。"
MEASURE = "本周装好八个充电口，拆掉飞线，楼长每天晚上看一遍。"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """The invented town as of today, since pages look at the clock. At the end, its two books agree."""
    yield build(today())
    assert list(differences()) == []


@pytest.fixture
def paper(db: None) -> File:
    """A photo that proves it."""
    return keep(photo())


def photo() -> SimpleUploadedFile:
    """The same as it is sent."""
    body = io.BytesIO()
    Image.new("RGB", (64, 90), "white").save(body, "JPEG")
    return SimpleUploadedFile("after.jpg", body.getvalue(), "image/jpeg")


def in_days(now: datetime, days: int) -> date:
    return timezone.localdate(now) + timedelta(days=days)


def problem(town: Town, now: datetime, **said: Any) -> Problem:
    """What Guo of the street saw in Li's community."""
    first: dict[str, Any] = {"heading": HEADING, "words": WORDS, "unit": town.community}
    first["deadline"] = in_days(now, 30)
    return Problem(**first | said)


def set_by_guo(town: Town, now: datetime, **said: Any) -> Matter:
    return raise_rectification(By(town.guo, now), problem(town, now, **said))


def planned(town: Town, now: datetime, **said: Any) -> Matter:
    """Li has entered it in the register."""
    by = By(town.li, now, words=MEASURE)
    return plan(set_by_guo(town, now, **said), by, in_charge="李建民", done_by=in_days(now, 10))


def applied(town: Town, now: datetime, **said: Any) -> Matter:
    return apply(planned(town, now, **said), By(town.li, now, words="八个充电口都装好了，飞线拆了。"))


def struck_off(town: Town, now: datetime, **said: Any) -> Matter:
    by = By(town.guo, now, words="去看过，没有飞线了。")
    return strike_off(applied(town, now, **said), by, how="spot")
