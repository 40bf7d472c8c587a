"""The first open page: what was released, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from silin.matters.deeds import By
from silin.matters.models import Matter
from silin.matters.raising import Report, raise_matter
from tests.town import Town


def raised(town: Town, words: str, *, public: bool, minutes: int = 0) -> Matter:
    by = By(town.chen, timezone.now() - timedelta(minutes=minutes))
    matter = raise_matter("report", by, Report(words, town.lamp, building=town.building, spot="301"))
    Matter.objects.filter(pk=matter.pk).update(released_at=timezone.now() if public else None)
    return matter


def test_released_matters_alone_are_listed(client: Client, town: Town) -> None:
    shown, hidden = raised(town, "路灯不亮13812345678", public=True), raised(town, "楼上太吵", public=False)
    page = client.get("/open/")
    assert f"/open/m/{shown.number}/" in page.text
    assert "138****5678" in page.text
    for secret in ("13812345678", "陈桂兰", "王淑琴", "301", hidden.number, "楼上太吵"):
        assert secret not in page.text
    assert client.get(f"/open/m/{hidden.number}/").status_code == 404


def test_nothing_released_yet(client: Client, town: Town) -> None:
    assert "还没有公开的事" in client.get("/open/").text


def test_the_list_is_paged_and_cheap(client: Client, town: Town) -> None:
    for n in range(32):
        raised(town, f"第 {n} 盏路灯不亮", public=True, minutes=n)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/open/")
    assert len(asked) <= 8, [each["sql"][:90] for each in asked]
    assert len(page.context["lines"]) == 30
    assert len(client.get("/open/", {"after": page.context["page"].next}).context["lines"]) == 2


def test_doors_follow_the_fronts_of_the_process(client: Client, town: Town, settings: Settings) -> None:
    assert 'href="/report/"' in client.get("/open/").text
    settings.SILIN_FRONTS = ["open"]
    assert 'href="/report/"' not in client.get("/open/").text
