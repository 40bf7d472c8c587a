"""Li keeps pages open while others work: they bring themselves up to date, and nothing typed is lost."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.models import Matter
from silin.matters.tests.pages import make_town, raised
from tests.browsers import DESK, axe, look
from tests.visitors import session_of

TYPED = "请把楼道口也照一照。"


def test_li_sees_what_others_do_without_asking(page: Page, server: str) -> None:
    town = make_town()
    matter = raised(town, "三楼楼道灯不亮。")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": session_of(town.li), "url": server}])
    page.set_viewport_size(DESK)
    page.clock.install()
    page.goto(f"{server}/desk/?tab=going")
    expect(page.get_by_role("row").filter(has_text="三楼楼道灯")).to_be_visible()
    raised(town, "井盖松了。")
    later(page)
    expect(page.get_by_role("row").filter(has_text="井盖松了")).to_be_visible()
    assert page.get_by_role("row", selected=True).filter(has_text="三楼楼道灯").count() == 1

    page.goto(f"{server}/desk/m/{matter.number}/")
    accept(matter, By(town.wang, timezone.now()))
    later(page)
    expect(page.get_by_role("listitem").filter(has_text="王淑琴接了")).to_be_visible()
    expect(page.locator("#state")).to_contain_text("正在办")

    box = page.locator("form").filter(has=page.locator("input[value=comment]")).locator("textarea")
    box.fill(TYPED)
    now = timezone.now()
    answer(Matter.objects.get(pk=matter.pk), By(town.wang, now, words="说清楚了"), outcome="advised")
    later(page)
    behind = page.get_by_role("status").filter(has_text="又有了新进展")
    expect(behind).to_be_visible()
    expect(box).to_have_value(TYPED)
    look(page, "live-behind")
    assert axe(page) == []
    behind.get_by_role("link").click()
    expect(page.locator("#state")).to_contain_text("办好待看")
    expect(box).to_have_value(TYPED)


def later(page: Page) -> None:
    """A quarter of a minute passes on the page."""
    page.clock.run_for(16_000)
