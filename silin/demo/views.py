"""The chooser: a visitor of the demo becomes one of its named people. There is no such page elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from silin.accounts import sessions
from silin.accounts.models import User
from silin.accounts.signing_in import BACKEND, see_other
from silin.demo import hotline, systems
from silin.demo.faces import begins, groups, person
from silin.demo.rest import remaining
from silin.lib.refusal import NotFound
from silin.lib.sheets.answering import xlsx_answer
from silin.lib.sheets.writing import table


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Everyone, in a demo only: whom to be; choosing signs in and goes to that person's first page."""
    if not settings.SILIN_DEMO:
        raise NotFound
    if request.method != "POST":
        context = {"groups": groups(), "remaining": remaining(), "systems": systems.shown()}
        return render(request, "demo/choose.html", context)
    chosen = person(request.POST.get("person", ""))
    if chosen is None:
        raise NotFound(_("Nobody in this demo is called that."))
    sessions.enter(request, chosen, BACKEND)
    return see_other(begins(chosen))


@csrf_exempt
@require_POST
def hears(_request: HttpRequest) -> HttpResponse:
    """Everyone, in a demo only: where the bureau's system is told; it takes every message and keeps none."""
    if not settings.SILIN_DEMO:
        raise NotFound
    return HttpResponse(status=204)


@require_safe
def hotline_sheet(request: HttpRequest) -> HttpResponseBase:
    """Everyone, in a demo only: a morning's sheet of the hotline for one's own desk, to try it with."""
    if not settings.SILIN_DEMO:
        raise NotFound
    now, user = timezone.now(), request.user if isinstance(request.user, User) else None
    areas, day = hotline.areas_of(user, now), timezone.localdate(now)
    rows = hotline.orders(areas, hotline.names_of(areas), day)
    return xlsx_answer(f"{_('orders of the hotline')}-{day:%Y%m%d}", table("12345", hotline.HEADS, rows))
