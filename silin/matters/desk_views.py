"""What the inbox is narrowed to, and the views of it that somebody keeps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import Refused
from silin.matters.categories import leaves
from silin.matters.desk import TRIAGE
from silin.matters.filters import Filters
from silin.matters.forms import choice_field, set_choices
from silin.matters.models import Category, Colour
from silin.matters.opening import SeeOther
from silin.matters.queries import TABS
from silin.matters.saved_views import PARTS, drop_view, query_of, save_view, views_of
from silin.matters.showing import CHANNELS
from silin.people import queries as people
from silin.people.doors import for_posts, viewer
from silin.places.models import Place

ALL = gettext_lazy("all")


class FilterForm(forms.Form):
    """What the list shows; it is sent as an address and changes nothing."""

    tab = choice_field(gettext_lazy("List"), (), radio=False)
    category = choice_field(gettext_lazy("Category"), (), radio=False)
    at = choice_field(gettext_lazy("Place"), (), radio=False)
    channel = choice_field(gettext_lazy("Came in"), [("", ALL), *CHANNELS.items()], radio=False)
    colour = choice_field(pgettext_lazy("clock", "Time"), [("", ALL), *Colour.choices], radio=False)

    def __init__(self, filters: Filters, tab: str, places: list[Place]) -> None:
        super().__init__(
            initial={"tab": tab} | vars(filters), auto_id="only_%s", use_required_attribute=False
        )
        set_choices(self, "tab", [(each.key, each.title) for each in TABS.values()])
        set_choices(self, "category", [("", ALL), *_categories()])
        known = [("", ALL), *((place.code, place.short_name) for place in places)]
        set_choices(self, "at", known)


class ViewForm(forms.Form):
    """A name for what the list shows."""

    title = forms.CharField(
        label=gettext_lazy("Name of the view"),
        max_length=20,
        help_text=gettext_lazy("Only you see it. It stands beside your lists."),
        error_messages={"required": gettext_lazy("Please give it a name.")},
    )


@for_posts(TRIAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.triage``: narrow the list, keep what it shows under a name, drop what was kept."""
    user, form, status = viewer(request), ViewForm(), 200
    asked = request.POST if request.method == "POST" else request.GET
    if request.method == "POST":
        if request.POST.get("drop", "").isdecimal():
            drop_view(user, int(request.POST["drop"]))
            return SeeOther(f"{reverse('matters:desk_views')}?{query_of(request.POST)}")
        form = ViewForm(request.POST)
        if _keep(request, user, form):
            messages.success(request, _("Kept. It stands beside your lists."))
            return SeeOther(f"{reverse('matters:desk')}?{query_of(request.POST)}")
        status = 400
    context = _page(user, asked) | {"form": form, "errors": form.errors if form.is_bound else None}
    return render(request, "matters/desk/views.html", context, status=status)


def _keep(request: HttpRequest, user: User, form: ViewForm) -> bool:
    """Whether it could be kept; if not, the form says why. Raises any refusal to a program."""
    if not form.is_valid():
        return False
    try:
        save_view(user, form.cleaned_data["title"], query_of(request.POST), timezone.now())
    except Refused as refusal:
        if wants_json(request):
            raise
        mend(form, refusal)
        return False
    return True


def _page(user: User, asked: Any) -> dict[str, Any]:
    filters = Filters.read(asked)
    tab = asked.get("tab", "")
    return {
        "filters": filters,
        "q": asked.get("q", "").strip(),
        "only": FilterForm(filters, tab if tab in TABS else next(iter(TABS)), _places(user, filters)),
        "parts": [(name, asked.get(name, "")) for name in PARTS if asked.get(name)],
        "query": query_of(asked),
        "mine": views_of(user),
    }


def _categories() -> list[tuple[str, str]]:
    """Each group, and under it its categories."""
    rows: list[tuple[str, str]] = []
    seen: Category | None = None
    for leaf in leaves():
        if leaf.parent is not None and leaf.parent != seen:
            seen = leaf.parent
            rows.append((seen.pk, str(seen)))
        rows.append((leaf.pk, f"　{leaf}"))
    return rows


def _places(user: User, filters: Filters) -> list[Place]:
    """What lies in the places of the person's posts; or what is chosen already, with what lies in it."""
    above = people.places_where(user, TRIAGE, timezone.now())
    chosen = filters.place
    if chosen is not None and any(chosen.path.startswith(place.path) for place in above):
        below = Place.objects.active().filter(parent=chosen).order_by("code")
        return [chosen, *below]
    return list(Place.objects.active().filter(parent__in=above).order_by("code"))
