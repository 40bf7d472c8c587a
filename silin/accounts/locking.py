"""The pages of a locked desk: unlocking, what was sent meanwhile, and making room for somebody else."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from silin.accounts import idle, sessions
from silin.accounts.forms import UnlockForm
from silin.accounts.models import User
from silin.accounts.signing_in import next_of, see_other
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import Refused


def to_unlock(there: str) -> str:
    """The address of the page that unlocks and leads on to ``there``."""
    return f"{reverse('accounts:unlock')}?{urlencode({'next': there})}"


@sensitive_post_parameters("secret")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: prove that it is still them, and send again what was sent to a locked page."""
    user = request.user
    assert isinstance(user, User)
    if not idle.is_marked(request):
        return _waiting(request)
    form = UnlockForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                idle.unlock(request, user, form.cleaned_data["secret"], timezone.now())
                return see_other(to_unlock(next_of(request)) if idle.kept(request) else next_of(request))
            except Refused as refusal:
                if wants_json(request):
                    raise
                mend(form, refusal)
                status = refusal.status
    context = {"form": form, "next": next_of(request), "person": user, "kept": idle.kept(request)}
    return render(request, "accounts/unlock.html", context, status=status)


@login_required
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: lock the desk before going away."""
    idle.lock(request)
    return see_other(to_unlock(next_of(request)))


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: end this session, so that a colleague signs in at the same machine."""
    sessions.leave(request)
    desk = settings.STARTS["desk"]
    return see_other(f"{reverse('accounts:sign_in')}?{urlencode({'next': desk})}")


def _waiting(request: HttpRequest) -> HttpResponse:
    """What was sent meanwhile, each with a button; on to the page where nothing waits."""
    if request.method == "POST":
        idle.drop(request, request.POST.get("drop", ""))
        return see_other(to_unlock(next_of(request)))
    rows = idle.kept(request)
    if not rows:
        return HttpResponseRedirect(next_of(request))
    return render(request, "accounts/kept.html", {"rows": rows, "next": next_of(request)})
