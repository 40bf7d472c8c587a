"""Where staff begin: at the desk or on the phone, whichever their post is."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from silin.lib.refusal import NotFound


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Staff: to the first page of their front; a visitor signs in first, anybody else finds nothing."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.user.has_perm("matters.triage"):
        return redirect("matters:desk")
    if "worker" in settings.SILIN_FRONTS and request.user.has_perm("matters.handle"):
        return redirect("matters:worker")
    if request.user.has_perm("places.see"):
        return redirect("places:desk")
    raise NotFound
