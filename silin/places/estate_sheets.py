"""Estates, their buildings and their figures as spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Count
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows
from silin.lib.sheets.sheet import CellProblem, Change, Column, Key, Row, Scope, Sheet, Values
from silin.places.actions import add_buildings, add_estates
from silin.places.estate_actions import FIRST_YEAR, MOST
from silin.places.levels import Level
from silin.places.models import (
    BOUNDARIES,
    YES_OR_NO,
    Building,
    Estate,
    EstateFigure,
    Place,
    Revision,
)
from silin.places.sheeting import (
    check_point,
    communities,
    communities_of,
    community_column,
    elsewhere,
    fields,
    point_columns,
    problem,
    rounded,
    set_fields,
)

ESTATE_FIELDS = {
    "built_year": None,
    "no_manager": None,
    "no_responsible": None,
    "no_guard": None,
    "handed_over": None,
    "handed_over_by": "",
    "renewal": "",
}
BUILDING_FIELDS = {"entrances": 1, "floors": 1, "lon": None, "lat": None}


def lock(scope: Scope) -> None:
    """Nobody changes the communities, their estates or the territory meanwhile; in the order of the verbs."""
    Revision.objects.hold(BOUNDARIES)
    places = communities_of(scope)
    list(places.select_for_update().order_by("pk").values_list("pk", flat=True))
    estates = Estate.objects.filter(place__in=communities_of(scope))
    list(estates.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def load_estates(scope: Scope) -> dict[Key, Values]:
    """The estates of the communities at the place."""
    found = Estate.objects.filter(place__in=communities_of(scope)).select_related("place")
    return {
        (estate.place.code, estate.name): {
            "community": estate.place.code,
            "name": estate.name,
            **{name: getattr(estate, name) for name in ESTATE_FIELDS},
        }
        for estate in found.order_by("place__path", "name")
    }


def check_estates(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the community is one of the place, and nothing was built in a year to come."""
    here, this_year = communities(scope, (row.values for row in rows)), localdate(scope.now).year
    for row in rows:
        if row.values["community"] not in here:
            yield elsewhere(row)
        elif (row.values.get("built_year") or 0) > this_year:
            yield problem(row, "built_year", "bad_year", _("That year has not come yet."))


def write_estates(scope: Scope, changes: Sequence[Change]) -> None:
    """New estates, and what is now known about the others."""
    here = communities(scope, (change.after for change in changes))
    estates, fresh, old = _estates(scope, [change.after["name"] for change in changes]), [], []
    for change in changes:
        values = fields(change.after, change.before, ESTATE_FIELDS)
        community, name = change.after["community"], change.after["name"]
        if change.before is None:
            fresh.append(Estate(place=here[community], name=name, **values))
        else:
            old.append(set_fields(estates[community, name], values))
    if fresh:
        add_estates(fresh, actor=scope.actor, now=scope.now)
    Estate.objects.bulk_update(old, list(ESTATE_FIELDS), batch_size=200)
    Revision.objects.bump(BOUNDARIES)


