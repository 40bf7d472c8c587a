"""A person's own account: where they are signed in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from silin.accounts import sessions
from silin.accounts.models import User
from silin.accounts.signing_in import see_other
from silin.lib.refusal import NotFound
from silin.lib.shells import own_url, shell_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_sessions(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: the devices where they are, and signing out there."""
    user = request.user
    assert isinstance(user, User)
    now = timezone.now()
    if request.method == "POST":
        _end(request, user)
        return see_other(own_url(request, "accounts:sessions"))
    rows = list(sessions.sessions_of(user, now)[:SHOWN])
    here = request.session.session_key
    context = {
        "shell": shell_of(request),
        "rows": [(row, row.key == here) for row in rows],
        "others": any(row.key != here for row in rows),
    }
    return render(request, "accounts/sessions.html", context)


SHOWN = 50


def _end(request: HttpRequest, user: User) -> None:
    wanted = request.POST.get("end", "")
    if wanted == "others":
        sessions.end_other_sessions(request, user, timezone.now())
        messages.success(request, _("You are signed out on all other devices."))
        return
    try:
        sessions.end_session(user, UUID(wanted))
    except ValueError as error:
        raise NotFound from error
    messages.success(request, _("You are signed out there."))
