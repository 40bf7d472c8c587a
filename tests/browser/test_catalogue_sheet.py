"""The assessment desk changes a threshold in an office program, sees who moves, and finds the draft."""

from __future__ import annotations

import io
import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.test_loop import become, seen

CODE, CHANGED = "S1.3.1", {"满分值": "100", "红灯线": "92", "黄灯线": "98"}


def tightened(path: Path) -> bytes:
    """The exported file with one line changed and saved by another program."""
    book, out = load_workbook(io.BytesIO(path.read_bytes())), io.BytesIO()
    page = book.worksheets[0]
    heads = [str(cell.value).rstrip("*") for cell in page[1]]
    [line] = [line for line in page.iter_rows() if line[0].value == CODE]
    for head, value in CHANGED.items():
        line[heads.index(head)].value = value
    book.save(out)
    return out.getvalue()


def test_a_threshold_is_changed_in_a_spreadsheet_and_published(page: Page, demo_server: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    become(page, demo_server, "任静怡")
    page.goto(f"{demo_server}/desk/assessment/catalogue/")
    page.get_by_role("link", name="用表格改").click()
    seen(page, "catalogue-sheet")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="xlsx").click()
    file = tightened(downloading.value.path())
    sheet: FilePayload = {"name": "指标.xlsx", "mimeType": "application/octet-stream", "buffer": file}
    page.locator("input[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_text("将新建第 2 版草稿")).to_be_visible()
    expect(page.get_by_text(re.compile(r"试算：\d+ 个社区里，[1-9]\d* 个的分数或红灯会变"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"分数变化最大的：.*社区 [\d.]+ → [\d.]+"))).to_be_visible()
    expect(page.locator("ins")).to_have_text(list(CHANGED.values()))
    seen(page, "catalogue-dry-run")
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.get_by_text("已导入，文件本身不保留").first).to_be_visible()
    page.goto(f"{demo_server}/desk/assessment/catalogue/2/changes/")
    rows = page.locator("table").first.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(CODE)
    for words in CHANGED.values():
        expect(rows.locator("b", has_text=re.compile(f"^{words}$")).first).to_be_visible()
    seen(page, "catalogue-sheet-draft")
    page.get_by_label("改了什么、依据哪份文件").fill("按市里的通知收紧按期办结率")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("heading", name="第 2 版")).to_be_visible()
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{demo_server}/desk/assessment/catalogue/2/of/{CODE}/")
    expect(page.get_by_text("92").first).to_be_visible()
    seen(page, "catalogue-sheet-published")
