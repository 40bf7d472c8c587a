"""Guo whistles, Zhao answers from a link on his phone; Guo looks at the day and passes the desk on."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from silin.accounts.models import User
from silin.matters.deeds import By
from silin.matters.models import Matter, State
from silin.matters.tests import pages
from silin.matters.tests.bureaus import Bureaus
from silin.matters.tests.test_handover import colleague
from silin.matters.whistling import whistle
from silin.notices.sending import send_due
from tests.browsers import DESK, PHONE, axe, look
from tests.servers import Server
from tests.town import Town
from tests.visitors import session_of

MINUTE = timedelta(minutes=1)
LONG = "五号楼东侧路灯杆被货车撞歪，灯罩掉在地上，晚上放学的孩子要从下面过，电线也露在外面，请尽快来人看看"
taken: list[str] = []


def take(phone: str, text: str) -> None:
    """The carrier."""
    taken.append(text)


def whistled(town: Town) -> Matter:
    """Guo calls two bureaus to a lamp; four more matters are late."""
    bureaus, now = Bureaus(town), timezone.now()
    zhao = bureaus.clerks[0]
    zhao.set_phone("13900000011")
    zhao.save()
    for at in range(4):
        late = pages.raised(town, f"{at + 1} 号楼前垃圾没人清", now=now - 9 * MINUTE)
        Matter.objects.filter(pk=late.pk).update(handle_due=now - (at + 1) * 60 * MINUTE)
    matter = pages.raised(town, LONG, now=now - 8 * MINUTE)
    by = By(town.guo, now - 7 * MINUTE, words="先把电线包好，今天把杆扶正，灯罩一起换")
    return whistle(matter, by, lead=bureaus.posts[0], others=[])


def test_the_day_of_the_street(running_server: Server, page: Page, settings: Any, tmp_path: Path) -> None:
    settings.SILIN_SMS_BACKEND, settings.QUIET_HOURS = f"{__name__}.take", ""
    town = pages.make_town()
    song, matter = colleague(town), whistled(town)
    send_due(timezone.now())
    from_the_link(running_server, page, matter, tmp_path)
    at_the_desk(running_server.url, page, town.guo, matter)
    sign_in(running_server.url, page, song)
    page.goto(f"{running_server.url}/desk/handover/")
    page.get_by_role("link", name="看一遍，接班").click()
    see(page, "handover")
    page.get_by_label("回一句").fill("收到，先去东门")
    page.get_by_role("button", name="看过了，接班").click()
    expect(page.get_by_text("收到，先去东门")).to_be_visible()


def from_the_link(server: Server, page: Page, matter: Matter, folder: Path) -> None:
    """On a phone that nobody has signed in on."""
    link = next(found[0] for text in taken if (found := re.search(r"/a/\w+/", text)))
    page.goto(f"{server.url}{link}")
    see(page, "part-door")
    page.get_by_role("button", name="发验证码").click()
    page.get_by_label("短信里的验证码").fill("000000")
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("alert")).to_be_visible()
    see(page, "part-code")
    page.get_by_label("短信里的验证码").fill(re.findall(r"\b\d{6}\b", server.said())[-1])
    page.get_by_role("button", name="打开").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(matter.title)
    see(page, "part")
    page.get_by_role("button", name="接", exact=True).click()
    page.get_by_role("button", name="到了").click()
    shot = folder / "after.jpg"
    shot.write_bytes(pages.picture().read())
    page.locator("form.needs-after input[name=after]").set_input_files(str(shot))
    page.locator("form.needs-after textarea[name=words]").fill("杆扶正了，灯罩换了新的")
    see(page, "part-answer")
    page.get_by_role("button", name="报办好").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已经反馈办好")
    see(page, "part-over")
    matter.refresh_from_db()
    assert matter.state == State.ANSWERED


def at_the_desk(server: str, page: Page, guo: User, matter: Matter) -> None:
    """The day, its matters, and passing the desk on."""
    sign_in(server, page, guo)
    page.goto(f"{server}/desk/day/")
    see(page, "day")
    in_its_frame(page)
    page.get_by_role("row", name="柳巷社区").get_by_role("link", name="5").click()
    see(page, "day-matters")
    page.goto(f"{server}/desk/standing/")
    see(page, "standing")
    in_its_frame(page)
    page.get_by_role("link", name="4", exact=True).first.click()
    see(page, "standing-matters")
    page.goto(f"{server}/desk/handover/")
    see(page, "handovers")
    page.get_by_label("接班的人要知道什么").fill("东门积水，已给排水班打过电话，答应 20 点前到。")
    page.get_by_role("button", name="交班").click()
    expect(page.get_by_text("东门积水")).to_be_visible()


def in_its_frame(page: Page) -> None:
    """On a phone no table of numbers scrolls sideways, and each number says what it counts."""
    wide = page.locator(".tb").evaluate_all("found => found.map(each => each.scrollWidth - each.clientWidth)")
    assert max(wide) <= 0
    expect(page.get_by_role("cell").filter(has_text="超期").first).to_be_visible()


def sign_in(server: str, page: Page, user: User) -> None:
    """The cookie of a session in which both factors were shown."""
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": session_of(user), "url": server}])


def see(page: Page, name: str) -> None:
    """The page is for everybody, on a phone and on a desk."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        look(page, name)
        assert axe(page) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} pixels too wide at {size['width']}"
