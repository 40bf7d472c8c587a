"""A clerk's first day in a real browser: the template, thirty kinds of mistakes, mended, brought in, seen."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from django.conf import settings
from django.utils import timezone
from openpyxl.styles import PatternFill
from playwright.sync_api import Page, expect

from silin.history.models import Entry
from silin.imports.models import Batch, BatchState
from silin.people.models import Holding, Post
from silin.places.models import Building
from tests.browsers import DESK, PHONE, axe, look
from tests.town import Town, build, person
from tests.visitors import session_of

TO_MEND = "要改的地方"
MAY_6 = datetime(2026, 5, 6)  # noqa: DTZ001 - a spreadsheet knows no zones
POSTS = ["岗位种类", "地点代码", "小区名称", "楼号", "第几个", "所属单位", "姓名", "手机号"]
POSTS += ["任职日期", "交叉任职", "来源", "离任日期"]
BUILDINGS = ["社区代码", "小区名称", "楼号", "网格编号", "单元数", "层数", "经度", "纬度"]


@dataclass
class Slip:
    """A line with one mistake: the column, what stands there, what the clerk is told, what mends it."""

    column: str
    wrong: Any
    told: str
    right: Any = ""
    more: dict[str, Any] = field(default_factory=dict)
    at: str = ""


def in_posts(town: Town) -> list[Slip]:
    """Mistakes with people and days, as clerks make them."""
    grid, yesterday = town.grid.code, timezone.localdate() - timedelta(days=1)
    return [
        Slip("地点代码", "99010200100199999", "没有这个代码", grid),
        Slip("地点代码", 990102001001010010, "四舍五入", grid),
        Slip("地点代码", "柳巷第一网格", "不像编号", grid),
        Slip("岗位种类", "小组长", "没有这种岗位", "网格员"),
        Slip("岗位种类", "社区书记", "没有这种岗位", "网格员"),
        Slip("岗位种类", "", "要填", "网格员"),
        Slip("楼号", "99", "没有这栋楼", "", {"小区名称": "柳巷家园"}),
        Slip("第几个", "一点五", "不是数字", 41),
        Slip("第几个", 1.5, "不是整数", 42),
        Slip("第几个", 5000, "超出范围", 43),
        Slip("所属单位", "没有的单位", "没有叫这个名称的单位"),
        Slip("姓名", "长" * 61, "写长了 1 个字", "常春"),
        Slip("手机号", "1390000005", "11 位", "13900000059"),
        Slip("手机号", "", "请写手机号", "13900000060"),
        Slip("手机号", "19900000002", "另一个名字", "13900000061"),
        Slip("手机号", "13900000101", "写给了另一个人", "13900000062"),
        Slip("手机号", "13900000063", "另一个号码", "", {"姓名": "王淑琴", "第几个": 1}),
        Slip("手机号", "13900000064", "已停用", "13900000065"),
        Slip("任职日期", "去年五月", "不是日期", "2026-05-01"),
        Slip("任职日期", "2026年2月31日", "日历上没有", "2026-02-28"),
        Slip("任职日期", "20266-05-06", "不是日期", datetime(2026, 5, 6)),  # noqa: DTZ001 - as Excel keeps it
        Slip("交叉任职", "大概", "看不出", "否"),
        Slip("来源", "亲戚", "不在可选的内容里"),
        Slip("来源", "志愿者", "网格管家"),
        Slip("离任日期", str(yesterday), "已经过去"),
        Slip("离任日期", "#REF!", "公式"),
    ]


def in_buildings(town: Town) -> list[Slip]:
    """Mistakes with numbers and coordinates."""
    place = town.community.code
    return [
        Slip("社区代码", "99010200100", "12 位", place),
        Slip("社区代码", "990102009001", "没有这个代码的社区", place),
        Slip("小区名称", "柳苍家园", "没有这个名称的小区", "柳巷家园"),
        Slip("网格编号", town.other_grid.code, "没有这个编号的网格", town.grid.code),
        Slip("单元数", "3到4个", "不是数字", "4"),
        Slip("纬度", "", "经度和纬度要一起填", "34.31", {"经度": "107.11"}),
        Slip("经度", "17.11", "超出范围", "107.11", {"纬度": "34.31"}),
        Slip("楼号", "5", "第 2 行", "25", at="社区代码"),
    ]


def lines(heads: Sequence[str], good: Sequence[Any], slips: Sequence[Slip]) -> Iterator[list[Any]]:
    """A line for each mistake; its name and number tell them apart."""
    for n, slip in enumerate(slips, 11):
        cells = dict(zip(heads, good, strict=True)) | {
            "第几个": n,
            "姓名": f"新人{n}",
            "手机号": f"139000002{n}",
        }
        cells |= {"楼号": str(n)} if "楼号" in heads and "姓名" not in heads else {}
        cells |= slip.more | {slip.column: slip.wrong}
        yield [cells[head] for head in heads]


def posts_file(town: Town) -> bytes:
    """A workbook with a title above, merged cells, days as Excel keeps them, a total, 2,000 blank lines."""
    book = openpyxl.Workbook()
    page = book.active
    grid, other = town.grid.code, town.other_grid.code
    page.append(["柳巷社区网格队伍花名册（2026 年）"])
    page.append([f"＊ {head}" for head in POSTS])
    page.append(
        [
            "网格员",
            other,
            "",
            "",
            "１",
            "",
            "马晓云",
            "１３９ ００００ ０１０１",
            MAY_6,
            "",
            "",
            "",
        ]
    )
    page.append(["网格员", "", "", "", 2, "", "宋玉", "+86 13900000102", "二〇二六年五月六日", "×", "", ""])
    for line in lines(POSTS, ["网格员", grid, *[""] * 10], in_posts(town)):
        page.append(line)
    page.append(["合计", "", "", "", "", "", 28])
    page.merge_cells("B3:B4")
    for row in range(page.max_row + 1, page.max_row + 2001):
        page.cell(row, 1).fill = PatternFill("solid", fgColor="FFFFFF")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def buildings_file(town: Town) -> bytes:
    """CSV as an old program wrote it."""
    good = [town.community.code, "柳巷家园", "", town.grid.code, "3个", "6层", "", ""]
    first = [*good[:2], "5", *good[3:]]
    rows = [BUILDINGS, first, *lines(BUILDINGS, good, in_buildings(town))]
    return "\r\n".join(",".join(map(str, row)) for row in rows).encode("gb18030")


def mended(data: bytes, slips: Sequence[Slip], first: int) -> bytes:
    """The error sheet with each mistake put right; each stands marked where it was made."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    heads = [str(cell.value or "").lstrip("＊ ") for cell in page[1]]
    assert heads[-1] == TO_MEND
    for row, slip in enumerate(slips, first):
        cell = page.cell(row, heads.index(slip.at or slip.column) + 1)
        assert cell.comment is not None, slip
        assert slip.told in cell.comment.text, (slip, cell.comment.text)
        assert cell.fill.fgColor.rgb == "FFFBD9D3"
        assert slip.told in page.cell(row, len(heads)).value
        page.cell(row, heads.index(slip.column) + 1).value = slip.right
        for column in slip.more if slip.told == "没有这栋楼" else ():
            page.cell(row, heads.index(column) + 1).value = ""
    marked = sum(cell.comment is not None for row in page.iter_rows(min_row=2) for cell in row)
    assert marked == len(slips), "nothing else is marked"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def seen(page: Page, name: str) -> None:
    """As a desk has it and as a phone has it: nobody is left out, nothing sticks out."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        look(page, f"clerk-{name}")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.set_viewport_size(DESK)


def send(page: Page, data: bytes, name: str) -> None:
    kind = "application/octet-stream"
    page.get_by_label("文件", exact=True).set_input_files({"name": name, "mimeType": kind, "buffer": data})
    page.get_by_role("button", name="检查文件").click()


def fetched(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).first.click()
    return Path(download.value.path()).read_bytes()


def test_a_clerks_first_day(page: Page, server: str) -> None:
    town = build()
    closed = person("停用的人", phone="13900000064")
    closed.is_active = False
    closed.save()
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": session_of(town.zhou), "url": server}])
    page.set_viewport_size(DESK)
    page.goto(f"{server}/desk/imports/")
    seen(page, "tables")
    page.get_by_role("link", name="岗位和任职人", exact=True).click()
    seen(page, "posts")
    template = openpyxl.load_workbook(io.BytesIO(fetched(page, "空白模板"))).worksheets[0]
    assert template["A1"].value == "岗位种类*"
    _sends_what_nobody_can_read(page)
    send(page, posts_file(town), "网格队伍花名册.xlsx")
    expect(page.get_by_role("heading", name="网格队伍花名册.xlsx")).to_be_visible()
    _reads(page, in_posts(town))
    expect(page.get_by_text("合并单元格")).to_be_visible()
    seen(page, "mistakes")
    again = mended(fetched(page, "错误表"), in_posts(town), first=4)
    page.get_by_role("link", name="发改好的文件").click()
    send(page, again, "花名册-改好.xlsx")
    expect(page.get_by_text("13900000101")).to_have_count(0)
    expect(page.get_by_text("马晓云")).to_be_visible()
    seen(page, "differences")
    assert Post.objects.count() == 5, "nothing is written yet"
    page.get_by_role("button", name="导入 27 行").click()
    seen(page, "brought-in")
    assert Holding.objects.filter(user__name="马晓云", post__place=town.other_grid).exists()
    page.goto(f"{server}/desk/posts/{town.other.code}/")
    expect(page.get_by_text("马晓云").first).to_be_visible()
    page.goto(f"{server}/desk/imports/posts/")
    send(page, again, "花名册-改好.xlsx")
    expect(page.get_by_text("没有要导入的")).to_be_visible()
    seen(page, "nothing-new")
    _brings_in_buildings(page, server, town)


def _sends_what_nobody_can_read(page: Page) -> None:
    """A page that bears the name of a spreadsheet, other headings, no file at all: each with what to do."""
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_text("请选一个文件").first).to_be_visible()
    send(page, b"<html><table><tr><td>1</td></tr></table></html>", "花名册.xls")
    expect(page.get_by_text("另存为 xlsx").first).to_be_visible()
    send(page, "编号,联系人\n1,王".encode(), "花名册.csv")
    expect(page.get_by_text("没有找到表头").first).to_be_visible()
    seen(page, "unreadable")
    assert not Batch.objects.exists()


def _reads(page: Page, slips: Sequence[Slip]) -> None:
    """Each mistake stands on the page in words."""
    for slip in slips:
        expect(page.get_by_role("row").filter(has_text=slip.told).first).to_be_visible()


def _brings_in_buildings(page: Page, server: str, town: Town) -> None:
    """The same with a CSV from an old program; of a file with mistakes the good lines alone can come in."""
    page.goto(f"{server}/desk/imports/buildings/")
    send(page, buildings_file(town), "楼栋.csv")
    _reads(page, in_buildings(town))
    again = mended(fetched(page, "错误表"), in_buildings(town), first=3)
    page.get_by_role("button", name="不导入").click()
    send(page, again, "楼栋.xlsx")
    page.get_by_role("button", name="导入 9 行").click()
    assert Building.objects.count() == 9
    states = list(Batch.objects.order_by("pk").values_list("state", flat=True))
    kept, done, gone = BatchState.CHECKED, BatchState.COMMITTED, BatchState.DROPPED
    assert states == [kept, done, kept, gone, done]
    assert Entry.objects.filter(action="import_batch").count() == 2
