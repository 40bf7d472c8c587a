"""The chooser: a visitor of the demo becomes one of its named people. There is no such page elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from silin.accounts import sessions
from silin.accounts.signing_in import BACKEND, see_other
from silin.demo.faces import begins, groups, person
from silin.demo.rest import remaining
from silin.lib.refusal import NotFound


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Everyone, in a demo only: whom to be; choosing signs in and goes to that person's first page."""
    if not settings.SILIN_DEMO:
        raise NotFound
    if request.method != "POST":
        return render(request, "demo/choose.html", {"groups": groups(), "remaining": remaining()})
    chosen = person(request.POST.get("person", ""))
    if chosen is None:
        raise NotFound(_("Nobody in this demo is called that."))
    sessions.enter(request, chosen, BACKEND)
    return see_other(begins(chosen))
