"""The pages of signing in and out, for everybody; and the guest's account of whoever has not signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from silin.accounts import actions, known_devices, limits, news, second_factor, sessions
from silin.accounts.forms import CodeForm, PasswordForm, PhoneForm
from silin.accounts.models import User
from silin.lib.devices import device_words
from silin.lib.http import own_address, wants_json
from silin.lib.keyring import decrypt, encrypt
from silin.lib.masking import mask_phone
from silin.lib.mending import mend
from silin.lib.reading import wants_large_type
from silin.lib.refusal import Refused

BACKEND = "silin.accounts.backends.PasswordBackend"
TWO_FACTORS = "silin.accounts.backends.TwoFactorBackend"
SECOND = "second_step"  # in the session: who has shown the first factor, and when
WAITING = "signing_in"  # in the session: the number the code went to, encrypted
GUESTS_AN_HOUR = 200  # from one network address: whole quarters share one

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters("password")
@get_or_post
def sign_in(request: HttpRequest) -> HttpResponse:
    """Everyone: by phone and code, or (staff) by e-mail and password."""
    if request.method != "POST":
        if known(request) is not None:
            return _onward(request)
        return _page(request, PhoneForm(), PasswordForm())
    form = PasswordForm(request.POST)
    try:
        if form.is_valid():
            user = actions.sign_in_by_password(
                form.cleaned_data["email"],
                form.cleaned_data["password"],
                address=address_of(request),
                now=timezone.now(),
            )
            return let_in(request, user)
    except Refused as refusal:
        return _mended(request, form, refusal, PhoneForm(), form)
    return _page(request, PhoneForm(), form, status=400)


@require_POST
def send_code(request: HttpRequest) -> HttpResponse:
    """Everyone: send a code to a mobile number."""
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, form, PasswordForm(), status=400)
    phone = form.cleaned_data["phone"]
    try:
        actions.send_code(phone, address=address_of(request), now=timezone.now())
    except Refused as refusal:
        return _mended(request, form, refusal, form, PasswordForm())
    request.session[WAITING] = encrypt(phone)
    return see_other(f"{reverse('accounts:enter_code')}?{urlencode({'next': next_of(request)})}")


@get_or_post
def enter_code(request: HttpRequest) -> HttpResponse:
    """Everyone who asked for a code: type it in and be signed in."""
    if WAITING not in request.session:
        return see_other(f"{reverse('accounts:sign_in')}?{urlencode({'next': next_of(request)})}")
    phone = decrypt(request.session[WAITING])
    form = CodeForm(request.POST or None)
    context = {"form": form, "phone": mask_phone(phone), "next": next_of(request)}
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.errors else 200
        return render(request, "accounts/enter_code.html", context, status=status)
    try:
        user = actions.sign_in_by_code(
            phone,
            form.cleaned_data["code"],
            guest=guest_of(request),
            address=address_of(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        if wants_json(request):
            raise
        mend(form, refusal)
        return render(request, "accounts/enter_code.html", context, status=refusal.status)
    return let_in(request, user)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Everyone: forget on this device who was here."""
    sessions.leave(request)
    return see_other(_start())


def person_of(request: HttpRequest, now: datetime) -> User:
    """Whoever is signed in; a visitor gets a guest's account, so that what they say belongs to somebody.

    Raises ``Refused`` (``too_many``).
    """
    if isinstance(request.user, User):
        return request.user
    _count_guest(request, "guest", now)
    guest = User.objects.guest()
    guest.language, guest.large_type = get_language() or guest.language, wants_large_type(request)
    guest.save(update_fields=["language", "large_type"])
    login(request, guest, backend=BACKEND)
    return guest


def count_guest(request: HttpRequest, user: User, does: str, now: datetime) -> None:
    """Count what a guest ``does`` that others will see. Raises ``Refused`` (``too_many``)."""
    if user.is_guest:
        _count_guest(request, f"guest {does}", now)


def _count_guest(request: HttpRequest, what: str, now: datetime) -> None:
    limits.count(f"{what} from {address_of(request)}", GUESTS_AN_HOUR, timedelta(hours=1), now)


def let_in(request: HttpRequest, user: User) -> HttpResponse:
    """``user`` has shown the first factor: sign them in, or ask for the second where there has to be one.

    What a guest did in this browser moves to them when they have signed in completely; until then the browser
    stays the guest's.
    """
    there, now = next_of(request), timezone.now()
    request.session.pop(WAITING, None)
    if second_factor.needs(user, now) or (settings.SECOND_FACTOR_FOR and second_factor.of(user)):
        if known(request) is not None:
            sessions.leave(request)
        request.session.cycle_key()
        request.session[SECOND] = {"user": str(user.pk), "at": now.isoformat()}
        return see_other(f"{reverse('accounts:second_factor')}?{urlencode({'next': there})}")
    complete(request, user, BACKEND, now)
    messages.success(request, _("You are signed in."))
    return see_other(there)


def complete(request: HttpRequest, user: User, backend: str, now: datetime) -> None:
    """Sign ``user`` in, who has shown all that is asked; what the browser's guest did is theirs now."""
    guest, known_here = guest_of(request), known_devices.is_known(request, user)
    if guest is not None:
        actions.take_over(guest, user, now)
    sessions.enter(request, user, backend)
    if not known_here:
        device = device_words(request.headers.get("User-Agent", ""))
        news.tell(user, news.NEW_DEVICE, now, device=device or _("A device that does not say what it is"))


def known(request: HttpRequest) -> User | None:
    """Whoever is signed in by a number or an e-mail address; None for visitors and guests."""
    user = request.user
    return user if isinstance(user, User) and not user.is_guest else None


def guest_of(request: HttpRequest) -> User | None:
    """The guest's account of this browser, if it has one."""
    user = request.user
    return user if isinstance(user, User) and user.is_guest else None


def address_of(request: HttpRequest) -> str:
    """The visitor's network address; what proxies say has been checked by then (``silin.security``)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def next_of(request: HttpRequest) -> str:
    """Where to go afterwards: an address of our own from ``next``, else the start page."""
    there = own_address(request, request.POST.get("next") or request.GET.get("next") or "")
    return there if there.startswith("/") else _start()


def see_other(url: str) -> HttpResponseRedirect:
    """Go on to ``url`` with GET after something was sent (303)."""
    return HttpResponseRedirect(url, status=303)


def _start() -> str:
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _onward(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(next_of(request))


def _mended(
    request: HttpRequest, form: forms.Form, refusal: Refused, by_phone: PhoneForm, by_password: PasswordForm
) -> HttpResponse:
    if wants_json(request):
        raise refusal
    mend(form, refusal)
    return _page(request, by_phone, by_password, status=refusal.status)


def _page(
    request: HttpRequest, by_phone: PhoneForm, by_password: PasswordForm, status: int = 200
) -> HttpResponse:
    context = {
        "by_phone": by_phone,
        "by_password": by_password,
        "form": by_password if by_password.is_bound else by_phone,
        "next": next_of(request),
    }
    return render(request, "accounts/sign_in.html", context, status=status)
