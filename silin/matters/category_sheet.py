"""The tree of categories as a spreadsheet: what a file changes holds from the day it is brought in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows
from silin.lib.sheets.sheet import CellProblem, Change, Column, Key, Row, Scope, Sheet, Values
from silin.matters.category_forms import LABELS, MARKS
from silin.matters.models import Category
from silin.matters.terms import NO_CODE, forget, is_code, set_category
from silin.places.sheeting import problem

PLAIN = ("name", "name_en", "mark", "respond_hours", "handle_days", "order", "active")
HOURS_AT_MOST, DAYS_AT_MOST, ORDER_AT_MOST = 400, 365, 9_999


def load(scope: Scope) -> dict[Key, Values]:
    """Every category, retired ones too; the tree is the city's, whatever place was chosen."""
    return {
        (row.pk,): {
            "code": row.pk,
            "group": row.parent_id or "",
            "keywords": " ".join(row.keywords),
            **{name: getattr(row, name) for name in PLAIN},
        }
        for row in Category.objects.order_by("order", "code")
    }


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the group of each line is one, and a category stays in the tree where it was."""
    groups = {each["code"]: each["group"] for each in known.values()}
    groups |= {row.values["code"]: row.values.get("group") or "" for row in rows}
    for row in rows:
        group = row.values.get("group") or ""
        if group and (group not in groups or groups[group] or group == row.values["code"]):
            what = _("There is no group with this code.")
            yield problem(row, "group", "bad_group", what, _("Correct it, or put it into the table."))
        elif (row.values["code"],) not in known and not is_code(row.values["code"]):
            yield problem(row, "code", "bad_code", str(NO_CODE))


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """Groups first, then what lies in them."""
    for change in sorted(changes, key=lambda each: bool(each.after.get("group"))):
        code = change.after["code"]
        row = Category.objects.select_related("parent").filter(pk=code).first() or Category(code=code)
        _say(row, change.after)
        set_category(row, actor=scope.actor, now=scope.now)


def remove(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take the rows away, with what was said of them; tells which have matters by now."""
    left = remove_rows(Category, {row.line: row.values["code"] for row in rows}, own=["terms"])
    forget()
    return left


def lock(scope: Scope) -> None:
    """Nobody changes the categories meanwhile."""
    list(Category.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _say(row: Category, said: Values) -> None:
    if "group" in said:
        row.parent = Category.objects.get(pk=said["group"]) if said["group"] else None
    if "keywords" in said:
        row.keywords = str(said["keywords"] or "").split()
    for name in PLAIN:
        if said.get(name) is not None:
            setattr(row, name, said[name])


def _text(name: str, most: int, **more: Any) -> Column:
    return columns.text(name, LABELS[name], most=most, **more)


CATEGORIES = Sheet(
    key="categories",
    title=gettext_lazy("Categories of matters"),
    about=gettext_lazy(
        "What residents report, in how many hours it is taken and in how many days it is done."
    ),
    capability="city.set_up",
    columns=[
        columns.code("code", LABELS["code"], key=True, required=True, also=("类别代码", "编码")),
        columns.code("group", gettext_lazy("Code of the group"), also=("大类代码", "上级代码")),
        _text("name", 40, required=True, also=("名称", "类别名称"), width=24),
        _text("name_en", 60, required=True, also=("英文名称",), width=28),
        columns.choice("mark", LABELS["mark"], dict(MARKS), required=True),
        columns.integer("respond_hours", LABELS["respond_hours"], least=1, most=HOURS_AT_MOST, required=True),
        columns.integer("handle_days", LABELS["handle_days"], least=1, most=DAYS_AT_MOST, required=True),
        _text("keywords", 1000, also=("关键词",), width=40),
        columns.integer("order", LABELS["order"], most=ORDER_AT_MOST, required=True),
        columns.yes_no("active", LABELS["active"], required=True),
    ],
    load=load,
    write=write,
    check=check,
    remove=remove,
    lock=lock,
)
