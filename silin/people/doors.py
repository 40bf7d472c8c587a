"""The doors of staff pages: who has no post there learns nothing, who has not signed in is asked to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.http import wants_json
from silin.lib.refusal import NotFound, Refused
from silin.places.models import Place

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def for_posts(capability: str) -> Callable[[View[P]], View[P]]:
    """Let in whoever has ``capability`` anywhere through a post; everybody else gets "not found".

    A visitor who has not signed in is sent to the sign-in page and comes back after it. The view still asks
    for each row.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sign_in(request)
            if not request.user.has_perm(capability):
                raise NotFound
            return view(request, *args, **kwargs)

        return guarded

    return guard


def for_signed_in(view: View[P]) -> View[P]:
    """Send a visitor who has not signed in to the sign-in page; the view asks for every right itself."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _sign_in(request)

    return guarded


def crumb_to(
    request: HttpRequest, place: Place, capability: str, url: Callable[[Place], str]
) -> list[tuple[str, str] | str]:
    """The way down to a page about ``place``: of what lies above it, whatever the person may look at too."""
    seen = (each for each in place.ancestors() if request.user.has_perm(capability, each))
    return [*((each.short_name, url(each)) for each in seen), place.short_name]


def place_at(request: HttpRequest, code: str, capability: str) -> Place:
    """The place with this code, for whoever has ``capability`` over it. Raises ``NotFound``."""
    place = Place.objects.select_related("parent").filter(code=code).first()
    if place is None or not request.user.has_perm(capability, place):
        raise NotFound
    return place


def viewer(request: HttpRequest) -> User:
    """Who looks, behind a door that let them in."""
    assert isinstance(request.user, User)
    return request.user


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    if wants_json(request):
        raise Refused("sign_in", _("Please sign in first."), status=401)
    return redirect_to_login(request.get_full_path())
