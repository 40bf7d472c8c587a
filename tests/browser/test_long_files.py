"""A long file in a real browser: its page follows the work by itself, and what came in is taken back."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from silin.imports.models import Batch
from silin.imports.tests.test_long import in_hand, let_go
from silin.imports.working import work_off
from silin.lib.jobs import heartbeat
from silin.places.models import Building
from tests.browser.test_clerk import BUILDINGS, seen, send
from tests.browsers import DESK
from tests.town import Town, build
from tests.visitors import session_of

ROWS = 501
"""More than anybody waits for; each line with a column of remarks that nobody reads."""


def long_file(town: Town) -> bytes:
    """Buildings as a survey office sends them, above a megabyte."""
    first = ",".join([*BUILDINGS, "备注"])
    place = f"{town.community.code},柳巷家园"
    remarks = "说明" * 500
    rows = [f"{place},{n},{town.grid.code},3,6,,,{remarks}" for n in range(100, 100 + ROWS)]
    return "\r\n".join([first, *rows]).encode()


def test_a_long_file_is_followed_brought_in_and_taken_back(page: Page, server: str) -> None:
    town = build()
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": session_of(town.zhou), "url": server}])
    page.set_viewport_size(DESK)
    page.goto(f"{server}/desk/imports/buildings/")
    send(page, long_file(town), "楼栋普查.csv")
    expect(page.get_by_text("正在排队")).to_be_visible()
    heartbeat(timezone.now())
    in_hand(Batch.objects.get(), 200, ROWS)
    expect(page.get_by_text(f"共 {ROWS} 行，已完成 200 行")).to_be_visible(timeout=15_000)
    seen(page, "long-checking")
    let_go(Batch.objects.get())
    work_off(timezone.now())
    page.get_by_role("button", name=f"导入 {ROWS} 行").click(timeout=15_000)
    expect(page.get_by_text("正在导入").first).to_be_visible()
    assert not Building.objects.filter(number="100").exists()
    work_off(timezone.now())
    page.get_by_text("撤回", exact=True).click(timeout=15_000)
    seen(page, "long-brought-in")
    first = Building.objects.get(number="100")
    Building.objects.filter(pk=first.pk).update(floors=7)
    page.get_by_role("button", name="撤回这次导入").click()
    expect(page.get_by_text("正在撤回").first).to_be_visible()
    work_off(timezone.now())
    expect(page.get_by_text("导入以后有人改过")).to_be_visible(timeout=15_000)
    seen(page, "long-taken-back")
    assert set(Building.objects.values_list("number", flat=True)) == {"5", "100"}
    page.goto(f"{server}/desk/imports/")
    page.get_by_label("状态").select_option("undone")
    expect(page).to_have_url(f"{server}/desk/imports/?sheet=&state=undone&by=")
    seen(page, "long-list")
