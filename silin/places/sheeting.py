"""What the sheets of this room share: the communities of a place, how a mistake is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.sheets import columns
from silin.lib.sheets.sheet import CellProblem, Column, Row, Scope, Values
from silin.places.levels import Level
from silin.places.models import Place
from silin.places.models.place import PlaceQuerySet

DIGITS_OF_A_POINT = 6


def community_column() -> Column:
    """The code of the community: the first part of a key."""
    return columns.code(
        "community",
        gettext_lazy("Code of the community"),
        digits=12,
        key=True,
        required=True,
        also=("社区编码", "所属社区代码", "sqdm"),
        width=22,
    )


def point_columns() -> list[Column]:
    """Longitude and latitude, as surveyors give them."""
    note = gettext_lazy("decimal degrees, CGCS2000 or GPS; both or neither")
    lon, lat = gettext_lazy("Longitude"), gettext_lazy("Latitude")
    digits = DIGITS_OF_A_POINT
    return [
        columns.decimal("lon", lon, places=digits, least=73, most=136, note=note, also=("经度坐标", "x")),
        columns.decimal("lat", lat, places=digits, least=3, most=54, note=note, also=("纬度坐标", "y")),
    ]


def communities(scope: Scope, values: Iterable[Values]) -> dict[str, Place]:
    """The communities of the place that are named, by code."""
    codes = {each["community"] for each in values}
    return {place.code: place for place in communities_of(scope).filter(code__in=codes)}


def communities_of(scope: Scope) -> PlaceQuerySet:
    """The communities in use at the place."""
    return within(scope).filter(level=Level.COMMUNITY).active()


def within(scope: Scope) -> PlaceQuerySet:
    """The place and whatever lies in it."""
    return Place.objects.filter(path__gte=scope.path, path__lt=f"{scope.path}a")


def problem(row: Row, column: str, code: str, what: str, mend: str = "") -> CellProblem:
    """What is wrong in ``column`` of ``row``."""
    return CellProblem(row.line, column, code, what, mend)


def elsewhere(row: Row) -> CellProblem:
    """The community is not one of the place."""
    return problem(row, "community", "elsewhere", _("The place you chose has no community of this code."))


def check_point(row: Row, before: Values | None) -> Iterator[CellProblem]:
    """Whether the row has both halves of a point, or neither."""
    values = {**(before or {}), **row.values}
    halves = {name: values.get(name) is None for name in ("lon", "lat")}
    if len(set(halves.values())) == 2:
        missing = next(name for name, lacks in halves.items() if lacks)
        yield problem(row, missing, "half_point", _("A point needs both longitude and latitude."))


def rounded(degrees: float | None) -> Decimal | None:
    """A half of a point as the sheet has it."""
    return None if degrees is None else round(Decimal(str(degrees)), DIGITS_OF_A_POINT)


def fields(after: Values, before: Values | None, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """What differs, ready to be set; a blank cell gives the default of its field."""
    known = before or {}
    return {
        name: default if after.get(name) in (None, "") else _plain(after[name])
        for name, default in defaults.items()
        if before is None or after.get(name) != known.get(name)
    }


def set_fields(row: Any, values: Mapping[str, Any]) -> Any:
    """``row`` with the values set."""
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
