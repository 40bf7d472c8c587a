"""What a worker found: put down on one page, sent on or settled at once; also later, from the phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from silin.kinds.finding.forms import FindForm
from silin.lib.http import wants_json
from silin.lib.refusal import NotFound
from silin.matters.models import Matter
from silin.matters.opening import SeeOther, fetch
from silin.people.doors import for_posts, viewer
from silin.places.models import Place

HANDLE = "matters.handle"


@for_posts(HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.handle``: note something found, for others to do or put right on the spot.

    A program reads JSON; the same ``client_id`` again gives the same matter.
    """
    user, now = viewer(request), timezone.now()
    form = FindForm.read(request, user, now)
    if not form.territory:
        raise NotFound
    if form.is_bound:
        matter = form.submit()
        if matter is not None:
            return _told(request, matter, form)
        if form.refusal is not None and wants_json(request):
            raise form.refusal
    context = {"form": form, "errors": form.errors if form.is_bound else None, **_map(form.territory[0])}
    answer = render(request, "finding/find.html", context, status=form.status)
    if request.method != "POST":
        answer["Silin-Offline"] = "keep"  # tells the phone: this page opens without a network
    return answer


@for_posts(HANDLE)
@require_safe
def found(request: HttpRequest, number: str) -> HttpResponseBase:
    """Whoever found it: the receipt."""
    user = viewer(request)
    matter = fetch(user, number)
    if user.pk not in (matter.raiser_id, matter.handler_id):
        raise NotFound
    return render(request, "finding/found.html", {"matter": matter})


def _told(request: HttpRequest, matter: Matter, form: FindForm) -> HttpResponseBase:
    there = reverse("finding:found", args=[matter.number])
    if not wants_json(request):
        return SeeOther(there)
    said = {"client_id": str(form.cleaned_data["client_id"]), "number": matter.number, "link": there}
    return JsonResponse(said, status=201)


def _map(home: Place) -> dict[str, Any]:
    return {"lon": home.lon, "lat": home.lat, "shapes": reverse("places:shapes", args=[home.unit])}
