"""Whoever changes the book behind our back is found out, and the first wrong line is named."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from silin.history import jobs, queries, sealing
from silin.history.actions import record, seal
from silin.history.models import Entry, Seal, Words
from silin.lib.appendonly import guard, missing

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MISSING = "The line is missing."
CHANGED = "The line was changed after it was written."
EXCHANGED = "The line does not follow the one before it: one of the two was exchanged."


@pytest.fixture
def open_book(db: None) -> None:
    """A book of two subjects with four lines each, without the triggers: the database's owner at work."""
    with connection.cursor() as cursor:
        for table in ("history_entry", "history_seal"):
            for event in ("update", "delete"):
                on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
                cursor.execute(f'DROP TRIGGER "{table}_no_{event}"{on}')
    write("matter:1", "matter:2", lines=4)


def write(*subjects: str, lines: int = 1) -> None:
    with transaction.atomic():
        for _n in range(lines):
            for subject in subjects:
                record(subject=subject, action="comment", actor=None, now=NOW, words="说", fields={"n": 1})


def found(subject: str | None = None) -> list[tuple[str, int, str]]:
    with translation.override("en"):
        return [(broken.subject, broken.seq, broken.why) for broken in queries.check(subject)]


def line(seq: int, subject: str = "matter:1") -> Any:
    return Entry.objects.filter(subject=subject, seq=seq)


def edit_quietly(seq: int) -> None:
    """Change a line and give it the hash it ought to bear."""
    entry = line(seq).get()
    entry.action = "close"
    line(seq).update(action="close", hash=entry.own_hash())


def remove(seq: int) -> None:
    Words.objects.filter(entry__in=line(seq)).delete()
    line(seq).delete()


TAMPERING: dict[str, tuple[Callable[[], object], int, str]] = {
    "an edited field": (lambda: line(2).update(fields={"n": 2}), 2, CHANGED),
    "an edited time": (lambda: line(3).update(at=NOW + timedelta(seconds=1)), 3, CHANGED),
    "an edited hash": (lambda: line(1).update(hash="0" * 64), 1, CHANGED),
    "an edit with a fitting hash": (lambda: edit_quietly(2), 3, EXCHANGED),
    "a removed line": (lambda: remove(3), 3, MISSING),
    "a removed beginning": (lambda: remove(1), 1, MISSING),
    "edited words": (
        lambda: Words.objects.filter(entry__in=line(2)).update(text="没说"),
        2,
        "The words of the line were changed after they were written.",
    ),
    "two edits": (lambda: (line(4).update(post="x"), line(2).update(post="x")), 2, CHANGED),
}


@pytest.mark.usefixtures("open_book")
@pytest.mark.parametrize("how", TAMPERING)
def test_the_first_broken_line_is_named(how: str) -> None:
    tamper, seq, why = TAMPERING[how]
    assert found() == []
    tamper()
    assert found() == found("matter:1") == [("matter:1", seq, why)]
    assert found("matter:2") == []


@pytest.mark.usefixtures("open_book")
def test_every_broken_subject_is_named_but_no_more_than_asked_for() -> None:
    Entry.objects.filter(seq=2).update(post="x")
    assert [subject for subject, _seq, _why in found()] == ["matter:1", "matter:2"]
    assert len(queries.check(at_most=1)) == 1


@pytest.mark.usefixtures("open_book")
def test_a_cut_end_shows_only_below_a_seal() -> None:
    remove(4)
    assert found() == []


@pytest.mark.usefixtures("open_book")
def test_a_cut_end_below_a_seal_is_noticed() -> None:
    seal(date(2026, 11, 19), NOW)
    write("matter:1", "matter:3")
    remove(5)
    remove(4)
    assert found() == [("seal:2026-11-19", 0, "The seal covers 8 lines, but 7 are there.")]
    assert found("matter:1") == []


@pytest.mark.usefixtures("open_book")
def test_a_chain_that_was_written_anew_does_not_fit_its_seal() -> None:
    seal(date(2026, 11, 19), NOW)
    prev_hash = ""
    for entry in Entry.objects.filter(subject="matter:1").order_by("seq"):
        entry.post, entry.prev_hash = "nobody", prev_hash
        prev_hash = entry.hash = entry.own_hash()
        entry.save()
    assert found() == [
        ("seal:2026-11-19", 0, "The seal does not fit the lines it covers: it or one of them was changed.")
    ]


