"""“What is held about me” in a real browser, as wide as a phone: seen, taken along, put right, deleted."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from silin.accounts.models import User
from silin.people import joining
from silin.people.models import Household, Person
from silin.people.register import put_down_household, put_down_person
from silin.people.revealing import note_opening, reveal
from tests.browsers import axe, look
from tests.town import Town, build, person
from tests.visitors import session_of

NAME, PHONE = "欧阳翠萍", "19912345678"


def lives_here(town: Town) -> User:
    """Somebody whose account was joined to the register, and whose number somebody has seen."""
    now = timezone.now() - timedelta(hours=1)
    user = person(NAME, phone=PHONE)
    home = put_down_household(town.building, door="301", entrance="2", actor=None, now=now)
    entry = put_down_person(home, NAME, phone=PHONE, birth_year=1950, actor=town.li, now=now)
    joining.join(entry, user, actor=town.li, now=now)
    note_opening(home, actor=town.wang, now=now)
    right = ("households.see", home)
    reveal(entry, "phone", purpose="visit", right=right, actor=town.wang, now=now, client_id=uuid4())
    return user


def signed_in(page: Page, base: str, user: User) -> None:
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": session_of(user), "url": base}])


def seen(page: Page, name: str) -> None:
    look(page, f"privacy-{name}")
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_what_is_held_about_me(page: Page, server: str) -> None:
    town = build()
    user = lives_here(town)
    signed_in(page, server, user)
    page.goto(f"{server}/me/")
    seen(page, "me")
    page.get_by_role("link", name="存着我的哪些信息").click()
    expect(page.get_by_role("heading", name="存着我的哪些信息")).to_be_visible()
    expect(page.get_by_text("199****5678").first).to_be_visible()
    expect(page.get_by_text("看过您的号码")).to_be_visible()
    expect(page.get_by_text("打开过您家的页面")).to_be_visible()
    seen(page, "held")
    _takes_it_along(page)
    page.get_by_text("更正登记的内容").click()
    page.get_by_label("姓名").fill("欧阳萍")
    seen(page, "correct")
    page.get_by_role("button", name="存好").click()
    expect(page.get_by_text("记下了")).to_be_visible()
    assert Person.objects.get(user=user).name == "欧阳萍"
    page.get_by_role("link", name="全部删掉").click()
    seen(page, "delete")
    page.get_by_text("对，全部删掉").click()
    page.get_by_role("button", name="全部删掉").click()
    expect(page.get_by_role("heading", name="已经删掉了")).to_be_visible()
    seen(page, "gone")
    assert not Person.objects.exists()
    page.goto(f"{server}/me/")
    expect(page.get_by_text("存着我的哪些信息")).to_have_count(0)


def _takes_it_along(page: Page) -> None:
    with page.expect_download() as taken:
        page.get_by_role("link", name=re.compile("全部带走")).click()
    archive = zipfile.ZipFile(Path(taken.value.path()))
    assert PHONE in json.dumps(json.loads(archive.read("silin.json")), ensure_ascii=False)


def test_the_register_on_a_phone_and_at_a_desk(page: Page, server: str) -> None:
    town = build()
    lives_here(town)
    home = Household.objects.get()
    signed_in(page, server, town.wang)
    page.goto(f"{server}/w/household/")
    seen(page, "homes")
    page.goto(f"{server}/w/household/{home.pk}/")
    seen(page, "home")
    page.get_by_role("link", name="看号码").click()
    seen(page, "ask")
    page.get_by_role("button", name="看号码").click()
    expect(page.get_by_text(PHONE)).to_be_visible()
    seen(page, "number")
    page.set_viewport_size({"width": 1440, "height": 900})
    signed_in(page, server, town.li)
    for name, path in (
        ("list", f"/desk/households/{town.community.code}/"),
        ("one", f"/desk/household/{home.pk}/"),
        ("twice", f"/desk/households/{town.community.code}/twice/"),
    ):
        page.goto(server + path)
        seen(page, f"desk-{name}")
    page.goto(f"{server}/desk/household/{home.pk}/")
    page.get_by_role("button", name="给这一户开认领单").click()
    seen(page, "slip")
