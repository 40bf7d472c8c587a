"""What programs of others read of many matters: no door, no name, nothing that a desk has not seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import floor
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.datum import from_cgcs2000
from silin.matters import cells
from silin.matters.models import Matter, MatterQuerySet, matter_id
from silin.matters.open import covered

Box = tuple[float, float, float, float]
ENDINGS = ("answer", "sign", "settle_at_once", "triage", "close")
WIDE = 0.05  # degrees


def point_of(matter: Matter, datum: str) -> tuple[float, float] | None:
    """Longitude and latitude of the building it is at, else of the middle of its grid: never nearer."""
    for there in (matter.building, matter.place, matter.place.parent):
        if there is not None and there.lon is not None and there.lat is not None:
            return rounded(there.lon, there.lat, datum)
    return None


def exact_point_of(matter: Matter, datum: str) -> tuple[float, float] | None:
    """The point as it was reported, for those who handle it; else as ``point_of``."""
    if matter.lon is None or matter.lat is None:
        return point_of(matter, datum)
    return rounded(matter.lon, matter.lat, datum)


def rounded(lon: float, lat: float, datum: str) -> tuple[float, float]:
    """A true point as a map of ``datum`` shows it, to a tenth of a metre."""
    lon, lat = from_cgcs2000(lon, lat, datum)
    return round(lon, 6), round(lat, 6)


def endings_of(matters: Iterable[Matter], *, seen: Iterable[UUID] = ()) -> dict[UUID, str]:
    """What was last written with an answer or at the end of each matter, with numbers covered. One statement.

    As everybody may read it, so not what came after the release; all of it of those in ``seen``.
    """
    rows, inner = {row.pk: row for row in matters if row.outcome}, set(seen)
    if not rows:
        return {}
    subjects = [row.subject for row in rows.values()]
    lines = Entry.objects.filter(subject__in=subjects, action__in=ENDINGS, words__isnull=False)
    found: dict[UUID, str] = {}
    for line in lines.select_related("words").order_by("subject", "seq"):
        key = matter_id(line.subject)
        if key in inner or was_released(rows[key], line.at):
            found[key] = covered(line.text)
    return found


def was_released(matter: Matter, at: datetime) -> bool:
    """Whether a desk had seen what was said at ``at`` when it last released the matter."""
    return matter.released_at is not None and at <= matter.released_at


def seen_among(rows: Iterable[Matter], user: User, *, looks: bool) -> set[UUID]:
    """Those of ``rows`` that a system itself put down; with ``looks`` what its post lets it see as well.

    One statement at most.
    """
    found = list(rows)
    seen = {row.pk for row in found if row.put_down_by_id == user.pk}
    if looks and found:
        keys = [row.pk for row in found]
        seen |= set(Matter.objects.seen_by(user).filter(pk__in=keys).values_list("pk", flat=True))
    return seen


def inside(rows: MatterQuerySet, box: Box) -> MatterQuerySet:
    """Those in the small squares of the map that a box touches (west, south, east, north; true degrees).

    Never by a finer box: asked often enough it would tell the very door. In a wide box the newest are looked
    for in their order: SQLite is told, PostgreSQL knows it by its statistics where the edges stand in the
    statement itself (one prepared with gaps is planned for any box).
    """
    size = cells.DEGREES[cells.SMALL]
    west, south = (floor(edge / size) * size for edge in box[:2])
    east, north = ((floor(edge / size) + 1) * size for edge in box[2:])
    lat, lon = "lat", "lon"
    if connection.vendor == "sqlite" and max(east - west, north - south) > WIDE:
        rows, lat, lon = rows.alias(at_lat=F("lat") + 0.0, at_lon=F("lon") + 0.0), "at_lat", "at_lon"
    edges = {f"{lat}__gte": south, f"{lat}__lt": north, f"{lon}__gte": west, f"{lon}__lt": east}
    if connection.vendor == "postgresql":
        return rows.filter(**{edge: RawSQL(repr(degrees), ()) for edge, degrees in edges.items()})
    return rows.filter(**edges)
