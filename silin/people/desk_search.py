"""The desk's search for people and organisations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from silin.people import staff_accounts
from silin.people.doors import for_posts, viewer
from silin.people.finding import find_people


@for_posts("people.see")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``people.see`` anywhere: people and organisations under their own places.

    A name is sent by POST, so that it stands in no address, no browser's history and no log.
    """
    asked = request.POST.get("q", "").strip()
    actor, now = viewer(request), timezone.now()
    found = find_people(asked, actor=actor, now=now) if asked else None
    context: dict[str, Any] = {"asked": asked, "found": found}
    if found and found.staff and actor.has_perm(staff_accounts.EDIT):
        context["helped"] = staff_accounts.whom_to_help(actor, [each.user for each in found.staff], now)
    return render(request, "people/desk/search.html", context)
