"""What goes on around a resident: released matters as a list and on a map, and "me too"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts.forms import PhoneForm
from silin.accounts.models import User
from silin.accounts.signing_in import count_guest, guest_of, person_of
from silin.lib.http import wants_json
from silin.lib.ids import read_number
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.matters import cells, joining
from silin.matters.deeds import By
from silin.matters.forms import PhotosField, SentForm, words_field
from silin.matters.models import OPEN, Follower, MapCell, Matter, MatterQuerySet
from silin.matters.open import listed, released_photos, story
from silin.matters.opening import PLACES, SeeOther
from silin.matters.queries import goes_on_in
from silin.matters.showing import clock_of
from silin.people.queries import resident_of
from silin.places import queries as places
from silin.places.levels import Level
from silin.places.models import Place
from silin.places.queries import calendar

PAGE = 20
SAID = {
    "join": _("You are counted, and hear how it goes on."),
    "follow": _("You hear how it goes on."),
    "unfollow": _("You hear no more of it."),
}


class JoinForm(SentForm):
    """Me too: one tap; words and photos if one likes."""

    do = "join"
    words = words_field(_("Anything to add?"), _("Whoever works on it reads it."), required=False, rows=2)
    photos = PhotosField(label=_("Photos"), required=False)


@dataclass(frozen=True)
class Where:
    """Which part of the city a page shows: a community, a square of the map, or all of it."""

    community: Place | None
    square: cells.Square | None

    @property
    def query(self) -> str:
        """The same part, for another address."""
        if self.square is not None:
            return f"in={self.square}"
        return f"at={self.community.code}" if self.community is not None else "at="


@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Everyone: the released matters of a community (one's own, if it is known) or of the city."""
    where, going = _where(request), request.GET.get("show", "going") != "all"
    rows = _shown(where, going)
    page = page_by_key(rows, ("-raised_at",), request.GET.get("after", ""), PAGE)
    context = {
        "where": where,
        "going": going,
        "page": page,
        "lines": listed(page.rows, timezone.now()),
        "photos": released_photos(page.rows),
    }
    return render(request, "matters/resident/near.html", context)


@require_safe
def near_map(request: HttpRequest) -> HttpResponse:
    """Everyone: the same on a map, with how many in words; round a small square, the large one."""
    where = _where(request)
    shown = Where(where.community, where.square and where.square.large)
    context = {
        "where": where,
        "counted": cells.sum_of(cells.cells_of(shown.community, shown.square)),
        "shapes": f"{reverse('matters:near_shapes')}?{shown.query}",
        "list": shown.query,
    }
    return render(request, "matters/resident/near_map.html", context)


@require_safe
def near_shapes(request: HttpRequest) -> HttpResponse:
    """Everyone: how many released matters lie in each square, as GeoJSON, with the outline of the place."""
    where = _where(request)
    place = where.community or (places.root() if where.square is None else None)
    outline: list[Any] = places.outlines(place)["features"] if place else []
    spots = [_feature(cell) for cell in cells.shown(cells.cells_of(where.community, where.square))]
    shapes = {"type": "FeatureCollection", "features": [*outline, *spots]}
    answer = JsonResponse(
        shapes, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False}
    )
    patch_cache_control(answer, no_cache=True)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def neighbour(request: HttpRequest, number: str) -> HttpResponseBase:
    """Everyone, where a desk has released it; whoever follows it also before: how it goes on, "me too"."""
    now = timezone.now()
    found, mine = _found(request, number)
    if isinstance(request.user, User) and found.raiser_id == request.user.pk:
        return redirect("matters:resident_matter", found.number)
    form = JoinForm(request.POST, request.FILES) if request.POST.get("do") == "join" else JoinForm()
    if request.method == "POST":
        done = _act(request, found, form, now)
        if done:
            messages.success(request, str(SAID[done]))
            return SeeOther(f"{reverse('matters:neighbour', args=[found.number])}?done={done}")
    context = _told(found, now) | {
        "mine": mine,
        "form": form,
        "same_as": goes_on_in(found),
        "done": request.GET.get("done", ""),
        "phone_form": PhoneForm() if mine and guest_of(request) is not None else None,
    }
    return render(request, "matters/resident/neighbour.html", context, status=form.status)


