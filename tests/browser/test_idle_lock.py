"""Li locks the shared desk, comes back, and sends what was kept, in a real browser."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from silin.accounts.models import User
from silin.notices.models import ChosenChannel
from tests.browsers import DESK, PHONE, axe, look
from tests.town import build

PASSWORD = "long-enough-1"
CHOICES = "/desk/me/notices/"


def noted_session(user: User) -> str:
    """The key of a session as two factors leave it."""
    client = Client()
    client.force_login(user, backend="silin.accounts.backends.TwoFactorBackend")
    session = client.session
    session["noted"] = {"row": str(uuid4()), "key": session.session_key, "at": timezone.now().isoformat()}
    session.save()
    return str(session.session_key)


def test_what_li_sends_to_a_locked_desk_waits_for_him(server: str, page: Page) -> None:
    li = build().li
    li.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-a-real-server")
    li.save()
    key = noted_session(li)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server}])
    page.set_viewport_size(DESK)
    page.goto(f"{server}{CHOICES}")
    other = page.context.new_page()
    other.goto(f"{server}{CHOICES}")
    other.locator(".who summary").click()
    look(other, "desk-lock-menu")
    other.get_by_role("button", name="锁屏").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("还是您吗")
    see(other, "unlock")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_text("刚才提交的内容还在")).to_be_visible()
    page.get_by_label("密码或动态码").fill(PASSWORD)
    page.get_by_role("button", name="解锁").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("还没提交")
    see(page, "kept")
    assert not ChosenChannel.objects.exists()
    page.get_by_role("button", name="现在提交").click()
    page.wait_for_url(f"**{CHOICES}")
    assert ChosenChannel.objects.get().user == li


def see(page: Page, name: str) -> None:
    """The page is for everybody, on a phone and on a desk."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        look(page, name)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
