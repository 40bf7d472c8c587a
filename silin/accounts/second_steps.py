"""The pages of the second factor: setting it up, typing a code, and the recovery codes on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from silin.accounts import second_factor
from silin.accounts.forms import CodeOfTheMomentForm
from silin.accounts.models import SecondFactor, User
from silin.accounts.signing_in import SECOND, TWO_FACTORS, complete, next_of, see_other
from silin.lib.http import wants_json
from silin.lib.mending import mend
from silin.lib.refusal import Refused

WAITS = timedelta(minutes=15)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Everyone who has shown the first factor: the code of the moment, or setting up the phone for it."""
    now = timezone.now()
    user = _who(request, now)
    if user is None:
        return see_other(f"{reverse('accounts:sign_in')}?{urlencode({'next': next_of(request)})}")
    form = CodeOfTheMomentForm(request.POST or None)
    factor = second_factor.of(user)
    if request.method != "POST" or not form.is_valid():
        return _page(request, user, factor, form, 400 if form.errors else 200)
    try:
        return _step(request, user, factor, form.cleaned_data["code"], now)
    except Refused as refusal:
        if wants_json(request):
            raise
        mend(form, refusal)
        return _page(request, user, factor, form, refusal.status)


def _step(
    request: HttpRequest, user: User, factor: SecondFactor | None, code: str, now: datetime
) -> HttpResponse:
    there = next_of(request)
    if factor is not None:
        second_factor.check(user, code, now)
        _enter(request, user, now)
        messages.success(request, _("You are signed in."))
        return see_other(there)
    codes = second_factor.confirm(user, code, now)
    _enter(request, user, now)
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": there, "made_at": now})


def _enter(request: HttpRequest, user: User, now: datetime) -> None:
    request.session.pop(SECOND, None)
    complete(request, user, TWO_FACTORS, now)


def _who(request: HttpRequest, now: datetime) -> User | None:
    """Whoever has just shown the first factor, or is signed in by it alone and needs the second now."""
    waits = request.session.get(SECOND)
    if waits:
        at = parse_datetime(waits["at"])
        user = User.objects.filter(pk=waits["user"], is_active=True).first()
        return user if user and at and now - at < WAITS else None
    here = request.user
    if isinstance(here, User) and here.awaits_second_factor and second_factor.needs(here, now):
        return here
    return None


def _page(
    request: HttpRequest, user: User, factor: SecondFactor | None, form: CodeOfTheMomentForm, status: int
) -> HttpResponse:
    context = {"form": form, "next": next_of(request), "person": user}
    if factor is not None:
        return render(request, "accounts/second_code.html", context, status=status)
    new = second_factor.begin(user)
    drawn = segno.make(second_factor.address(new), error="m")
    context |= {
        "square": mark_safe(drawn.svg_inline(scale=5, border=3, light="#fff", svgclass="qr", lineclass=None)),
        "secret": " ".join(new.secret[at : at + 4] for at in range(0, len(new.secret), 4)),
        "address": second_factor.address(new),
    }
    return render(request, "accounts/second_set_up.html", context, status=status)
