"""Large type: a switch on every resident page, remembered by the account or, without one, by the browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from silin.lib.http import own_address

COOKIE = "silin_large_type"
A_YEAR = 365 * 24 * 3600


def wants_large_type(request: HttpRequest) -> bool:
    """Whether pages are shown in large type: what the account says, else what the browser remembers."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return bool(user.large_type)
    return request.COOKIES.get(COOKIE) == "1"


@require_POST
def set_large_type(request: HttpRequest) -> HttpResponse:
    """Everyone: remember ``large`` (1 or 0) and go back to ``next``."""
    large = request.POST.get("large") == "1"
    answer = HttpResponseRedirect(own_address(request, request.POST.get("next", "")) or "/")
    answer.set_cookie(COOKIE, "1" if large else "0", A_YEAR, samesite="Lax", secure=request.is_secure())
    if request.user.is_authenticated:
        request.user.large_type = large
        request.user.save(update_fields=["large_type"])
    return answer
