"""The inbox at the door: one's own messages, read once looked at; a stranger's are not there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silin.accounts.models import User
from silin.notices.actions import Message, queue
from silin.notices.models import Notice

pytestmark = pytest.mark.django_db
LINK = "/mine/"


@pytest.fixture
def chen() -> User:
    return User.objects.create(name="陈桂兰")


def told(user: User, *titles: str, link: str = LINK) -> list[Notice]:
    params = [{"number": "K7QM-3XZP", "title": title} for title in titles]
    queue([Message("matter_assigned", user, each, link) for each in params])
    return list(Notice.objects.filter(recipient=user).order_by("id"))


def test_messages_newest_first_and_few_statements(client: Client, chen: User) -> None:
    told(chen, *[f"第 {n} 件" for n in range(35)])
    client.force_login(chen)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/notices/")
    assert len(asked) <= 8
    assert page.text.index("第 34 件") < page.text.index("第 33 件")
    assert "第 2 件" not in page.text
    assert "第 2 件" in client.get("/notices/", {"after": page.context["page"].next}).text


def test_a_message_looked_at_is_read(client: Client, chen: User) -> None:
    (notice,) = told(chen, "灯")
    client.force_login(chen)
    assert client.get(f"/notices/{notice.pk}/")["Location"] == LINK
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize("link", ["", "https://evil.example/", "//evil.example/"])
def test_a_message_leads_nowhere_else(client: Client, chen: User, link: str) -> None:
    (notice,) = told(chen, "灯", link=link)
    client.force_login(chen)
    assert client.get(f"/notices/{notice.pk}/")["Location"] == "/notices/"


def test_all_of_mine_are_read_and_nobody_elses(client: Client, chen: User) -> None:
    told(chen, "一", "二")
    (other,) = told(User.objects.create(name="别人"), "三")
    client.force_login(chen)
    assert client.post("/notices/read/").status_code == 303
    assert list(Notice.objects.filter(read_at=None)) == [other]
    assert client.get(f"/notices/{other.pk}/").status_code == 404
    assert "三" not in client.get("/notices/").text


def test_a_visitor_is_asked_to_sign_in(client: Client, chen: User) -> None:
    (notice,) = told(chen, "灯")
    for path in ("/notices/", f"/notices/{notice.pk}/"):
        assert client.get(path)["Location"].startswith("/sign-in/?next=")
    assert client.post("/notices/read/")["Location"].startswith("/sign-in/?next=")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_an_empty_inbox_says_so(client: Client, chen: User) -> None:
    client.force_login(chen)
    assert "没有消息" in client.get("/notices/").text
