"""A resident finds the grid of a building on the community's page: on a phone, on a desk, in large type."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from silin.people.models import Post
from tests.browsers import axe, look
from tests.town import build


def seen(page: Page, name: str) -> None:
    """Nobody is left out of this page, and nothing hangs over its edge."""
    look(page, f"community-{name}")
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_whose_grid_am_i_in(page: Page, server: str, width: int) -> None:
    town = build()
    Post.objects.filter(pk=town.worker_post.pk).update(telephone="0917-3210042")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{server}/open/communities/{town.community.code}/")
    page.get_by_label("小区和楼号").fill("柳巷家园5号楼")
    page.get_by_role("button", name="找", exact=True).click()
    found = page.get_by_role("list", name="找到的")
    expect(found).to_contain_text("王淑琴")
    expect(found.get_by_role("link", name="给王淑琴打电话")).to_have_attribute("href", "tel:0917-3210042")
    seen(page, f"found-{width}")
    page.get_by_role("button", name="大字").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    seen(page, f"elder-{width}")
    page.goto(f"{server}/nowhere/")
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    seen(page, f"elder-lost-{width}")
