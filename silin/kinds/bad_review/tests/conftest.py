from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import timezone

from silin.matters.bookkeeping import differences
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter, Outcome
from silin.matters.raising import Report, raise_matter
from silin.matters.review import review
from silin.matters.verifying import verify
from tests.town import Town, build, today

WORDS = "等了四天才来，来了也没修好"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """The invented town as of today, since pages look at the clock. At the end, its two books agree."""
    yield build(today())
    assert list(differences()) == []


def closed(town: Town, now: datetime) -> Matter:
    """A light of Chen's that Wang says is explained, and Li believes it."""
    said = Report("三楼楼道灯不亮", town.lamp, building=town.building)
    matter = accept(raise_matter("report", By(town.chen, now), said), By(town.wang, now))
    done = answer(matter, By(town.wang, now, words="跟住户说了"), outcome=Outcome.ADVISED)
    return verify(done, By(town.li, now))


def graded(town: Town, now: datetime, grade: int = 1, words: str = WORDS) -> Matter:
    """The bad review that follows from it."""
    about = review(closed(town, now), By(town.chen, now, words=words), grade=grade, tags=["slow"])
    return Matter.objects.get(about=about)
