"""Zhou takes the catalogue out as a spreadsheet, changes it in an office program and brings it in again."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from silin.assessment.differences import differences
from silin.assessment.models import Catalogue, Indicator
from silin.assessment.sample import load_sample
from silin.assessment.tests.test_desk import closed, measured
from silin.history.models import Entry
from silin.imports.models import Batch
from silin.lib.workdays import SHANGHAI
from silin.people.models import PostKind
from silin.places.stocks import count_territory
from tests.town import MONDAY, Town, build
from tests.visitors import client_of

pytestmark = pytest.mark.django_db
ON_TIME = "S1.3.1"
INDICATORS, HEADINGS = "/desk/imports/indicators/", "/desk/imports/headings/"
XLSX = "指标.xlsx"
TIGHTER = {"满分值": "100", "红灯线": "98", "黄灯线": "99"}


@pytest.fixture
def town() -> Town:
    """Two communities, one that closes most of its matters on time and one that does not."""
    town = build()
    load_sample()
    count_territory(datetime(2026, 9, 1, 12, tzinfo=SHANGHAI), as_of=MONDAY.date())
    closed(town.community.code, on_time=97, late=3)
    closed(town.other.code, on_time=20, late=10)
    measured()
    return town


@pytest.fixture
def zhou(town: Town) -> Client:
    """The city's administrator at the desk."""
    return client_of(town.zhou)


def exported(client: Client, sheet: str = INDICATORS, form: str = "xlsx") -> bytes:
    answer = client.get(f"{sheet}export/?form={form}")
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, change: Callable[[dict[str, Any]], None], code: str = ON_TIME) -> bytes:
    """``data`` with one line changed by another program: its cells by their headings."""
    book = load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    heads = [str(cell.value).rstrip("*") for cell in page[1]]
    [line] = [line for line in page.iter_rows(min_row=2) if line[0].value == code]
    cells = dict(zip(heads, line, strict=True))
    change(cells)
    return saved(book)


def setting(**values: Any) -> Callable[[dict[str, Any]], None]:
    def change(cells: dict[str, Any]) -> None:
        for head, value in values.items():
            cells[head].value = value

    return change


def table(rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def sent(client: Client, town: Town, data: bytes, sheet: str = INDICATORS, name: str = XLSX) -> Batch:
    """Send a file; the batch that came of it."""
    answer = client.post(sheet, {"place": town.city.code, "file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("pk")


def told(client: Client, batch: Batch) -> str:
    answer = client.get(f"/desk/imports/batches/{batch.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def brought_in(client: Client, batch: Batch, do: str = "all") -> int:
    return client.post(f"/desk/imports/batches/{batch.pk}/", {"do": do}).status_code


def problems_of(client: Client, town: Town, data: bytes, sheet: str = INDICATORS) -> dict[str, str]:
    """What is said at which column."""
    batch = sent(client, town, data, sheet)
    assert batch.bad
    return {each["title"]: each["words"] for each in batch.shown["problems"]}


def one(code: str = ON_TIME) -> Indicator:
    """The indicator as the draft has it, else the version in force."""
    catalogue = Catalogue.objects.draft() or Catalogue.objects.newest()
    assert catalogue is not None
    return catalogue.indicators.get(code=code)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(("sheet", "rows"), [(INDICATORS, 133), (HEADINGS, 68)])
def test_what_is_exported_comes_back_unchanged(
    zhou: Client, town: Town, sheet: str, rows: int, form: str, language: str
) -> None:
    zhou.cookies["django_language"] = language
    data = exported(zhou, sheet, form)
    if form == "xlsx":
        data = saved(load_workbook(io.BytesIO(data)))
    batch = sent(zhou, town, data, sheet, f"a.{form}")
    assert (batch.new, batch.changed, batch.unchanged, batch.bad) == (0, 0, rows, 0), batch.shown
    assert not Catalogue.objects.filter(published_at=None).exists()


def test_zhou_tightens_a_threshold_and_sees_who_moves(zhou: Client, town: Town) -> None:
    before = Catalogue.objects.newest()
    assert before is not None
    digest = before.digest_of_rows()
    batch = sent(zhou, town, changed(exported(zhou), setting(**TIGHTER)))
    assert (batch.changed, batch.unchanged, batch.bad) == (1, 132, 0), batch.shown
    said = told(zhou, batch)
    for words in (
        "将新建第 2 版草稿",
        "按 2026 年 10 月试算：2 个社区里，1 个的分数或红灯会变，1 个不变",
        "分数变化最大的：柳巷社区 57.14 → 51.43（红灯 1 → 2）",
        "S1.3.1 网格事件按期办结率：1 个社区（红灯 1 → 2）",
    ):
        assert words in said, (words, batch.shown["notes"])
    assert "<del>80</del> → <ins>98</ins>" in said
    assert not Catalogue.objects.filter(published_at=None).exists()
    assert brought_in(zhou, batch) == 302
    draft = Catalogue.objects.draft()
    assert draft is not None
    assert draft.made_by == town.zhou
    [found] = differences(list(before.indicators.all()), list(draft.indicators.all()))
    assert (found.code, found.sort, len(found.fields)) == (ON_TIME, "changed", 3)
    assert before.digest_of_rows() == digest
    line = Entry.objects.get(subject=f"indicator:{one().pk}")
    assert (line.actor, line.fields["after"]["red"]) == (town.zhou, 98)
    assert sent(zhou, town, exported(zhou)).changed == 0
    said = told(zhou, sent(zhou, town, changed(exported(zhou), setting(红灯线="97", 满分值="97"))))
    assert "将写进第 2 版草稿" in said
    assert "（红灯 2 → 1）" in said


def test_nobody_else_gets_near(town: Town) -> None:
    data = changed(exported(client_of(town.zhou)), setting(**TIGHTER))
    batch = sent(client_of(town.zhou), town, data)
    for person in (town.stranger, town.li, town.guo, town.chen):
        client = client_of(person)
        for address in (INDICATORS, f"{INDICATORS}export/", f"/desk/imports/batches/{batch.pk}/"):
            assert client.get(address).status_code == 404
        fields = {"place": town.city.code, "file": SimpleUploadedFile(XLSX, data)}
        assert client.post(INDICATORS, fields).status_code == 404
        assert brought_in(client, batch) == 404
    assert not Catalogue.objects.filter(published_at=None).exists()


def test_a_right_over_a_street_is_none_over_the_citys_catalogue(town: Town) -> None:
    kind = PostKind.objects.get(pk="street_duty")
    kind.capabilities = [*kind.capabilities, "catalogue.edit"]
    kind.save()
    data = changed(exported(client_of(town.zhou)), setting(**TIGHTER))
    fields = {"place": town.street.code, "file": SimpleUploadedFile(XLSX, data)}
    answer = client_of(town.guo).post(INDICATORS, fields)
    assert answer.status_code == 400
    assert "只有市里的岗位可以导入" in answer.content.decode()
    assert not Batch.objects.exists()
