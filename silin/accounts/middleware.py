"""What is done around every request of somebody who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from silin.accounts import ending, idle, known_devices, second_factor, sessions
from silin.accounts.locking import to_unlock
from silin.accounts.models import User
from silin.accounts.signing_in import TWO_FACTORS, see_other
from silin.lib.http import wants_json
from silin.lib.middleware import as_json
from silin.lib.refusal import Refused

Answer = Callable[[HttpRequest], HttpResponseBase]


class SessionNoteMiddleware:
    """Keeps the list of a person's sessions up to date."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """After the page; a visitor without a session costs nothing."""
        response = self.get_response(request)
        if response.status_code < 500:
            sessions.note(request, timezone.now())
            known_devices.remember(request, response)
        return response


class SecondFactorMiddleware:
    """Whoever holds a post is led to the second factor before any staff page.

    On all other pages a session without it has the rights of a resident: ``awaits_second_factor`` says so to
    whoever looks for posts.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """No statement for residents, nor for staff who have shown both factors."""
        if settings.SECOND_FACTOR_FOR:
            came = request.user
            request.user = SimpleLazyObject(lambda: _marked(request, came))  # type: ignore[assignment]
            if request.path.startswith(settings.STAFF_PAGES) and _is_missing(request):
                return _lead(request)
        return self.get_response(request)


class SessionLimitMiddleware:
    """Staff sign in again after a working day at a desk, or some weeks on a phone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing here: the end stands behind the check against forged forms."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        """The sign-in instead of the page, and afterwards the page."""
        if not isinstance(request.user, User) or not ending.has_ended(request, timezone.now()):
            return None
        sessions.leave(request)
        if wants_json(request) or "X-Fragment" in request.headers:
            return as_json(Refused("signed_out", _("Please sign in again."), status=401))
        messages.info(request, _("Your time of being signed in is over. Sign in again and go on from here."))
        there = request.get_full_path() if request.method == "GET" else settings.STARTS["desk"]
        return redirect_to_login(there)


class IdleLockMiddleware:
    """A desk at which nobody has done anything for a while shows only the page that unlocks it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing here: the lock stands behind the check against forged forms."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        """The lock instead of the page; what was sent is kept for afterwards."""
        match = request.resolver_match
        if not settings.IDLE_MINUTES or (match and match.view_name in OPEN_WHILE_LOCKED):
            return None
        user = request.user
        if not isinstance(user, User) or not idle.is_locked(request, user, timezone.now()):
            if request.method == "POST":
                idle.drop(request, request.get_full_path())
            return None
        if wants_json(request) or "X-Fragment" in request.headers:
            return as_json(Refused("locked", _("This desk is locked. Please unlock it first."), status=401))
        if request.method == "POST":
            idle.keep(request)
        return see_other(to_unlock(request.get_full_path()))


OPEN_WHILE_LOCKED = (
    "accounts:unlock",
    "accounts:lock",
    "accounts:switch",
    "accounts:sign_out",
    "set_language",
)


def _marked(request: HttpRequest, came: User | AnonymousUser) -> User | AnonymousUser:
    if isinstance(came, User):
        came.awaits_second_factor = request.session.get(BACKEND_SESSION_KEY) != TWO_FACTORS
    return came


def _is_missing(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or not user.awaits_second_factor:
        return False
    return second_factor.needs(user, timezone.now())


def _lead(request: HttpRequest) -> HttpResponseBase:
    if wants_json(request):
        return as_json(Refused("second_factor", _("Please show the second factor first."), status=401))
    there = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('accounts:second_factor')}?{there}")
