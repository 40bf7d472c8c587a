"""The guide for offices lists every table with its columns: written from the declarations, never by hand."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from silin.imports.queries import in_order
from silin.lib.sheets.checking import note_words
from silin.lib.sheets.sheet import Sheet, find_sheets

GUIDE = Path(__file__).parents[3] / "docs" / "imports.md"
BEGIN, END = "<!-- tables -->", "<!-- end of tables -->"


def told(sheet: Sheet) -> str:
    """What the guide says of one table."""
    rows = [
        f"| {column.title} | {note_words(column)} | {'、'.join(map(str, column.choices)) or '–'} |"
        for column in sheet.columns
    ]
    head = f"### {sheet.title} `{sheet.key}`\n\n{sheet.about}\n\n| 列 | 怎么填 | 可选内容 |\n|---|---|---|"
    return "\n".join([head, *rows])


def test_the_guide_lists_every_column() -> None:
    with override(settings.LANGUAGE_CODE):
        tables = "\n\n".join(told(sheet) for sheet in in_order(find_sheets()))
    text = GUIDE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    wanted = f"{before}{BEGIN}\n{tables}\n{END}{after}"
    if text != wanted:
        GUIDE.write_text(wanted, encoding="utf-8")
    assert text == wanted, "docs/imports.md was brought up to date: look at it and commit it"
