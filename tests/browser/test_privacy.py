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
from silin.exchange.actions import make_webhook, try_address
from silin.people import joining
from silin.people.actions import add_post, appoint
from silin.people.asking import ask_correction
from silin.people.clients import AboutClient, make_client
from silin.people.doubles import keep_apart
from silin.people.models import Household, Person
from silin.people.register import put_down_household, put_down_person
from silin.people.revealing import note_opening, reveal
from tests.browsers import axe, look
from tests.town import MONDAY, Town, build, person
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
    page.locator("summary", has_text="您家").click()
    page.get_by_role("link", name="门牌: 这里不对").click()
    page.get_by_label("哪里不对").fill("我家是 302")
    seen(page, "wrong")
    page.get_by_role("button", name="发给社区").click()
    expect(page.get_by_text("您提出过的")).to_be_visible()
    seen(page, "asked")
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
    user = lives_here(town)
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
    _looked_in_on_and_moved(page, server, home)
    page.set_viewport_size({"width": 1440, "height": 900})
    signed_in(page, server, town.li)
    other = put_down_household(town.building, door="301", actor=None, now=timezone.now())
    put_down_person(other, NAME, phone=PHONE, actor=None, now=timezone.now())
    keep_apart(home, other, actor=None, now=timezone.now())
    entry = Person.objects.get(user=user)
    asked = ask_correction(user, "people.Household.door", "我家是 302", now=timezone.now())
    safe = person("钱卫")
    appoint(add_post("security_admin", town.city, actor=None, now=MONDAY), safe, actor=None, now=MONDAY)
    for name, path in (
        ("list", f"/desk/households/{town.community.code}/"),
        ("one", f"/desk/household/{home.pk}/"),
        ("twice", f"/desk/households/{town.community.code}/twice/"),
        ("entry", f"/desk/household/{home.pk}/{entry.pk}/entry/"),
        ("requests", "/desk/requests/"),
        ("request", f"/desk/requests/{asked.pk}/"),
    ):
        page.goto(server + path)
        seen(page, f"desk-{name}")
    page.goto(f"{server}/desk/household/{home.pk}/")
    page.get_by_role("button", name="给这一户开认领单").click()
    seen(page, "slip")
    _how_long_things_are_kept(page, server, safe)
    _which_systems_come_in(page, server, town)


def _how_long_things_are_kept(page: Page, server: str, safe: User) -> None:
    signed_in(page, server, safe)
    page.goto(f"{server}/desk/retention/")
    seen(page, "desk-retention")
    page.goto(f"{server}/desk/retention/people.Person.phone/")
    page.get_by_label("结束后保留几天").fill("30")
    page.get_by_role("button", name="看看会清掉多少").click()
    expect(page.get_by_text("这样改，今晚会清掉")).to_be_visible()
    seen(page, "desk-retention-one")


def _which_systems_come_in(page: Page, server: str, town: Town) -> None:
    """The hotline is let in and told what happens; on a phone."""
    sun, now = person("孙志远"), timezone.now()
    appoint(add_post("system_admin", town.city, actor=None, now=MONDAY), sun, actor=None, now=MONDAY)
    about = AboutClient("12345 热线", "hotline", town.community, ["read", "feed"])
    client, _key = make_client(about, actor=sun, now=now)
    webhook = make_webhook(client, "https://hotline.example/silin", actor=sun, now=now)
    try_address(webhook, actor=sun, now=now)
    signed_in(page, server, sun)
    page.set_viewport_size({"width": 390, "height": 844})
    for name, path in (
        ("clients", "/desk/clients/"),
        ("client", f"/desk/clients/{client.pk}/"),
        ("webhooks", "/desk/webhooks/"),
        ("webhook", f"/desk/webhooks/{webhook.pk}/"),
    ):
        page.goto(server + path)
        seen(page, name)


def _looked_in_on_and_moved(page: Page, server: str, home: Household) -> None:
    """On the stair: somebody agrees to be looked in on, and moves to another door; that is taken back."""
    page.goto(f"{server}/w/household/{home.pk}/")
    page.get_by_text("有人同意上门关照").click()
    page.get_by_label("原因").select_option("elder_alone")
    page.get_by_text("口头同意", exact=True).click()
    seen(page, "care")
    page.get_by_role("button", name="记下").click()
    expect(page.locator("li", has_text="独居老人")).to_be_visible()
    page.get_by_role("link", name="搬到别的住户").click()
    page.get_by_label("门牌").fill("502")
    seen(page, "move")
    page.get_by_role("button", name="搬过去").click()
    page.goto(f"{server}/w/household/{home.pk}/")
    expect(page.get_by_text("搬到").first).to_be_visible()
    seen(page, "moved")
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("link", name="登记内容").click()
    seen(page, "entry")
    page.goto(f"{server}/w/household/?mine=1")
    seen(page, "mine")
