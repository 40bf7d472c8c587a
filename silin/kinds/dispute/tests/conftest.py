from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from silin.files.actions import keep
from silin.files.models import File
from silin.kinds.dispute.actions import arrange, mediate, raise_dispute
from silin.kinds.dispute.settling import settle
from silin.matters.bookkeeping import differences
from silin.matters.deeds import By
from silin.matters.handling import accept
from silin.matters.models import Category, Matter
from silin.matters.raising import Report
from silin.people.models import Post
from tests.town import Town, build, today

WORDS = "楼上卫生间漏水泡了我家吊顶，说了三回都说不是他家"
PARTIES = "陈桂兰（5号楼301）、刘志强（5号楼401）"
TERMS = "一、刘志强三天内重做防水。二、陈桂兰家吊顶由刘志强赔八百元。"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """The invented town as of today, since pages look at the clock. At the end, its two books agree."""
    yield build(today())
    assert list(differences()) == []


@pytest.fixture
def scanned(db: None) -> File:
    """A page of an agreement with signatures and seal."""
    return keep(scan())


def scan() -> SimpleUploadedFile:
    """The same as it is sent."""
    body = io.BytesIO()
    Image.new("RGB", (64, 90), "white").save(body, "JPEG")
    return SimpleUploadedFile("agreement.jpg", body.getvalue(), "image/jpeg")


def raised(town: Town, now: datetime) -> Matter:
    """Chen's quarrel with the flat above."""
    said = Report(WORDS, Category.objects.get(pk="quarrel"), building=town.building)
    return raise_dispute(By(town.chen, now), said, parties=PARTIES)


def agreed(town: Town, now: datetime) -> Matter:
    """Wang has brought both sides to the table."""
    matter = accept(raised(town, now), By(town.wang, now))
    wang = Post.objects.get(kind="grid_worker", place=town.grid)
    matter = arrange(
        matter, By(town.wang, now), at=now + timedelta(hours=2), where="社区调解室", mediators=[wang]
    )
    return mediate(matter, By(town.wang, now, words="两家都来了，同意重做防水"), outcome="agreed")


def settled(town: Town, now: datetime, way: str = "written") -> Matter:
    """What they agreed is written down."""
    return settle(agreed(town, now), By(town.wang, now, words=TERMS), way=way)
