"""What a system needs to know before it puts something down: categories, places, buildings, its own key."""

from __future__ import annotations

from typing import Annotated

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from silin.forms.schema import as_rows
from silin.fronts.open.rest import telling
from silin.fronts.open.rest.door import Asked, Bearer, caller
from silin.fronts.open.rest.saying import ALWAYS, PROBLEMS
from silin.fronts.open.rest.shapes import Building, CategoryTold, Key, Place, PlaceTold, Question
from silin.lib.refusal import NotFound
from silin.matters.categories import leaves
from silin.matters.terms import terms_of
from silin.people.queries import posts_of
from silin.places import finding
from silin.places.models import Building as BuildingRow
from silin.places.models import Place as PlaceRow

router = Router(tags=["ground"], auth=Bearer())
MOST = 200
Words = Annotated[str, Field(min_length=1, max_length=40, description="A name, a part of one, its pinyin.")]


@router.get("/key", response={200: Key, **ALWAYS}, summary="What my key may do")
def read_key(request: Asked) -> Key:
    """By which post it comes in, for which place, and how far it goes."""
    post = posts_of(caller(request), timezone.now())[-1:]
    if not post:
        raise NotFound
    client = request.auth
    return Key(
        name=str(client),
        kind=post[0].kind_id,
        place=telling.place(post[0].place),
        scopes=client.scopes,
        per_minute=client.per_minute,
    )


@router.get("/categories", response={200: list[CategoryTold], **ALWAYS}, summary="List categories")
def list_categories(request: Asked) -> list[CategoryTold]:
    """What a matter may be about, and what is asked beside the words."""
    now = timezone.now()
    told = []
    for row in leaves():
        said = terms_of(row, now) or row
        asked = as_rows(said.questions.schema) if said.questions else []
        told.append(
            CategoryTold(
                code=row.pk,
                name=str(said),
                group=str(row.parent),
                handle_days=said.handle_days,
                questions=[Question(**each) for each in asked],
            )
        )
    return told


@router.get("/places", response={200: list[Place], **ALWAYS}, summary="Find places")
def find_places(request: Asked, q: Query[Words]) -> list[Place]:
    """Places by a name, a part of one, its pinyin, or the beginning of a code; wider ones first."""
    return [telling.place(row) for row in finding.find_places(q)]


@router.get("/places/{code}", response={200: PlaceTold, **PROBLEMS}, summary="Read one place")
def read_place(request: Asked, code: Annotated[str, Field(max_length=24)]) -> PlaceTold:
    """A place by its code, with what it lies in and what lies in it."""
    row = PlaceRow.objects.active().filter(code=code).first()
    if row is None:
        raise NotFound
    inside = PlaceRow.objects.active().filter(parent=row).order_by("code")[:MOST]
    return PlaceTold(
        **telling.place(row).dict(),
        parents=[telling.place(each) for each in row.ancestors()],
        children=[telling.place(each) for each in inside],
    )


@router.get("/buildings", response={200: list[Building], **ALWAYS}, summary="Find buildings")
def find_buildings(request: Asked, q: Query[Words]) -> list[Building]:
    """Buildings by what people call them, like ``幸福里5号楼``; at most twenty, the likeliest first."""
    found = [spot for spot in finding.find_spots(q) if isinstance(spot, BuildingRow)]
    return [Building(id=each.pk, name=each.name, grid=telling.place(each.grid)) for each in found]
