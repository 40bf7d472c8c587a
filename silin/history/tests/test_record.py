"""Lines are chained, costs are known, and words can go without breaking anything."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from silin.accounts.models import User
from silin.history import queries
from silin.history.actions import record
from silin.history.models import Entry, Words

NOW = datetime(2026, 11, 20, 6, 12, 30, 123456, tzinfo=UTC)


def say(subject: str = "matter:1", words: str = "", *, first: bool = False) -> Entry:
    return record(subject=subject, action="comment", actor=None, now=NOW, words=words, first=first)


@pytest.mark.django_db
def test_a_line_says_who_did_what_when_from_where_to_where() -> None:
    wang, sent = User.objects.create(name="王"), uuid4()
    fields = {"hours": 1.0, "far": 1e16, "near": 0.1, "to": ["610302", None, True], "said": "灯"}
    record(
        subject="matter:1",
        action="accept",
        actor=wang,
        post="grid_worker",
        now=NOW.astimezone(timezone.get_default_timezone()),
        before="assigned",
        after="in_hand",
        words="马上来",
        fields=fields,
        client_id=sent,
    )
    entry = queries.of("matter:1").get()
    assert (entry.actor, entry.post, entry.action, entry.at) == (wang, "grid_worker", "accept", NOW)
    assert (entry.before, entry.after, entry.client_id, entry.text) == ("assigned", "in_hand", sent, "马上来")
    assert entry.fields == fields
    assert entry.hash == entry.own_hash()
    assert queries.check() == []


@pytest.mark.django_db
def test_every_part_of_a_line_is_in_its_hash() -> None:
    entry = say(words="x")
    other = User.objects.create(name="别人")
    changes = {
        "subject": "matter:2",
        "seq": 2,
        "at": NOW + timedelta(microseconds=1),
        "actor": other,
        "post": "p",
        "action": "a",
        "before": "b",
        "after": "c",
        "fields": {"n": 1},
        "client_id": uuid4(),
        "words_hash": "w",
        "prev_hash": "h",
    }
    assert {*changes, "id", "hash"} == {field.name for field in Entry._meta.concrete_fields}
    for name, value in changes.items():
        changed = Entry.objects.get(pk=entry.pk)
        setattr(changed, name, value)
        assert changed.own_hash() != entry.hash, name


@pytest.mark.django_db
def test_each_subject_has_a_chain_of_its_own() -> None:
    one, two, other = say("matter:1"), say("matter:1"), say("matter:2")
    assert [(line.seq, line.prev_hash) for line in (one, two, other)] == [(1, ""), (2, one.hash), (1, "")]


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "first", "selects", "inserts"), [("", False, 1, 1), ("说", True, 0, 2)])
def test_what_a_line_costs(words: str, first: bool, selects: int, inserts: int) -> None:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        say(words=words, first=first)
    said = [query["sql"].split()[0] for query in seen]
    assert (said.count("SELECT"), said.count("INSERT"), len(said)) == (selects, inserts, selects + inserts)


@pytest.mark.django_db
def test_first_of_a_subject_that_is_not_new_is_refused() -> None:
    say()
    with pytest.raises(IntegrityError), transaction.atomic():
        say(first=True)


@pytest.mark.django_db
def test_an_account_that_stands_in_the_book_cannot_be_deleted() -> None:
    wang = User.objects.create(name="王")
    record(subject="matter:1", action="accept", actor=wang, now=NOW)
    with pytest.raises(ProtectedError):
        wang.delete()


@pytest.mark.django_db
def test_newest_first_with_words_and_actors_in_one_query() -> None:
    wang = User.objects.create(name="王")
    for n in range(3):
        record(subject="matter:1", action=f"a{n}", actor=wang, now=NOW, words=f"第{n}句" if n < 2 else "")
    with CaptureQueriesContext(connection) as seen:
        lines = [(line.action, line.text, str(line.actor)) for line in queries.of("matter:1")]
    assert lines == [("a2", "", "王"), ("a1", "第1句", "王"), ("a0", "第0句", "王")]
    assert len(seen) == 1


@pytest.mark.django_db
def test_words_go_and_leave_the_chain_whole_and_nothing_to_guess_from() -> None:
    first = say(words="刘桂兰家")
    say(words="刘桂兰家")
    say("matter:2", words="别的事")
    assert Words.objects.count() == len(set(Words.objects.values_list("salt"))) == 3
    assert len({entry.words_hash for entry in queries.of("matter:1")}) == 2
    Words.objects.filter(entry__subject="matter:1").delete()
    assert queries.check() == []
    assert Entry.objects.get(pk=first.pk).text == ""
    assert [line.text for line in queries.of("matter:2")] == ["别的事"]
    assert say(words="后来").seq == 3


def test_outside_a_transaction_nobody_holds_the_subject(live_db: str) -> None:
    with pytest.raises(TransactionManagementError):
        say()
    assert not Entry.objects.exists()


def test_many_at_once_under_the_lock_of_the_subject_make_one_chain(live_db: str) -> None:
    """The account stands for the subject: whoever writes about it holds its row."""
    subject = User.objects.create(name="灯")

    def add() -> None:
        try:
            for _turn in range(5):
                with transaction.atomic():
                    User.objects.select_for_update().get(pk=subject.pk)
                    say("matter:1", words="又来")
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Entry.objects.values_list("seq", flat=True)) == list(range(1, 21))
    assert queries.check() == []
