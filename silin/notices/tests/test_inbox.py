"""Notices are queued with the deed, shown in the person's own language, and only to that person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.template import TemplateDoesNotExist
from django.test.utils import CaptureQueriesContext

from silin.accounts.models import User
from silin.lib.paging import page_by_key
from silin.notices.actions import Message, mark_read, queue
from silin.notices.models import Notice
from silin.notices.queries import inbox_of

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
PARAMS = {"title": "路灯 <不亮> & 'x'", "number": "K7QM-3XZP"}


def person(name: str, language: str = "zh-hans") -> User:
    return User.objects.create(name=name, language=language)


def fixed(recipient: User, **other: object) -> Message:
    said = {"name": "lamp_fixed", "recipient": recipient, "params": PARAMS, "link": "/m/K7QM3XZP/"}
    return Message(**{**said, **other})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_many_messages_cost_one_insert_and_none_cost_nothing() -> None:
    wang, chen = person("王"), person("陈")
    with CaptureQueriesContext(connection) as seen:
        queue([fixed(wang), fixed(chen), fixed(wang, channel="sms"), fixed(chen, channel="email")], now=NOW)
        queue([], now=NOW)
    assert [query["sql"].split()[0] for query in seen] == ["INSERT"]
    assert list(Notice.objects.order_by("id").values_list("channel", "created_at", "next_try")) == [
        ("inbox", NOW, None),
        ("inbox", NOW, None),
        ("sms", NOW, NOW),
        ("email", NOW, NOW),
    ]


@pytest.mark.django_db
def test_a_deed_that_fails_tells_nobody() -> None:
    wang = person("王")
    with transaction.atomic():
        queue([fixed(wang)], now=NOW)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"name": "nobody_wrote_it"}, TemplateDoesNotExist),
        ({"channel": "pigeon"}, ValueError),
        ({"params": {"who": object()}}, TypeError),
    ],
)
def test_what_could_never_be_said_is_refused_at_once(
    other: dict[str, object], error: type[Exception]
) -> None:
    wang = person("王")
    with pytest.raises(error), transaction.atomic():
        queue([fixed(wang), fixed(wang, **other)], now=NOW)
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_it_is_said_in_the_recipients_language_as_plain_text() -> None:
    queue([fixed(person("王")), fixed(person("Chen", "en"))], now=NOW)
    chinese, english = (notice.render() for notice in Notice.objects.order_by("id"))
    assert (chinese.subject, english.subject) == (f"密码: {PARAMS['title']}", f"Password: {PARAMS['title']}")
    assert chinese.body == f"{PARAMS['title']} & K7QM-3XZP\n第二行"
    assert Notice.objects.order_by("id")[0].render("en").subject == english.subject


@pytest.mark.django_db
def test_the_inbox_is_ones_own_newest_first_and_paged_by_key() -> None:
    wang, chen = person("王"), person("陈")
    queue(
        [fixed(wang, link=f"/m/{n}/") for n in range(5)] + [fixed(chen), fixed(wang, channel="sms")], now=NOW
    )
    with CaptureQueriesContext(connection) as seen:
        first = page_by_key(inbox_of(wang, NOW), ["-id"], size=3)
        assert [notice.render().subject != "" for notice in first.rows] == [True] * 3
    assert len(seen) == 1
    second = page_by_key(inbox_of(wang, NOW), ["-id"], first.next, size=3)
    assert [notice.link for notice in first.rows + second.rows] == [f"/m/{n}/" for n in (4, 3, 2, 1, 0)]
    assert second.next == ""


@pytest.mark.django_db
def test_reading_is_noted_once_and_only_by_the_recipient() -> None:
    wang, chen = person("王"), person("陈")
    queue([fixed(wang), fixed(wang), fixed(wang, channel="sms")], now=NOW)
    notice = inbox_of(wang, NOW)[0]
    assert not mark_read(chen, notice.pk, now=NOW)
    assert mark_read(wang, notice.pk, now=NOW)
    assert not mark_read(wang, notice.pk, now=NOW + timedelta(hours=1))
    assert Notice.objects.get(pk=notice.pk).read_at == NOW


@pytest.mark.django_db
def test_what_may_still_be_taken_back_is_not_seen_yet() -> None:
    wang = person("王")
    later = NOW + timedelta(seconds=10)
    queue([fixed(wang, send_after=later)], now=NOW)
    assert (inbox_of(wang, NOW).count(), inbox_of(wang, later).count()) == (0, 1)


@pytest.mark.django_db
def test_the_inbox_uses_its_index() -> None:
    if connection.vendor != "sqlite":
        return
    wang = person("王")
    with CaptureQueriesContext(connection) as seen:
        list(inbox_of(wang, NOW)[:20])
        inbox_of(wang, NOW).filter(read_at=None).count()
    with connection.cursor() as cursor:
        plans = []
        for query in seen:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            plans.append(str(cursor.fetchall()))
    assert "notices_inbox" in plans[0]
    assert "TEMP B-TREE" not in plans[0]
    assert "notices_unread" in plans[1]
