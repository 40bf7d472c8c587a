"""The facilities of a place as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.sheets import columns
from silin.lib.sheets.removing import remove_rows
from silin.lib.sheets.sheet import CellProblem, Change, Column, Key, Row, Scope, Sheet, Values
from silin.places.hours import parse_hours, say_hours
from silin.places.levels import Level
from silin.places.models import Block, Facility, FacilityKind, Place
from silin.places.models.facility import FacilityQuerySet
from silin.places.models.place import PlaceQuerySet
from silin.places.sheeting import check_point, fields, point_columns, problem, rounded, set_fields, within

FIELDS = {
    "hours": [],
    "closed_on_days_off": False,
    "telephone": "",
    "capacity": None,
    "step_free": None,
    "accessible_toilet": None,
    "accessible_parking": None,
    "active_from": None,
}
POINT = {"lon": None, "lat": None}


def load(scope: Scope) -> dict[Key, Values]:
    """The facilities at the place that nobody has closed."""
    rows = _facilities(scope).select_related("place", "kind", "block")
    return {
        (row.place.code, row.kind.title, row.name, row.spot): {
            "place": row.place.code,
            "kind": row.kind.title,
            "name": row.name,
            "spot": row.spot,
            "block": row.block.name if row.block else "",
            **{name: getattr(row, name) for name in FIELDS},
            "lon": rounded(row.lon),
            "lat": rounded(row.lat),
        }
        for row in rows.order_by("place__path", "kind", "name", "pk")
    }


def check(scope: Scope, rows: Sequence[Row], known: Mapping[Key, Values]) -> Iterator[CellProblem]:
    """Whether the place is one of the chosen one's, the kind is known, the block is of the community."""
    here, kinds = _places(scope, (row.values for row in rows)), _kinds()
    blocks = _blocks(scope)
    for row in rows:
        values, place = row.values, here.get(row.values["place"])
        if place is None:
            what = _("The place you chose has no community or grid of this code.")
            yield problem(row, "place", "elsewhere", what, _("Correct the code."))
            continue
        if values["kind"] not in kinds:
            what = _("There is no such kind of facility.")
            mend = _("Choose among: %(known)s.") % {"known": "、".join(kinds)}
            yield problem(row, "kind", "bad_kind", what, mend)
        if values.get("block") and (place.unit, values["block"]) not in blocks:
            yield problem(row, "block", "no_block", _("This community has no block of this name."))
        yield from check_point(row, known.get(FACILITIES.key_of(values)))


def write(scope: Scope, changes: Sequence[Change]) -> None:
    """New facilities, and what is now known about the others."""
    here, kinds = _places(scope, (change.after for change in changes)), _kinds()
    blocks = _blocks(scope)
    rows = _facilities(scope).filter(name__in={change.after["name"] for change in changes})
    known = {(row.place_id, row.kind_id, row.name, row.spot): row for row in rows.order_by("pk")}
    fresh, old = [], []
    for change in changes:
        place, kind = here[change.after["place"]], kinds[change.after["kind"]]
        name, spot = change.after["name"], change.after["spot"]
        values = fields(change.after, change.before, {**FIELDS, **POINT})
        values["block"] = blocks.get((place.unit, change.after.get("block", "")))
        if change.before is None:
            fresh.append(Facility(place=place, kind=kind, name=name, spot=spot, **values))
        else:
            old.append(set_fields(known[place.pk, kind.pk, name, spot], values))
    Facility.objects.bulk_create(fresh, batch_size=500)
    Facility.objects.bulk_update(old, ["block", *FIELDS, *POINT], batch_size=100)


def remove(scope: Scope, rows: Sequence[Row]) -> list[CellProblem]:
    """Take facilities away to which nothing points yet."""
    found = _facilities(scope).order_by("-pk").values_list("place__code", "kind__title", "name", "spot", "pk")
    there = {tuple(key): pk for *key, pk in found}
    keys = {row.line: there[FACILITIES.key_of(row.values)] for row in rows}
    return remove_rows(Facility, keys, {"search_keys"})


