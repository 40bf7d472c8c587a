"""Speed budget of the first visit: it is 60 kB (gzip) at most, in six requests; maps wait for a tap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from silin.matters.deeds import By
from silin.matters.raising import Report, raise_matter
from tests.counting import packed
from tests.town import Town

WHOLE, HTML, CSS, JS = 60_000, 12_000, 10_000, 20_000
REQUESTS = 6
NAMED = re.compile(r'(?:src|href)="/static/([^"#]+)')


def assets(page: str) -> dict[str, int]:
    """The packed size of every static file that the page names."""
    sizes = {}
    for name in set(NAMED.findall(page)):
        path = finders.find(name)
        assert isinstance(path, str), name
        sizes[name] = packed(Path(path).read_bytes())
    return sizes


PATHS = ["/", "/report/", "/mine/", "/m/NUMBER/", "/me/", "/me/sessions/", "/me/notices/", "/notices/"]
PATHS += ["/sign-in/", "/open/communities/CODE/", "/near/", "/near/map/"]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_light(client: Client, town: Town, path: str) -> None:
    report = Report("路灯不亮", town.lamp, building=town.building)
    matter = raise_matter("report", By(town.chen, timezone.now()), report)
    if path != "/sign-in/":
        client.force_login(town.chen)
    page = client.get(path.replace("NUMBER", matter.number).replace("CODE", town.community.code))
    assert page.status_code == 200
    sizes = assets(page.text)
    assert packed(page.content) <= HTML
    assert sum(size for name, size in sizes.items() if name.endswith(".css")) <= CSS
    assert sum(size for name, size in sizes.items() if name.endswith(".js")) <= JS
    assert packed(page.content) + sum(sizes.values()) <= WHOLE
    assert len(sizes) + 1 <= REQUESTS
    assert not [name for name in sizes if "map" in name]
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.text)
