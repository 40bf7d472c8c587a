"""A person's own second factor: new recovery codes, another phone."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from silin.accounts import second_factor, sessions
from silin.accounts.forms import CodeOfTheMomentForm
from silin.accounts.models import User
from silin.accounts.signing_in import BACKEND, see_other
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.lib.shells import in_own_front, own_url, shell_of


@never_cache
@login_required
@in_own_front
@require_http_methods(["GET", "HEAD", "POST"])
def my_second_factor(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: since when their phone is the second key, new recovery codes, another phone."""
    user = request.user
    assert isinstance(user, User)
    form, status = CodeOfTheMomentForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        act = ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise NotFound
        if form.is_valid():
            try:
                return act(request, user, form.cleaned_data["code"], timezone.now())
            except Refused as refusal:
                if wants_json(request):
                    raise
                mend(form, refusal)
                status = refusal.status
    factor = second_factor.of(user)
    context = {"shell": shell_of(request), "form": form, "factor": factor}
    context |= {"left": second_factor.codes_left(user) if factor else 0, "made": second_factor.RECOVERY_CODES}
    return render(request, "accounts/second_factor.html", context, status=status)


def _codes(request: HttpRequest, user: User, code: str, now: datetime) -> HttpResponse:
    codes = second_factor.make_new_codes(user, code, now)
    there = own_url(request, "accounts:my_second_factor")
    context = {"shell": shell_of(request), "codes": codes, "next": there, "made_at": now}
    return render(request, "accounts/recovery_codes.html", context)


def _phone(request: HttpRequest, user: User, code: str, now: datetime) -> HttpResponse:
    """They stay signed in as somebody who has shown the first factor, and go on to the new phone."""
    second_factor.begin_anew(user, code, now)
    sessions.enter(request, user, BACKEND)
    there = urlencode({"next": own_url(request, "accounts:my_second_factor")})
    return see_other(f"{reverse('accounts:second_factor')}?{there}")


ACTS = {"codes": _codes, "phone": _phone}