def remove_estates(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take estates away that have nothing yet."""
    there = _estates(scope, [row.values["name"] for row in rows])
    keys = {row.line: there[row.values["community"], row.values["name"]].pk for row in rows}
    Revision.objects.bump(BOUNDARIES)
    return remove_rows(Estate, keys, {"search_keys"})


def load_buildings(scope: Scope) -> dict[Key, Values]:
    """The buildings of the estates at the place."""
    found = Building.objects.filter(estate__place__in=communities_of(scope)).select_related(
        "estate__place", "grid"
    )
    rows = sorted(found, key=lambda each: (each.estate.place.path, each.estate.name, each.order))
    return {
        (row.estate.place.code, row.estate.name, row.number): {
            "community": row.estate.place.code,
            "estate": row.estate.name,
            "number": row.number,
            "grid": row.grid.code,
            "entrances": row.entrances,
            "floors": row.floors,
            "lon": rounded(row.lon),
            "lat": rounded(row.lat),
        }
        for row in rows
    }


def check_buildings(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether estate and grid are there, in one community, and no entrance that is written down is lost."""
    good, bad = _with_estate(scope, rows)
    yield from bad
    grids = _grids(row.values for row in good if "grid" in row.values)
    doors = _doors(scope)
    for row in good:
        values, key = row.values, BUILDINGS.key_of(row.values)
        grid = grids.get(values.get("grid", ""))
        if (
            "grid" in values
            and values["grid"] != known.get(key, {}).get("grid")
            and (grid is None or grid.unit != values["community"])
        ):
            what = _("This community has no grid of this number.")
            yield problem(row, "grid", "wrong_grid", what, _("Export the grids: their numbers stand there."))
        written = doors.get(key, 0)
        if "entrances" in values and (values["entrances"] or 1) < written:
            what = _("%(n)s entrances are written down one by one already.") % {"n": written}
            yield problem(row, "entrances", "few_entrances", what)
        yield from check_point(row, known.get(key))


def write_buildings(scope: Scope, changes: Sequence[Change]) -> None:
    """New buildings, and what is now known about the others."""
    estates = _estates(scope, [change.after["estate"] for change in changes])
    grids = _grids(change.after for change in changes)
    wanted = Building.objects.filter(estate__in=estates.values())
    known = {(row.estate_id, row.number): row for row in wanted}
    fresh, old = [], []
    for change in changes:
        estate = estates[change.after["community"], change.after["estate"]]
        values = fields(change.after, change.before, BUILDING_FIELDS)
        number = change.after["number"]
        if change.before is None or change.before["grid"] != change.after["grid"]:
            values["grid"] = grids[change.after["grid"]]
        if change.before is None:
            fresh.append(Building(estate=estate, number=number, **values))
        else:
            old.append(set_fields(known[estate.pk, number], values))
    if fresh:
        add_buildings(fresh, actor=scope.actor, now=scope.now)
    Building.objects.bulk_update(old, ["grid", *BUILDING_FIELDS], batch_size=200)
    Revision.objects.bump(BOUNDARIES)


def remove_buildings(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take buildings away in which nobody lives and of which no entrance is written down."""
    found = Building.objects.filter(estate__place__in=communities_of(scope))
    named = found.values_list("estate__place__code", "estate__name", "number", "pk")
    there = {tuple(key): pk for *key, pk in named}
    Revision.objects.bump(BOUNDARIES)
    return remove_rows(Building, {row.line: there[BUILDINGS.key_of(row.values)] for row in rows})


def load_figures(scope: Scope) -> dict[Key, Values]:
    """What was said about the estates at the place; of one day what was said last."""
    found = EstateFigure.objects.filter(estate__place__in=communities_of(scope)).select_related(
        "estate__place"
    )
    return {
        (row.estate.place.code, row.estate.name, row.name, row.as_of): {
            "community": row.estate.place.code,
            "estate": row.estate.name,
            "figure": row.name,
            "as_of": row.as_of,
            "value": row.value,
            "said_by": row.said_by,
        }
        for row in found.order_by("estate__place__path", "estate__name", "name", "as_of", "pk")
    }


def check_figures(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the estate is there, the day has come, and yes or no is 1 or 0."""
    good, bad = _with_estate(scope, rows)
    yield from bad
    today = localdate(scope.now)
    for row in good:
        if row.values["as_of"] > today:
            yield problem(row, "as_of", "future", _("That day has not come yet."))
        if row.values["figure"] in YES_OR_NO and row.values.get("value", 0) > 1:
            yield problem(row, "value", "bad_figure", _("Write 1 for yes and 0 for no."))


def write_figures(scope: Scope, changes: Sequence[Change]) -> None:
    """Each as a row of its own; what was said earlier stays."""
    estates = _estates(scope, [change.after["estate"] for change in changes])
    rows = [
        EstateFigure(
            estate=estates[change.after["community"], change.after["estate"]],
            name=change.after["figure"],
            value=change.after["value"],
            as_of=change.after["as_of"],
            said_by=change.after["said_by"],
            recorded_at=scope.now,
            recorded_by=scope.actor,
        )
        for change in changes
    ]
    EstateFigure.objects.bulk_create(rows, batch_size=500)


def remove_figures(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take back what was said."""
    found = EstateFigure.objects.filter(estate__place__in=communities_of(scope)).order_by("pk")
    named = found.values_list("estate__place__code", "estate__name", "name", "as_of", "pk")
    there = {tuple(key): pk for *key, pk in named}
    return remove_rows(EstateFigure, {row.line: there[ESTATE_FIGURES.key_of(row.values)] for row in rows})


def _estates(scope: Scope, names: Iterable[str]) -> dict[tuple[str, str], Estate]:
    """The estates at the place that bear one of the names, by community and name."""
    found = Estate.objects.filter(place__in=communities_of(scope), name__in=set(names)).select_related(
        "place"
    )
    return {(estate.place.code, estate.name): estate for estate in found}


def _with_estate(scope: Scope, rows: Sequence[Row]) -> tuple[list[Row], list[CellProblem]]:
    """The rows whose estate is there, and what is wrong with the others."""
    here = communities(scope, (row.values for row in rows))
    estates = _estates(scope, [row.values["estate"] for row in rows])
    good, bad = [], []
    for row in rows:
        if row.values["community"] not in here:
            bad.append(elsewhere(row))
        elif (row.values["community"], row.values["estate"]) not in estates:
            what = _("This community has no estate of this name.")
            bad.append(problem(row, "estate", "no_estate", what, _("Correct it, or bring in estates first.")))
        else:
            good.append(row)
    return good, bad


def _grids(values: Iterable[Values]) -> dict[str, Place]:
    """The grids and micro-grids in use that are named, by number."""
    levels = [level for level in Level if level.depth >= Level.GRID.depth]
    codes = {each["grid"] for each in values}
    return {place.code: place for place in Place.objects.active().filter(level__in=levels, code__in=codes)}


def _doors(scope: Scope) -> dict[Key, int]:
    """How many entrances of a building are written down one by one."""
    found = Building.objects.filter(estate__place__in=communities_of(scope)).exclude(doors=None)
    rows = found.annotate(n=Count("doors"))
    return {
        (community, estate, number): n
        for community, estate, number, n in rows.values_list(
            "estate__place__code", "estate__name", "number", "n"
        )
    }


def _estate_column() -> Column:
    title = gettext_lazy("Name of the estate")
    return columns.text(
        "estate", title, most=60, key=True, required=True, also=("小区", "所属小区"), width=24
    )


ESTATES = Sheet(
    key="estates",
    title=gettext_lazy("Estates"),
    about=gettext_lazy("The estates of each community and what they lack."),
    capability="places.edit",
    columns=[
        community_column(),
        columns.text(
            "name",
            gettext_lazy("Name of the estate"),
            most=60,
            key=True,
            required=True,
            also=("小区", "名称"),
            width=24,
        ),
        columns.year(
            "built_year", gettext_lazy("Built in the year"), least=FIRST_YEAR, also=("建成年代", "建设年份")
        ),
        columns.yes_no("no_manager", gettext_lazy("No property company"), also=("无物业管理",)),
        columns.yes_no("no_responsible", gettext_lazy("No responsible unit"), also=("无主管单位",)),
        columns.yes_no("no_guard", gettext_lazy("No guarding"), also=("无人防物防",)),
        columns.yes_no(
            "handed_over",
            gettext_lazy("Handed over by a firm with water, power, heating and upkeep"),
            also=("三供一业",),
        ),
        columns.text("handed_over_by", gettext_lazy("Which firm"), most=60),
        columns.choice("renewal", gettext_lazy("Renewal"), dict(Estate.Renewal.choices)),
    ],
    load=load_estates,
    write=write_estates,
    remove=remove_estates,
    check=check_estates,
    lock=lock,
    after=("divisions",),
)

BUILDINGS = Sheet(
    key="buildings",
    title=gettext_lazy("Buildings"),
    about=gettext_lazy("The buildings of each estate and the grid that answers for each."),
    capability="places.edit",
    columns=[
        community_column(),
        _estate_column(),
        columns.text(
            "number",
            gettext_lazy("Number of the building"),
            most=12,
            key=True,
            required=True,
            also=("楼号", "楼栋", "幢号"),
        ),
        columns.code(
            "grid",
            gettext_lazy("Number of the grid"),
            required=True,
            note=gettext_lazy("the number of a grid or micro-grid, as in the export of grids"),
            also=("网格编号", "网格代码", "所属网格"),
            width=24,
        ),
        columns.integer(
            "entrances", gettext_lazy("Entrances"), most=99, unit="个", keeps=True, also=("单元",)
        ),
        columns.integer("floors", gettext_lazy("Floors"), most=200, unit="层", keeps=True, also=("楼层数",)),
        *point_columns(),
    ],
    load=load_buildings,
    write=write_buildings,
    remove=remove_buildings,
    check=check_buildings,
    lock=lock,
    after=("estates", "grids"),
)

ESTATE_FIGURES = Sheet(
    key="estate_figures",
    title=gettext_lazy("Figures of estates"),
    about=gettext_lazy("Lifts, parking, chargers …: as of a day, and who said so. Earlier figures stay."),
    capability="places.edit",
    columns=[
        community_column(),
        _estate_column(),
        columns.choice(
            "figure",
            gettext_lazy("Figure"),
            dict(EstateFigure.Name.choices),
            key=True,
            required=True,
            width=24,
        ),
        columns.day("as_of", gettext_lazy("As of which day"), key=True, required=True, also=("截至",)),
        columns.integer(
            "value",
            gettext_lazy("How many"),
            most=MOST,
            required=True,
            also=("数量", "数值"),
            note=gettext_lazy("a whole number; where it asks yes or no: 1 or 0"),
        ),
        columns.text("said_by", gettext_lazy("Who said so"), most=60, required=True, width=24),
    ],
    load=load_figures,
    write=write_figures,
    remove=remove_figures,
    check=check_figures,
    lock=lock,
    after=("estates",),
)
