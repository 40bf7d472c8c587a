"""A person's own account: where they are signed in, and their password."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from silin.accounts import passwords, second_factor, sessions
from silin.accounts.forms import NewPasswordForm
from silin.accounts.models import User
from silin.accounts.signing_in import see_other
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.lib.shells import in_own_front, own_url, shell_of


@login_required
@in_own_front
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
        "second_url": own_url(request, "accounts:my_second_factor") if second_factor.of(user) else "",
        "password_url": own_url(request, "accounts:password") if user.has_usable_password() else "",
    }
    return render(request, "accounts/sessions.html", context)


SHOWN = 50


@sensitive_post_parameters("password_now", "password_new")
@login_required
@in_own_front
@require_http_methods(["GET", "HEAD", "POST"])
def my_password(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: change the password; all other devices are signed out."""
    user = request.user
    assert isinstance(user, User)
    form, now, status = NewPasswordForm(request.POST or None), timezone.now(), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            old, new = form.cleaned_data["password_now"], form.cleaned_data["password_new"]
            try:
                passwords.change_password(user, old, new, now=now)
                sessions.end_other_sessions(request, user, now)
                messages.success(
                    request, _("The new password works from now on; other devices are signed out.")
                )
                return see_other(own_url(request, "accounts:sessions"))
            except Refused as refusal:
                if wants_json(request):
                    raise
                mend(form, refusal)
                status = refusal.status
    context = {"shell": shell_of(request), "form": form, "has_password": user.has_usable_password()}
    return render(request, "accounts/password.html", context, status=status)


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