def _where(request: HttpRequest) -> Where:
    """What ``at`` (a community's code) or ``in`` (a square) asks for; without either one's own community."""
    wanted, asked = request.GET.get("at"), request.GET.get("in", "")
    square = cells.read_square(asked) if asked else None
    lives = resident_of(request.user) if isinstance(request.user, User) and not asked else None
    code = wanted if wanted is not None else (lives.place.unit if lives else "")
    if not code:
        return Where(None, square)
    community = places.get_place(code)
    if community.level != Level.COMMUNITY:
        raise NotFound
    return Where(community, None)


def _shown(where: Where, going: bool) -> MatterQuerySet:
    rows = Matter.objects.public().with_names()
    if where.community is not None:
        rows = rows.filter(unit=where.community.unit)
    if where.square is not None:
        rows = rows.filter(cells.inside(where.square))
    return rows.filter(state__in=OPEN) if going else rows


def _feature(cell: MapCell) -> dict[str, Any]:
    """A square as a shape that carries its state; the words say how many."""
    colour = "late" if cell.late else "ok" if cell.going else "stop"
    square = cells.Square(cell.size, cell.x, cell.y)
    page = "matters:near" if cell.size == cells.SMALL else "matters:near_map"
    link = f"{reverse(page)}?show=all&in={square}"
    return places.spot(*square.middle, label=_counts(cell), colour=colour, link=link)


def _counts(cell: MapCell) -> str:
    going = ngettext("%(n)d being done", "%(n)d being done", cell.going) % {"n": cell.going}
    done = ngettext("%(n)d done", "%(n)d done", cell.done) % {"n": cell.done}
    return f"{going}, {done}"


def _found(request: HttpRequest, number: str) -> tuple[Matter, Follower | None]:
    """The matter, if it is released or the visitor follows it, and that they do. Raises ``NotFound``."""
    try:
        wanted = read_number(number)
    except Refused as refusal:
        raise NotFound from refusal
    found = Matter.objects.with_names().select_related(PLACES).filter(number=wanted).first()
    user = request.user
    mine = None
    if found is not None and isinstance(user, User):
        mine = Follower.objects.filter(matter=found, user=user).first()
    if found is None or not (found.public or mine):
        raise NotFound
    return found, mine


def _act(request: HttpRequest, found: Matter, form: JoinForm, now: datetime) -> str:
    """Do what is asked; what was done, or nothing where the form says why not. Raises ``NotFound``."""
    do = request.POST.get("do", "")
    if do not in ACTS:
        raise Http404
    user = person_of(request, now)
    if do != "unfollow":
        count_guest(request, user, "follows", now)
    if ACTS[do](found, user, form, now) is not None:
        return do
    if form.refusal is not None and wants_json(request):
        raise form.refusal
    return ""


def _join(found: Matter, user: User, form: JoinForm, now: datetime) -> Matter | None:
    return form.try_to(
        lambda: joining.join(
            found,
            By(user, now, client_id=form.cleaned_data["client_id"], words=form.cleaned_data["words"]),
            photos=form.cleaned_data["photos"],
        )
    )


ACTS: dict[str, Callable[[Matter, User, JoinForm, datetime], Matter | None]] = {
    "join": _join,
    "follow": lambda found, user, form, now: joining.follow(found, user, now),
    "unfollow": lambda found, user, form, now: joining.unfollow(found, user),
}


def _told(found: Matter, now: datetime) -> dict[str, Any]:
    """The story of a released matter; of one that is only followed, how it stands."""
    if found.public:
        return story(found)
    clock = clock_of(found, now, calendar())
    return {"matter": found, "title": found.public_title, "clock": clock, "crumb": [found.place.short_name]}
