"""A clerk's first day at the desk: template, file, mistakes, error sheet, mended file, brought in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from silin.history.models import Entry
from silin.imports.models import Batch, BatchState
from silin.imports.tests.files import GRIDS, opened, sent, xlsx
from silin.places.models import Place
from tests.town import Town

SHEET = "/desk/imports/grids/"


def body(answer: Any) -> bytes:
    """The bytes of an answer, streamed or not."""
    found: bytes = answer.getvalue()
    return found


def send(client: Client, town: Town, rows: Sequence[Sequence[Any]], status: int = 302) -> Batch:
    """Send a spreadsheet of grids; the batch that came of it."""
    answer = client.post(SHEET, {"place": town.city.code, "file": sent(xlsx([GRIDS, *rows]))})
    assert answer.status_code == status, answer.content.decode()
    return Batch.objects.latest("pk")


def decide(client: Client, batch: Batch, do: str, status: int = 302) -> str:
    """Press a button on the page of a batch; what the page says then."""
    url = f"/desk/imports/batches/{batch.pk}/"
    answer = client.post(url, {"do": do})
    assert answer.status_code == status
    batch.refresh_from_db()
    return str(answer.content.decode()) if status != 302 else client.get(url).content.decode()


def test_the_list_offers_template_and_export(zhou: Client, town: Town) -> None:
    text = zhou.get("/desk/imports/").content.decode()
    for words in ("表格导入导出", "网格", "区划", "模板", "导出"):
        assert words in text
    assert text.index(">行政区划</a>") < text.index(">网格</a>")


def test_the_template_says_what_belongs_in_each_column(zhou: Client) -> None:
    page = opened(zhou.get(f"{SHEET}template/").content)
    assert [cell.value.rstrip("*") for cell in page[1]] == GRIDS
    assert page["A2"].value == "必填；12 位数字，单元格设为文本格式"
    assert page.column_dimensions["A"].width > 12


def test_what_is_exported_changes_nothing(zhou: Client, town: Town) -> None:
    entries = Entry.objects.count()
    for query in ("", "?form=csv"):
        data = body(zhou.get(f"{SHEET}export/{query}"))
        answer = zhou.post(SHEET, {"place": town.city.code, "file": sent(data, f"网格{query}")})
        assert answer.status_code == 302
        batch = Batch.objects.latest("pk")
        assert (batch.new, batch.changed, batch.unchanged, batch.bad) == (0, 0, 3, 0)
        assert "没有要导入的" in zhou.get(f"/desk/imports/batches/{batch.pk}/").content.decode()
    assert Entry.objects.count() == entries


def test_new_grids_are_shown_then_brought_in_with_one_line_of_history(zhou: Client, town: Town) -> None:
    data = [[town.community.code, "第三网格", ""], [town.community.code, "第四网格", ""]]
    batch = send(zhou, town, data)
    text = zhou.get(f"/desk/imports/batches/{batch.pk}/").content.decode()
    assert "第三网格" in text
    assert "导入 2 行" in text
    assert not Place.objects.filter(name="第三网格").exists()
    assert "已导入" in decide(zhou, batch, "all")
    assert Place.objects.filter(name__in=["第三网格", "第四网格"]).count() == 2
    [line] = Entry.objects.filter(subject=batch.subject)
    assert (line.action, line.actor) == ("import_batch", town.zhou)
    assert line.fields["sha256"] == batch.sha256
    assert (batch.content, batch.preview) == ("", "")
    decide(zhou, batch, "all")
    assert Entry.objects.filter(subject=batch.subject).count() == 1
    again = send(zhou, town, data)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)


def test_mistakes_come_back_in_the_clerks_own_file(zhou: Client, town: Town) -> None:
    rows = [
        [town.community.code, "第三网格", ""],
        ["990102009001", "第四网格", ""],
        [town.community.code, "", ""],
        [town.community.code, "第一网格", town.community.code + "01009"],
        [town.community.code, "=cmd()", "12"],
    ]
    batch = send(zhou, town, rows)
    assert batch.bad == 4
    assert "4 行有错" in decide(zhou, batch, "all", status=409)
    assert not Place.objects.filter(name="第三网格").exists()
    page = opened(zhou.get(f"/desk/imports/batches/{batch.pk}/errors/").content)
    assert page["D1"].value == "要改的地方"
    assert "没有这个代码的社区" in page["A3"].comment.text
    assert page["A3"].fill.fgColor.rgb == "FFFBD9D3"
    assert page["A2"].comment is None
    assert "网格名称" in page["D4"].value
    assert (page["B6"].value, page["B6"].data_type) == ("=cmd()", "s")
    mended = [[cell.value for cell in row] for row in page.iter_rows(min_row=2, max_row=2)]
    again = send(zhou, town, mended)
    assert (again.new, again.bad) == (1, 0)


def test_the_good_lines_alone_and_the_error_sheet_afterwards(zhou: Client, town: Town) -> None:
    batch = send(zhou, town, [[town.community.code, "第三网格", ""], ["1", "坏的", ""]])
    text = decide(zhou, batch, "good")
    assert batch.state == BatchState.COMMITTED
    assert Place.objects.filter(name="第三网格").exists()
    assert f"/desk/imports/batches/{batch.pk}/errors/" in text
    page = opened(zhou.get(f"/desk/imports/batches/{batch.pk}/errors/").content)
    assert [cell.value for cell in page["B"]] == ["网格名称", "坏的"]


def test_somebody_changed_it_in_between(zhou: Client, town: Town) -> None:
    number = town.community.code + "01007"
    batch = send(zhou, town, [[town.community.code, "第三网格", number]])
    other = send(zhou, town, [[town.community.code, "第三网格", ""]])
    decide(zhou, other, "all")
    text = decide(zhou, batch, "all", status=409)
    assert "有人改过" in text
    assert (batch.state, batch.new, batch.changed) == (BatchState.CHECKED, 0, 1)
    decide(zhou, batch, "all")
    assert Place.objects.get(name="第三网格").code == number


def test_dropped_is_forgotten(zhou: Client, town: Town) -> None:
    batch = send(zhou, town, [[town.community.code, "第三网格", ""]])
    assert zhou.post(f"/desk/imports/batches/{batch.pk}/", {"do": "drop"}).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.content, batch.preview) == (BatchState.DROPPED, "", "")
    assert "有人改过" not in zhou.get(f"/desk/imports/batches/{batch.pk}/").content.decode()
    decide(zhou, batch, "all", status=409)
    assert not Place.objects.filter(name="第三网格").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "文件是空的"), (b"<html>", "其实是网页"), (xlsx([["甲"], ["1"]]), "没有找到表头")],
)
def test_a_file_that_cannot_be_read_leaves_nothing(zhou: Client, town: Town, data: bytes, words: str) -> None:
    answer = zhou.post(SHEET, {"place": town.city.code, "file": sent(data)})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Batch.objects.exists()


def test_a_stranger_learns_nothing(zhou: Client, town: Town) -> None:
    batch = send(zhou, town, [[town.community.code, "第三网格", ""]])
    urls = ["/desk/imports/", SHEET, f"{SHEET}template/", f"{SHEET}export/"]
    urls += [f"/desk/imports/batches/{batch.pk}/", f"/desk/imports/batches/{batch.pk}/errors/"]
    for user in (town.stranger, town.wang, town.li):
        zhou.force_login(user)
        keeps_a_register = user == town.li
        for url in urls[keeps_a_register:]:
            assert zhou.get(url).status_code == 404, url
            assert zhou.post(url, {"do": "all"}).status_code in (404, 405), url
    own = zhou.get("/desk/imports/").content.decode()
    assert "/desk/imports/residents/" in own
    assert SHEET not in own
    zhou.force_login(town.zhou)
    assert zhou.get("/desk/imports/nothing/").status_code == 404
    assert zhou.get(f"{SHEET}export/?place=1").status_code == 404
    forged = zhou.post(SHEET, {"place": "1", "file": sent(xlsx([GRIDS, ["1", "甲", ""]]))})
    assert forged.status_code == 400


def test_statements_of_the_pages(
    zhou: Client, town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [[town.community.code, f"第{n}网格", ""] for n in range(60)]
    batch = send(zhou, town, rows)
    for url in ("/desk/imports/", SHEET, f"/desk/imports/batches/{batch.pk}/"):
        with django_assert_max_num_queries(16):
            assert zhou.get(url).status_code == 200


def test_the_list_goes_on_by_key_and_is_filtered(
    zhou: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "还没有人发过文件" in zhou.get("/desk/imports/").content.decode()
    monkeypatch.setattr("silin.imports.desk.SIZE", 2)
    for n in range(3, 6):
        batch = send(zhou, town, [[town.community.code, f"第{n}网格", ""]])
    decide(zhou, batch, "all")
    Batch.objects.filter(pk=batch.pk).update(by=town.guo)
    page = zhou.get("/desk/imports/")
    assert [each.pk for each in page.context["page"].rows] == [batch.pk, batch.pk - 1]
    older = zhou.get("/desk/imports/", {"after": page.context["page"].next})
    assert [each.pk for each in older.context["page"].rows] == [batch.pk - 2]
    for asked, n in (({"state": "committed"}, 1), ({"by": str(town.zhou.pk)}, 2), ({"sheet": "grids"}, 2)):
        assert len(zhou.get("/desk/imports/", asked).context["page"].rows) == n, asked
    assert "没有符合条件的文件" in zhou.get("/desk/imports/?sheet=posts").content.decode()
    assert len(zhou.get("/desk/imports/?state=nonsense&by=9").context["page"].rows) == 2
    zhou.force_login(town.li)
    assert "网格.xlsx" not in zhou.get("/desk/imports/").content.decode()
