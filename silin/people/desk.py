"""Who holds which post, as desks see it: their own territory, with the posts that nobody holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound
from silin.people import queries
from silin.people.doors import for_posts, viewer
from silin.people.models import Holding, Post, PostKind, PostQuerySet, today
from silin.places.levels import Level
from silin.places.models import Place

SEE, EDIT = "people.see", "people.edit"
SIZE = 60
ORDER = ("-rank", "path", "serial")


@dataclass(frozen=True)
class Count2:
    """How many posts of one kind there are, and how many of them somebody holds today."""

    family: str
    code: str
    title: str
    n: int
    held: int

    @property
    def vacant(self) -> int:
        return self.n - self.held


@for_posts(SEE)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``people.see``: to the posts of their own place."""
    own = queries.places_where(viewer(request), SEE, timezone.now())[0]
    return redirect("people:desk_posts_place", own.code)


@for_posts(SEE)
@require_safe
def posts(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``people.see`` over the place: its posts by kind, who holds them, which are vacant."""
    rows = Place.objects.select_related("parent__parent__parent").filter(code=code)
    place = rows.first()
    if place is None or not request.user.has_perm(SEE, place):
        raise NotFound
    now = timezone.now()
    kind, vacant = request.GET.get("kind", ""), request.GET.get("vacant") == "1"
    found = _posts(place, now)
    counts = _counts(found)
    if kind:
        found = found.filter(kind=kind)
    if vacant:
        found = found.filter(Q(held=False))
    page = page_by_key(_with_people(found, now), ORDER, request.GET.get("after", ""), SIZE)
    context = {
        "place": place,
        "crumb": _crumb(request, place),
        "counts": counts,
        "n": sum(each.n for each in counts),
        "held": sum(each.held for each in counts),
        "kind": kind,
        "vacant": vacant,
        "page": page,
        "vacant_url": _address(kind=kind, vacant="" if vacant else "1"),
        "all_url": _address(vacant="1" if vacant else ""),
        "edits": request.user.has_perm(EDIT, place),
    }
    return render(request, "people/desk/posts.html", context)


def _posts(place: Place, now: datetime) -> PostQuerySet:
    holder = Holding.objects.current(today(now)).filter(post=OuterRef("pk"))
    return (
        Post.objects.open()
        .of_people()
        .under(place)
        .annotate(held=Exists(holder), rank=F("kind__rank"), path=F("place__path"))
    )


def _with_people(rows: PostQuerySet, now: datetime) -> PostQuerySet:
    current = Holding.objects.current(today(now)).select_related("user").order_by("stand_in", "valid_from")
    beside = ("kind", "place__parent", "building__estate", "organisation")
    return rows.select_related(*beside).prefetch_related(Prefetch("holdings", current, to_attr="now_held"))


def _counts(rows: PostQuerySet) -> list[Count2]:
    """By kind, under the heading of its family, the highest of each first. One statement."""
    title = "kind__title_en" if get_language() == "en" else "kind__title"
    by_kind = rows.values("kind", "kind__family", title)
    counted = by_kind.annotate(all=Count("pk"), taken=Count("pk", filter=Q(held=True)))
    families = PostKind.Family.values
    found = sorted(
        counted.order_by("-kind__rank", "kind"), key=lambda row: families.index(row["kind__family"])
    )
    return [
        Count2(
            str(PostKind.Family(row["kind__family"]).label), row["kind"], row[title], row["all"], row["taken"]
        )
        for row in found
    ]


def _crumb(request: HttpRequest, place: Place) -> list[tuple[str, str]]:
    """From the county down, with the way to what the person may see."""
    line = [place]
    while line[0].parent is not None and Level(line[0].level).depth > Level.COUNTY.depth:
        line.insert(0, line[0].parent)
    return [
        (
            each.short_name,
            reverse("people:desk_posts_place", args=[each.code])
            if each != place and request.user.has_perm(SEE, each)
            else "",
        )
        for each in line
    ]


def _address(**wanted: str) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in wanted.items() if value})
    return f"?{query.urlencode()}"