def lock(scope: Scope) -> None:
    """Nobody changes the facilities meanwhile; in the order of the verbs."""
    list(_facilities(scope).select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    places = within(scope).select_for_update().order_by("pk")
    list(places.values_list("pk", flat=True))


def _facilities(scope: Scope) -> FacilityQuerySet:
    places = _standing(scope)
    return Facility.objects.filter(place__in=places, active_until=None)


def _standing(scope: Scope) -> PlaceQuerySet:
    """The communities and finer places in use at the place."""
    levels = [level for level in Level if level.depth >= Level.COMMUNITY.depth]
    return within(scope).filter(level__in=levels).active()


def _places(scope: Scope, values: Iterable[Values]) -> dict[str, Place]:
    found = _standing(scope).filter(code__in={each["place"] for each in values})
    return {place.code: place for place in found}


def _kinds() -> dict[str, FacilityKind]:
    return {kind.title: kind for kind in FacilityKind.objects.all()}


def _blocks(scope: Scope) -> dict[tuple[str, str], Block]:
    """The blocks of the communities at the place by community and name; of a grid, of its community."""
    communities = _standing(scope).filter(level=Level.COMMUNITY).values("code")
    mine = Q(place__code__in=communities) | Q(place__code=scope.code[:12])
    found = Block.objects.filter(mine).select_related("place")
    return {(block.place.code, block.name): block for block in found}


def _columns() -> list[Column]:
    return [
        columns.code(
            "place",
            gettext_lazy("Code of the community or grid"),
            note=gettext_lazy("12 digits of a community or 17 of a grid, the cell formatted as text"),
            also=("社区代码", "网格编号"),
            width=24,
            key=True,
            required=True,
        ),
        columns.text(
            "kind",
            gettext_lazy("Kind"),
            most=30,
            note=gettext_lazy("the name of a kind, as 药店 or 公交站"),
            also=("类别", "类型"),
            key=True,
            required=True,
        ),
        columns.text(
            "name", gettext_lazy("Name"), most=60, also=("设施名称",), width=24, key=True, required=True
        ),
        columns.text(
            "spot", gettext_lazy("Where exactly"), most=60, key=True, also=("具体位置", "地址"), width=24
        ),
        columns.text("block", gettext_lazy("Block"), most=60),
        _hours(),
        columns.yes_no(
            "closed_on_days_off", gettext_lazy("Closed on holidays, open on make-up workdays"), keeps=True
        ),
        columns.text("telephone", gettext_lazy("Telephone"), most=30, also=("联系电话",)),
        columns.integer("capacity", gettext_lazy("Places: beds, seats, spaces")),
        columns.yes_no("step_free", gettext_lazy("Reached without steps")),
        columns.yes_no("accessible_toilet", gettext_lazy("Toilet for wheelchairs")),
        columns.yes_no("accessible_parking", gettext_lazy("Parking for wheelchairs")),
        columns.day("active_from", gettext_lazy("Open since")),
        *point_columns(),
    ]


def _hours() -> Column:
    hours = columns.text(
        "hours",
        gettext_lazy("Hours"),
        most=400,
        note=gettext_lazy("“周一至周五 8:30-12:00 14:00-18:00；周六 9:00-12:00”, “24小时”."),
        also=("营业时间",),
        width=32,
    )
    return replace(hours, read=parse_hours, say=lambda week: say_hours(week or []))


FACILITIES = Sheet(
    key="facilities",
    title=gettext_lazy("Facilities"),
    about=gettext_lazy("Shops, clinics, bus stops …: what is near home, and when it is open."),
    capability="places.edit",
    columns=_columns(),
    load=load,
    write=write,
    remove=remove,
    check=check,
    lock=lock,
    after=("grids",),
)
