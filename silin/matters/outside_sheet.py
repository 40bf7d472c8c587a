"""What outside systems call their sorts of matters, and our categories, as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.sheets import columns
from silin.lib.sheets.sheet import CellProblem, Change, Key, Row, Scope, Sheet, Values
from silin.matters.models import Category, OutsideSystem, OutsideType
from silin.matters.outside import set_type
from silin.matters.terms import leaves
from silin.places.sheeting import problem


def load(scope: Scope) -> dict[Key, Values]:
    """Every type with a category; they are the city's, whatever place was chosen."""
    return {
        (row.system_id, row.name): {
            "system": row.system_id,
            "name": row.name,
            "category": row.category_id,
        }
        for row in OutsideType.objects.all()
    }


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether system and category are there."""
    here = set(OutsideSystem.objects.values_list("pk", flat=True))
    there = {leaf.pk for leaf in leaves()}
    for row in rows:
        if row.values["system"] not in here:
            yield problem(row, "system", "no_system", _("There is no such system."))
        elif row.values.get("category") not in there:
            what = _("There is no category of this code.")
            yield problem(row, "category", "no_category", what, _("A group is none: write what lies in it."))


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """Each type has its category from now on."""
    systems, categories = OutsideSystem.objects.in_bulk(), Category.objects.in_bulk()
    for change in changes:
        values = change.after
        category = categories[values["category"]]
        set_type(systems[values["system"]], values["name"], category, actor=scope.actor, now=scope.now)


def remove(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Nothing is said of the types any more."""
    systems = OutsideSystem.objects.in_bulk()
    for row in rows:
        set_type(systems[row.values["system"]], row.values["name"], None, actor=scope.actor, now=scope.now)
    return []


def lock(scope: Scope) -> None:
    """Nobody changes the systems meanwhile."""
    list(OutsideSystem.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


TYPES = Sheet(
    key="outside_types",
    title=gettext_lazy("Sorts of matters in other systems"),
    about=gettext_lazy("What the hotline and other systems call a matter, and which category it is here."),
    capability="city.set_up",
    columns=[
        columns.code("system", gettext_lazy("Code of the system"), key=True, required=True),
        columns.text(
            "name",
            gettext_lazy("What it is called there"),
            most=60,
            note=gettext_lazy("as it stands in their sheet; * is whatever else they call one"),
            key=True,
            required=True,
            also=("诉求类型", "类型名称"),
            width=28,
        ),
        columns.code("category", gettext_lazy("Code of our category"), required=True, also=("类别代码",)),
    ],
    load=load,
    write=write,
    check=check,
    remove=remove,
    lock=lock,
    after=("categories",),
)
