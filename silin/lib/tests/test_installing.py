"""Kept like an app, and what stands there without a connection or when everything breaks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.finders import find
from django.test import Client, RequestFactory
from django.utils.translation import override
from pytest_django import Settings

from silin.lib.breaking import broken
from tests.house.test_14_old_browsers import SCRIPTS, faults


@pytest.mark.django_db
def test_the_offline_page_is_about_nobody(client: Client) -> None:
    page = client.get("/offline/")
    assert page.status_code == 200
    assert "这会儿没连上网" in page.text
    for personal in ("csrf", "data-viewer", "<form"):
        assert personal not in page.text


@pytest.mark.django_db
def test_its_keeper_keeps_what_the_page_needs_and_is_old_enough(client: Client, tmp_path: Path) -> None:
    script = client.get("/offline.js")
    assert script["Content-Type"].startswith("text/javascript")
    kept = json.loads(re.findall(r"KEPT = (\[.*\]);", script.text)[0])
    page = client.get("/offline/").text
    needed = set(re.findall(r'(?:src|href)="(/[^"#]*\.(?:css|js|svg))[#"]', page))
    assert needed <= set(kept)
    for address in kept:
        assert find(address.removeprefix(django_settings.STATIC_URL)), address
    (tmp_path / "pages.js").write_text(script.text)
    assert faults(SCRIPTS, tmp_path) == []


def test_words_remain_where_the_page_for_errors_breaks_too(settings: Settings, tmp_path: Path) -> None:
    nothing_built = {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
        "OPTIONS": {"location": str(tmp_path)},
    }
    settings.STORAGES = {**settings.STORAGES, "staticfiles": nothing_built}
    with override("zh-hans"):  # a page asked for by an earlier test leaves its language behind
        answer = broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("text/plain")
    assert "是我们这边出了毛病" in answer.content.decode()
