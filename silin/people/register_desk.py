"""The register as a desk sees it: its homes, who lives there, and who may stand there twice."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, F
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.paging import page_by_key
from silin.lib.refusal import Refused
from silin.people import queries, register, register_pages
from silin.people.doors import for_posts, place_at, viewer
from silin.people.models import Household
from silin.people.register_forms import HomeForm
from silin.people.register_moving import buildings_of
from silin.people.register_pages import SEE
from silin.places.models import Building, Place

SIZE = 60
ORDER = ("estate", "building_id", "entrance", "id")

pages = require_http_methods(["GET", "HEAD", "POST"])


@for_posts(SEE)
@pages
def start(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``households.see``: to the homes of their own place."""
    own = queries.places_where(viewer(request), SEE, timezone.now())[0]
    return redirect("people:desk_households_place", own.code)


@for_posts(SEE)
@pages
def households(request: HttpRequest, code: str) -> HttpResponseBase:
    """Staff with ``households.see`` over the place: its homes; a new one is put down here."""
    place, form = place_of(request, code), None
    if request.method == "POST":
        form = HomeForm(request.POST)
        form.fields["building"].choices = buildings_of(place)  # type: ignore[attr-defined]
        if (made := _put_down(request, place, form)) is not None:
            return redirect("people:desk_household", made.pk)
    q, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = register_pages.narrowed(place, q, state)
    rows = rows.annotate(estate=F("building__estate__name"))
    page = page_by_key(rows, ORDER, request.GET.get("after", ""), SIZE)
    context = {
        "place": place,
        "page": page,
        "rows": [(row, row.covered_door) for row in page.rows],
        "counts": _counts(place),
        "q": q,
        "state": state,
        "form": form or _home_form(place),
        "errors": form.errors if form else None,
        "may_edit": request.user.has_perm(register.EDIT, place),
    }
    return render(request, "people/register/households.html", context, status=400 if form else 200)


@for_posts(SEE)
@pages
def household(request: HttpRequest, household: UUID) -> HttpResponseBase:
    """Staff with ``households.see`` over the home: who lives there. Every opening is written down."""
    user, now = viewer(request), timezone.now()
    found, template = register_pages.fetch(user, household), "people/register/desk_household.html"
    if request.method == "POST":
        there = reverse("people:desk_household", args=[found.pk])
        return register_pages.act(request, found, user, now, template, there)
    return register_pages.page(request, found, user, now, template)


@for_posts(SEE)
@pages
def number(request: HttpRequest, household: UUID, entry: UUID) -> HttpResponseBase:
    """Staff with ``households.see`` over the home: one number, for a purpose, written down."""
    found = register_pages.fetch(viewer(request), household)
    about = register_pages.member(found, str(entry))
    back = reverse("people:desk_household", args=[found.pk])
    right = (SEE, found)
    return register_pages.number(request, about, right, timezone.now(), back=back, shell="silin/desk.html")


def place_of(request: HttpRequest, code: str) -> Place:
    """The place, if the viewer may see its register. Raises ``NotFound``."""
    place = place_at(request, code, SEE)
    return place


def _counts(place: Place) -> list[tuple[str, str, int]]:
    counted = dict(Household.objects.under(place).values_list("state").annotate(n=Count("pk")).order_by())
    return [(value, str(label), counted.get(value, 0)) for value, label in Household.State.choices]


def _home_form(place: Place) -> HomeForm:
    form = HomeForm()
    form.fields["building"].choices = buildings_of(place)  # type: ignore[attr-defined]
    return form


def _put_down(request: HttpRequest, place: Place, form: HomeForm) -> Household | None:
    if not form.is_valid():
        return None
    said = dict(form.cleaned_data)
    building = Building.objects.select_related("grid").get(pk=said.pop("building"))
    try:
        return register.put_down_household(building, actor=viewer(request), now=timezone.now(), **said)
    except Refused as refusal:
        if wants_json(request):
            raise
        mend(form, refusal)
        return None
