"""A slip with a code by which somebody without a telephone says how it was (评价条)."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from silin.lib.addresses import as_code, whole
from silin.matters.deeds import By
from silin.matters.opening import fetch
from silin.matters.review import print_slip
from silin.people.doors import for_posts, viewer


@for_posts("matters.triage")
@require_http_methods(["GET", "POST"])
def slip(request: HttpRequest, number: str) -> HttpResponseBase:
    """Staff with ``matters.triage`` who may see the matter and did not handle it: a slip, shown this once.

    Whoever loads it again is led back to the matter.
    """
    user, now = viewer(request), timezone.now()
    found = fetch(user, number)
    if request.method != "POST":
        return redirect("matters:desk_matter", found.number)
    secret = print_slip(found, By(user, now))
    address = whole(request, reverse("matters:review", args=[secret]))
    context = {
        "matter": found,
        "code": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "page": whole(request, reverse("matters:review_slip")),
        "square": as_code(address, scale=4),
    }
    return render(request, "matters/desk/slip.html", context)