@pytest.mark.usefixtures("open_book")
@pytest.mark.parametrize(
    "change",
    [
        {"digest": "0" * 64},
        {"heads": 3},
        {"entries": 9},
        {"up_to": 10**6},
        {"day": date(2026, 1, 1)},
        {"sealed_at": NOW + timedelta(microseconds=1)},
    ],
)
def test_a_changed_seal_is_noticed(change: dict[str, Any]) -> None:
    seals = seal(date(2026, 11, 19), NOW)
    assert seals is not None
    Seal.objects.update(**change)
    assert len(found()) == 1
    if "digest" in change:
        write("matter:1")
        seal(date(2026, 11, 20), NOW)
        assert [subject for subject, _seq, _why in found()] == ["seal:2026-11-19"]


@pytest.mark.usefixtures("open_book")
def test_a_removed_seal_is_noticed_by_the_next() -> None:
    for day in (19, 20, 21):
        seal(date(2026, 11, day), NOW)
        write("matter:1")
    Seal.objects.filter(day=date(2026, 11, 20)).delete()
    assert [subject for subject, _seq, _why in found()] == ["seal:2026-11-21"]


@pytest.mark.django_db
def test_a_seal_counts_what_came_since_the_one_before() -> None:
    write("matter:1", "matter:2", lines=2)
    one = seal(date(2026, 11, 18), NOW)
    write("matter:2", "matter:3", lines=3)
    two = seal(date(2026, 11, 19), NOW)
    three = seal(date(2026, 11, 20), NOW)
    assert one is not None
    assert two is not None
    assert three is not None
    assert [(each.entries, each.heads) for each in (one, two, three)] == [(4, 2), (6, 2), (0, 0)]
    assert (one.prev_digest, two.prev_digest, three.prev_digest) == ("", one.digest, two.digest)
    assert (one.up_to, two.up_to) == (Entry.objects.order_by("id")[3].pk, three.up_to)
    assert queries.check() == []


@pytest.mark.django_db
def test_a_day_is_sealed_once() -> None:
    write("matter:1")
    assert seal(date(2026, 11, 19), NOW) is not None
    assert seal(date(2026, 11, 19), NOW) is None
    assert Seal.objects.count() == 1


@pytest.mark.django_db
def test_the_job_seals_yesterday_by_local_time_and_makes_up_for_a_missed_night() -> None:
    write("matter:1")
    run = jobs.JOBS[0].run
    for hours in range(3):
        run(datetime(2026, 11, 20, 17, tzinfo=UTC) + timedelta(hours=hours))
    run(datetime(2026, 11, 25, 3, tzinfo=UTC))
    assert list(Seal.objects.order_by("id").values_list("day", flat=True)) == [
        date(2026, 11, 20),
        date(2026, 11, 24),
    ]
    assert queries.check() == []


@pytest.mark.django_db
def test_the_book_is_walked_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    monkeypatch.setattr(sealing, "PAGE", 3)
    write(*(f"matter:{n}" for n in range(4)), lines=3)
    seal(date(2026, 11, 19), NOW)
    with CaptureQueriesContext(connection) as seen:
        assert queries.check() == []
    pages = [query["sql"] for query in seen if "LIMIT 3" in query["sql"]]
    assert len(pages) == 2 * (12 // 3 + 1)


@pytest.mark.django_db
def test_why_is_said_in_chinese_too(open_book: None) -> None:
    line(2).update(post="x")
    with translation.override("zh-hans"):
        assert queries.check("matter:1")[0].why == "这一条写下后被改过。"


@pytest.mark.django_db
def test_an_empty_book_holds() -> None:
    assert queries.check() == []
    assert seal(date(2026, 11, 19), NOW) is not None
    assert queries.check() == []


@pytest.mark.django_db
def test_migrate_closes_the_book_again(open_book: None) -> None:
    assert len(missing(connection)) == 4
    guard(connection)
    assert missing(connection) == []


def test_a_seal_waits_for_lines_that_are_being_written(live_db: str) -> None:
    """On PostgreSQL a line with a lower id may commit later; none may slip under a seal."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                record(subject="matter:slow", action="raise", actor=None, now=NOW, first=True)
                written.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert written.wait(20)
    write("matter:1")
    timer = threading.Timer(0.5, go_on.set)
    timer.start()
    made = seal(date(2026, 11, 19), NOW)
    thread.join()
    assert made is not None
    assert made.entries == 2
    assert queries.check() == []


def test_a_seal_that_waits_too_long_is_left_for_later(live_db: str) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    written, go_on = threading.Event(), threading.Event()

    def write_for_ever() -> None:
        try:
            with transaction.atomic():
                record(subject="matter:slow", action="raise", actor=None, now=NOW, first=True)
                written.set()
                go_on.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=write_for_ever)
    thread.start()
    assert written.wait(20)
    try:
        with pytest.raises(OperationalError):
            seal(date(2026, 11, 19), NOW)
    finally:
        go_on.set()
        thread.join()
    assert not Seal.objects.exists()
