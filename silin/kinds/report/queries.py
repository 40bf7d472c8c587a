"""What the pages of a report show: where it may be, who will get it and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import log2

from django.db.models import Q

from silin.files.models import File
from silin.kinds.report.actions import category_of, files_of
from silin.kinds.report.kind import KIND
from silin.kinds.report.models import Draft
from silin.lib.datum import Datum, to_cgcs2000
from silin.lib.masking import Found, find_personal
from silin.matters.models import Category, Matter
from silin.matters.raising import title_of
from silin.matters.routing import route
from silin.matters.similar import Here, Similar, similar
from silin.people.models import Post
from silin.places.finding import find_places, find_spots
from silin.places.levels import Level
from silin.places.models import Boundary, Building, Place
from silin.places.queries import calendar, lines

PLACES_AT_MOST = 10
WORLD_PIXELS = 512  # the whole world at zoom 0
MAP_PIXELS = 360
ZOOM_WITHOUT_OUTLINE = 10


@dataclass(frozen=True)
class Choice:
    """Somewhere a report may be: what the form sends for it, its name, where it lies in words."""

    value: str
    name: str
    where: str


def choices(text: str) -> list[Choice]:
    """The buildings, estates and communities that ``text`` may mean, the likeliest first. Six statements."""
    spots = find_spots(text)
    fine = [place for place in find_places(text) if Level(place.level).depth >= Level.COMMUNITY.depth]
    fine = fine[:PLACES_AT_MOST]
    rows = lines([*(spot.grid if isinstance(spot, Building) else spot.place for spot in spots), *fine])
    found = [
        Choice(
            f"{'building' if isinstance(spot, Building) else 'estate'}:{spot.pk}",
            spot.name,
            f"{_short(where)} › {place.short_name}",
        )
        for spot, (place, where) in zip(spots, rows, strict=False)
    ]
    found += [
        Choice(f"place:{place.code}", place.short_name, _short(where)) for place, where in rows[len(spots) :]
    ]
    return found


@dataclass(frozen=True)
class Preview:
    """What will happen when it is sent: who gets it, until when it is done, what neighbours may see."""

    title: str
    category: Category | None
    place: Place | None
    crumb: list[str]
    post: Post | None
    holder: str
    due: datetime | None
    personal: list[Found]
    photos: list[File]


def preview(draft: Draft, now: datetime) -> Preview:
    """The report as it would go out now. Nine statements at most."""
    category = category_of(draft)
    place = draft.place or (draft.building.grid if draft.building else None)
    routed = route(KIND, place, category, {}, now) if place else None
    post = routed.post if routed else None
    due = calendar().add_days(now, category.handle_days).at if category else None
    return Preview(
        title=title_of(draft.words),
        category=category,
        place=place,
        crumb=_crumb(draft.building, place),
        post=post,
        holder=routed.users[0].name if routed and routed.users else "",
        due=due,
        personal=[*find_personal(draft.words), *find_personal(draft.spot)],
        photos=files_of(draft),
    )


def similar_to(draft: Draft, now: datetime) -> list[Similar]:
    """Open matters that may be the same as what is being written: released ones, and the person's own."""
    place = draft.place or (draft.building.grid if draft.building else None)
    if place is None:
        return []
    rows = Matter.objects.filter(Q(released_at__isnull=False) | Q(raiser=draft.user))
    here = Here(place, _point(draft), category_of(draft), draft.words)
    return similar(rows.select_related("category", "place__parent", "building__estate"), here, now)


def _point(draft: Draft) -> tuple[float, float] | None:
    """Where it is in true degrees: the point as it was located, else the building's."""
    if draft.lon is not None and draft.lat is not None:
        return to_cgcs2000(draft.lon, draft.lat, Datum(draft.datum))
    building = draft.building
    if building is None or building.lon is None or building.lat is None:
        return None
    return building.lon, building.lat


def zoom(place: Place) -> int:
    """How near a map of a phone's width stands to show all of ``place``. One statement."""
    outline = Boundary.objects.filter(place=place, valid_until=None).first()
    if outline is None:
        return ZOOM_WITHOUT_OUTLINE
    degrees = max(outline.max_lon - outline.min_lon, outline.max_lat - outline.min_lat, 0.001)
    return int(log2(MAP_PIXELS / WORLD_PIXELS * 360 / degrees))


def _crumb(building: Building | None, place: Place | None) -> list[str]:
    if place is None:
        return []
    line = [each for each in [*place.ancestors(), place] if Level(each.level).depth >= Level.STREET.depth]
    return [each.short_name for each in line] + ([building.name] if building else [])


def _short(where: str) -> str:
    """The last two places of a line: the city and the county are known here."""
    return " › ".join(where.split(" › ")[-2:])
