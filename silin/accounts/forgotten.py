"""The pages of a new password for whoever has none or has forgotten it; they work without JavaScript."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts import actions, passwords
from silin.accounts.forms import ChosenPasswordForm, CodeForm, ForgottenForm
from silin.accounts.models import User
from silin.accounts.signing_in import address_of, let_in, see_other
from silin.lib.http import wants_json
from silin.lib.keyring import decrypt, encrypt
from silin.lib.masking import mask_phone
from silin.lib.mending import mend
from silin.lib.refusal import Refused

ASKING = "forgotten"  # in the session: the number the code went to, encrypted

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def forgotten(request: HttpRequest) -> HttpResponse:
    """Everyone: ask for a new password; what is answered does not say whether the account exists."""
    form, status = ForgottenForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _send(request, form.cleaned_data["who"])
            except Refused as refusal:
                status = _mended(request, form, refusal)
    return render(request, "accounts/forgotten.html", {"form": form}, status=status)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Everyone who asked for a link: where to look for it."""
    return render(request, "accounts/link_sent.html")


@get_or_post
def typed(request: HttpRequest) -> HttpResponse:
    """Everyone who asked for a code: type it and choose a password."""
    if ASKING not in request.session:
        return see_other(reverse("accounts:forgotten"))
    phone, form, status = decrypt(request.session[ASKING]), CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            code, address = form.cleaned_data["code"], address_of(request)
            try:
                secret = passwords.link_for_code(phone, code, address=address, now=timezone.now())
                del request.session[ASKING]
                return see_other(reverse("accounts:set_password", args=[secret]))
            except Refused as refusal:
                status = _mended(request, form, refusal)
    context = {"form": form, "phone": mask_phone(phone)}
    return render(request, "accounts/forgotten_code.html", context, status=status)


@sensitive_post_parameters("password_new")
@never_cache
@get_or_post
def set_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Everyone with the link: choose the password; looking alone uses nothing up."""
    form, now, status = ChosenPasswordForm(request.POST or None), timezone.now(), 200
    try:
        user = passwords.owner_of_link(secret, now)
        if request.method == "POST":
            status = 400
            if form.is_valid():
                return _set(request, secret, form.cleaned_data["password_new"])
    except Refused as refusal:
        if refusal.field != "password_new" or wants_json(request):
            return _gone(request, refusal)
        mend(form, refusal)
        status = refusal.status
    context = {"form": form, "signs_in_as": _names(user)}
    return render(request, "accounts/set_password.html", context, status=status)


def _send(request: HttpRequest, who: str) -> HttpResponse:
    now, address = timezone.now(), address_of(request)
    if who.isdecimal():
        actions.send_code(who, address=address, now=now, purpose=passwords.SET_PASSWORD)
        request.session[ASKING] = encrypt(who)
        return see_other(reverse("accounts:forgotten_code"))
    passwords.ask_for_link(who, address=address, now=now)
    return see_other(reverse("accounts:forgotten_sent"))


def _set(request: HttpRequest, secret: str, new: str) -> HttpResponse:
    user = passwords.set_by_link(secret, new, now=timezone.now())
    answer = let_in(request, user)
    messages.success(request, _("The new password works from now on; all other devices are signed out."))
    return answer


def _gone(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if wants_json(request):
        raise refusal
    return render(request, "accounts/link_gone.html", {"words": refusal.message}, status=refusal.status)


def _mended(request: HttpRequest, form: ForgottenForm | CodeForm, refusal: Refused) -> int:
    if wants_json(request):
        raise refusal
    if refusal.field == "phone":
        refusal.field = "who"
    mend(form, refusal)
    return refusal.status


def _names(user: User) -> list[str]:
    """What the person types at a sign-in beside the password."""
    return [name for name in (user.email or "", mask_phone(user.phone) if user.phone else "") if name]
