"""Reading matters: the list, one of them, its pictures."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from silin.accounts.models import User
from silin.files.http import answer
from silin.fronts.open.rest import telling
from silin.fronts.open.rest.door import Asked, Bearer, caller
from silin.fronts.open.rest.saying import PROBLEMS, PROBLEMS_OF_LIST, READ
from silin.fronts.open.rest.shapes import MatterPage, MatterTold, Moment, Said
from silin.lib.ids import read_number
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.matters.models import Matter, MatterQuerySet, Photo
from silin.matters.queries import listed_for
from silin.places.models import Place

router = Router(tags=["matters"], auth=Bearer(READ))
BESIDE = ("voice_note", "answers_to")


class Asking(Said):
    """Which matters: each narrows the list further."""

    which: Literal["seen", "public"] = Field(
        "seen", description="What the post of the key sees or put down itself, or what everybody may read."
    )
    state: Literal["raised", "assigned", "in_hand", "waiting", "answered", "closed", "withdrawn", ""] = ""
    kind: str = Field("", max_length=40, examples=["report"])
    category: str = Field("", max_length=40, description="Its code.")
    place: str = Field("", max_length=24, description="The code of a place; what lies beneath counts.")
    raised_since: Moment | None = None
    changed_since: Moment | None = None
    after: str = Field("", max_length=2000, description="The ``next`` of the page before.")
    limit: int = Field(30, ge=1, le=200)


@router.get("/matters", response={200: MatterPage, **PROBLEMS_OF_LIST}, summary="List matters")
def list_matters(request: Asked, asking: Query[Asking]) -> MatterPage:
    """The newest first, page by page: give the ``next`` of a page as ``after`` for the one behind it."""
    rows = _asked_of(request, asking)
    page = page_by_key(rows.select_related("category", "place"), ("-raised_at",), asking.after, asking.limit)
    told = telling.public_line if asking.which == "public" else telling.seen_line
    return MatterPage(matters=[told(row) for row in page.rows], next=page.next)


@router.get("/matters/{number}", response={200: MatterTold, **PROBLEMS}, summary="Read one matter")
def read_matter(request: Asked, number: Annotated[str, Field(max_length=40)]) -> MatterTold:
    """With all that happened and every part, as far as the key may see it, and what it may do now."""
    return telling.whole(matter_for(caller(request), number), caller(request), timezone.now())


@router.get(
    "/matters/{number}/photos/{photo}",
    response=PROBLEMS,
    openapi_extra={"responses": {200: {"description": "The picture.", "content": {"image/jpeg": {}}}}},
    url_name="photo",
    summary="Read a picture of a matter",
)
def read_photo(request: Asked, number: Annotated[str, Field(max_length=40)], photo: UUID) -> HttpResponse:
    """A picture of a matter, as the steps of the matter name it."""
    matter = seen(caller(request), number)
    row = Photo.objects.filter(matter=matter, pk=photo).select_related("file").first() if matter else None
    if (
        matter is None
        or row is None
        or (row.unsigned and not caller(request).has_perm("matters.see", matter))
    ):
        raise NotFound
    return answer(row.file, request=request)


def matter_for(user: User, number: str) -> Matter:
    """The matter with that number, where ``user`` may see it or everybody may. Raises ``NotFound``."""
    found = seen(user, number) or rows_of(number, Matter.objects.public()).first()
    if found is None:
        raise NotFound
    return found


def seen(user: User, number: str) -> Matter | None:
    """The matter with that number, where ``user`` is more to it than a neighbour."""
    return rows_of(number, Matter.objects.seen_by(user)).first()


def rows_of(number: str, among: MatterQuerySet) -> MatterQuerySet:
    """The matter of that number among some, with what is told of it. Raises ``NotFound``."""
    try:
        wanted = read_number(number)
    except Refused as refusal:
        raise NotFound from refusal
    return among.with_names().select_related(*BESIDE).filter(number=wanted)


def _asked_of(request: Asked, asking: Asking) -> MatterQuerySet:
    public = asking.which == "public"
    rows = Matter.objects.public() if public else listed_for(caller(request))
    exact = {"state": asking.state, "kind": asking.kind, "category": asking.category}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asking.place:
        rows = rows.under(_place(asking.place))
    since = {"raised_at__gte": asking.raised_since, "changed_at__gte": asking.changed_since}
    return rows.filter(**{name: moment for name, moment in since.items() if moment})


def _place(code: str) -> Place:
    found = Place.objects.filter(code=code).first()
    if found is None:
        raise NotFound(field="place")
    return found
