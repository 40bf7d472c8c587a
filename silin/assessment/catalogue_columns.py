"""The columns of the catalogue's two tables, and how clerks really write into their cells."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from silin.assessment.differences import CHOICES, LABELS
from silin.assessment.models import Heading
from silin.assessment.scoring import NEEDS, NOTES, READERS, RULES, bands_words
from silin.facts.parsing import LONGEST
from silin.lib.refusal import Words
from silin.lib.sheets import columns
from silin.lib.sheets.sheet import Column

DECIMALS = 6
GREATEST = 999_999_999
ALSO: dict[str, tuple[str, ...]] = {
    "code": ("指标编码", "指标代码", "指标编号", "编码"),
    "title_zh": ("指标名称", "名称"),
    "title_en": ("英文名", "指标英文名称"),
    "num": ("分子公式", "分子表达式"),
    "den": ("分母公式", "分母表达式"),
    "unit": ("计量单位", "指标单位"),
    "better": ("指标方向", "方向"),
    "rule": ("计分方式", "计分规则", "评分方法"),
    "points": ("得分", "满分"),
    "floor": ("零分线", "最低值"),
    "target": ("满分线", "目标值"),
    "red": ("红灯", "红灯阈值"),
    "yellow": ("黄灯", "黄灯阈值"),
    "min_den": ("最少样本数", "最小分母"),
    "period": ("周期", "评价周期"),
    "source": ("数据来源",),
    "lead": ("牵头部门", "责任单位", "责任部门"),
    "basis": ("依据", "政策依据", "文件依据"),
    "aim": ("总目标",),
    "weight": ("权重", "类型权重"),
}
NUMBER = _("a number")
OF_UNIT = _("a number; of a percentage 80 or 80%")
PERCENTAGES = ("floor", "target", "step", "red", "yellow")


class Percentage(float):
    """A number that was written with a percent sign."""


def rounded(value: Any) -> Any:
    """A number as its column has it, anything else as it is."""
    return round(value, DECIMALS) if isinstance(value, float) else value


def written(value: float) -> str:
    """A number without zeros at its end."""
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _number(name: str, *, note: Words = NUMBER, **more: Any) -> Column:
    """A number; with a percent sign where ``name`` may hold a percentage. Refused as a decimal is."""
    column = columns.decimal(
        name,
        LABELS[name],
        places=DECIMALS,
        least=-GREATEST,
        most=GREATEST,
        also=ALSO.get(name, ()),
        note=note,
        width=12,
        **more,
    )

    def read(cell: str) -> float | None:
        plain = unicodedata.normalize("NFKC", cell).strip()
        percent = plain.endswith("%") and name in (*PERCENTAGES, "weight")
        value = column.read(plain.removesuffix("%") if percent else cell)
        if value is None:
            return None
        return Percentage(value) if percent else float(value)

    return replace(column, read=read, say=lambda value: "" if value is None else written(value))


def _needed(name: str) -> Words:
    """What belongs into a column that only some rules need."""
    rules = [RULES[rule] for rule, names in NEEDS.items() if name in names]
    joined = format_lazy("、".join("{}" for _rule in rules), *rules)
    what = NOTES.get(name) or (OF_UNIT if name in PERCENTAGES else NUMBER)
    return format_lazy(_("{what}; only for: {rules}"), what=what, rules=joined)


def _text(name: str, most: int, **more: Any) -> Column:
    return columns.text(name, LABELS[name], most=most, also=ALSO.get(name, ()), **more)


def _choice(name: str) -> Column:
    also = ALSO.get(name, ())
    return columns.choice(name, LABELS[name], CHOICES[name], required=True, also=also, width=14)


def _code() -> Column:
    return columns.code("code", LABELS["code"], most=12, key=True, required=True, also=ALSO["code"], width=10)


def _bands() -> Column:
    def read(cell: str) -> str:
        blank = cell.strip() in columns.NOTHING
        return "" if blank else bands_words(READERS["bands"]({"bands": cell}, "bands"))

    return replace(_text("bands", 400, note=_needed("bands"), width=28), read=read)


def _things() -> Column:
    def read(cell: str) -> str:
        blank = cell.strip() in columns.NOTHING
        return "" if blank else "、".join(READERS["things"]({"things": cell}, "things"))

    return replace(_text("things", 1000, note=_needed("things"), width=28), read=read)


def indicator_columns() -> list[Column]:
    """What the table of indicators holds."""
    settings = ("floor", "target", "step", "lose", "win", "min_n")
    expression = _("an expression over the book of facts: count(matter.closed, on_time)")
    share = _("blank only where the numerator is passing(…)")
    return [
        _code(),
        _text("title_zh", 80, required=True, width=28),
        _text("title_en", 120, width=28),
        _text("num", LONGEST, required=True, note=expression, width=40),
        _text("den", LONGEST, note=share, width=40),
        _choice("unit"),
        _choice("better"),
        _choice("rule"),
        _number("points", required=True),
        *[_number(name, note=_needed(name)) for name in settings],
        _bands(),
        _things(),
        _number("red", note=OF_UNIT, required=True),
        _number("yellow", note=OF_UNIT, required=True),
        columns.integer("min_den", LABELS["min_den"], most=GREATEST, required=True, also=ALSO["min_den"]),
        _choice("missing"),
        _choice("period"),
        _choice("source"),
        _text("lead", 60, width=18),
        _text("basis", 200, width=36),
    ]


def heading_columns() -> list[Column]:
    """What the table of headings holds."""
    return [
        _code(),
        columns.choice("level", _("Level"), dict(Heading.Level.choices), required=True, also=("级别",)),
        _text("title_zh", 80, required=True, width=28),
        _text("title_en", 120, width=28),
        _text("aim", 20),
        _text("lead", 60, width=18),
        _number("weight", note=_("a number; 0 for tasks and items"), required=True),
    ]
