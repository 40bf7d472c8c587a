"""A long file is worked off by the jobs loop, and its page says how far it is; without scripts by reload."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from silin.imports import actions
from silin.imports.models import Batch, BatchState
from silin.imports.progress import Watch
from silin.imports.tests.files import GRIDS, sent, xlsx
from silin.imports.working import work_off
from silin.lib.jobs import find_jobs, heartbeat
from silin.places.models import Place
from tests.town import MONDAY, Town
from tests.visitors import client_of

SHEET = "/desk/imports/grids/"


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is long: anything above a few hundred bytes, and more than two rows."""
    monkeypatch.setattr(actions, "LONG", 300)
    monkeypatch.setattr(actions, "MANY", 2)
    monkeypatch.setattr("silin.imports.undoing.MANY", 2)


def send(client: Client, town: Town, rows: list[list[Any]], heads: list[str] = GRIDS) -> tuple[Batch, str]:
    """Send a file that is too long to wait for; its batch and the address of its page."""
    answer = client.post(SHEET, {"place": town.city.code, "file": sent(xlsx([heads, *rows]))})
    assert answer.status_code == 302, answer.content.decode()
    batch = Batch.objects.latest("pk")
    assert batch.state == BatchState.WAITING
    return batch, f"/desk/imports/batches/{batch.pk}/"


def in_hand(batch: Batch, done: int, total: int) -> None:
    """As if a jobs loop elsewhere were so far with it."""
    batch.taken_at = timezone.now()
    batch.save(update_fields=["taken_at"])
    Watch(batch)(done, total)


def let_go(batch: Batch) -> None:
    """As if that loop had been stopped long ago: the next one begins anew."""
    Batch.objects.filter(pk=batch.pk).update(taken_at=None)


def test_a_long_file_is_checked_brought_in_and_taken_back_beside_the_desk(zhou: Client, town: Town) -> None:
    rows = [[town.community.code, f"第{n}网格", ""] for n in range(3, 9)]
    batch, page = send(zhou, town, rows)
    text = zhou.get(page).content.decode()
    assert "正在排队" in text
    assert "后台任务现在没有运行" in text
    heartbeat(timezone.now())
    in_hand(batch, 2000, 60000)
    text = zhou.get(page).content.decode()
    assert "共 60000 行，已完成 2000 行" in text
    assert 'data-live="3"' in text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in text
    assert "没有运行" not in text
    let_go(batch)
    assert "已完成" not in zhou.get(page).content.decode()
    assert work_off(MONDAY) == batch
    assert work_off(MONDAY) is None
    text = zhou.get(page).content.decode()
    assert "导入 6 行" in text
    assert "data-live" not in text
    for _ in range(2):
        assert zhou.post(page, {"do": "all"}).status_code == 302
    assert "正在导入" in zhou.get(page).content.decode()
    assert not Place.objects.filter(name="第3网格").exists()
    assert zhou.post(page, {"do": "drop"}).status_code == 409
    work_off(MONDAY)
    batch.refresh_from_db()
    assert (batch.state, batch.decided_by, batch.new) == (BatchState.COMMITTED, town.zhou, 6)
    assert Place.objects.filter(name__in=[row[1] for row in rows]).count() == 6


def test_a_long_file_that_cannot_be_read_says_why_and_is_not_kept(zhou: Client, town: Town) -> None:
    batch, page = send(zhou, town, [["x" * 90] for _ in range(9)], heads=["甲"])
    work_off(MONDAY)
    batch.refresh_from_db()
    assert (batch.state, batch.content) == (BatchState.REFUSED, "")
    assert "没有找到表头" in zhou.get(page).content.decode()
    assert zhou.get(f"{page}errors/").status_code == 404


def test_what_changed_meanwhile_is_told_and_the_batch_waits_for_a_new_look(zhou: Client, town: Town) -> None:
    rows = [[town.community.code, f"第{n}网格", ""] for n in range(3, 9)]
    (first, page), (second, other) = send(zhou, town, rows), send(zhou, town, rows)
    for _ in range(2):
        work_off(MONDAY)
    for each in (page, other):
        zhou.post(each, {"do": "all"})
    for _ in range(2):
        work_off(MONDAY)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (BatchState.COMMITTED, BatchState.CHECKED)
    assert "有人改过" in zhou.get(other).content.decode()
    assert "没有要导入的" in zhou.get(other).content.decode()


def test_a_waiting_file_can_be_dropped_and_is_not_taken_up_again(zhou: Client, town: Town) -> None:
    batch, page = send(zhou, town, [[town.community.code, "第三网格", ""]] * 9)
    assert zhou.post(page, {"do": "drop"}).status_code == 302
    assert work_off(MONDAY) is None
    batch.refresh_from_db()
    assert (batch.state, batch.content) == (BatchState.DROPPED, "")


def test_who_reads_english_brings_in_beside_the_desk_what_was_shown_to_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LONG", 10**7)
    clerk = client_of(town.zhou)
    clerk.cookies["django_language"] = "en"
    book = load_workbook(
        BytesIO(clerk.get(f"/desk/imports/categories/export/?place={town.city.code}").content)
    )
    sheet = book.active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert str(rows[0][0]).startswith("Code")
    hours = next(n for n, words in enumerate(rows[0]) if "hours" in str(words))
    changed = [rows[0], *([*row[:hours], 7, *row[hours + 1 :]] for row in rows[-4:])]
    sending = {"place": town.city.code, "file": sent(xlsx(changed))}
    assert clerk.post("/desk/imports/categories/", sending).status_code == 302
    batch = Batch.objects.latest("pk")
    assert (batch.state, batch.changed) == (BatchState.CHECKED, 4)
    clerk.post(f"/desk/imports/batches/{batch.pk}/", {"do": "all"})
    with override("zh-hans"):  # the loop is a process of its own
        work_off(MONDAY)
    batch.refresh_from_db()
    assert (batch.state, batch.told) == (BatchState.COMMITTED, "")
    town.zhou.language = "en"
    town.zhou.save(update_fields=["language"])
    again, page = send_again(clerk, town)
    with override("zh-hans"):  # the loop is a process of its own
        work_off(MONDAY)
    assert "is not" in clerk.get(page).content.decode()
    assert again.by == town.zhou


def send_again(clerk: Client, town: Town) -> tuple[Batch, str]:
    """A file with a mistake, too long to wait for."""
    rows = [["Code", "Working hours until it is taken"], *(["street_light", "soon"] for _ in range(9))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "LONG", 300)
        clerk.post("/desk/imports/categories/", {"place": town.city.code, "file": sent(xlsx(rows))})
    batch = Batch.objects.latest("pk")
    return batch, f"/desk/imports/batches/{batch.pk}/"


def test_what_may_take_minutes_runs_beside_the_other_jobs() -> None:
    assert [job.name for job in find_jobs() if job.apart] == ["facts.cube", "imports.long", "exchange.tell"]
