"""Li signs in at the desk for the first time, in a real browser: password, phone, codes, the desk."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone
from playwright.sync_api import Page, expect

from silin.accounts.models import SecondFactor
from tests.browsers import DESK, PHONE, axe, look
from tests.second import scan
from tests.town import build

PASSWORD = "long-enough-1"


def test_li_sets_up_the_phone_and_sees_where_he_is_signed_in(server: str, page: Page) -> None:
    li = build().li
    li.email = "li@example.org"
    li.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-a-real-server")
    li.save()
    page.goto(f"{server}/desk/")
    page.get_by_text("我是工作人员").click()
    page.get_by_label("邮箱").fill(li.email)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("details button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("把手机当作第二把钥匙")
    see(page, "second-set-up")
    page.get_by_label("动态码").fill(scan(page.content()).code(timezone.now()))
    page.get_by_role("button", name="就是这个码").click()
    expect(page.locator("ol li")).to_have_count(8)
    see(page, "recovery-codes")
    page.get_by_role("link", name="已收好，继续").click()
    page.wait_for_url(re.compile(r"/desk/"))
    page.goto(f"{server}/me/sessions/")
    expect(page.get_by_text("本机")).to_be_visible()
    for path in (
        "/me/sessions/",
        "/me/notices/",
        "/desk/me/sessions/",
        "/desk/me/notices/",
        "/desk/notices/",
    ):
        page.goto(f"{server}{path}")
        see(page, path.strip("/").replace("/", "-"), narrow=not path.startswith("/desk/"))
    assert SecondFactor.objects.get().confirmed_at is not None


def see(page: Page, name: str, narrow: bool = True) -> None:
    """The page is for everybody, on a phone (but for the desk's own) and on a desk."""
    for size in (PHONE, DESK) if narrow else (DESK,):
        page.set_viewport_size(size)
        look(page, name)
        assert axe(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} pixels too wide at {size['width']}"
    page.set_viewport_size(PHONE)
