"""Who am I here: name, home, number, language, large type."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from silin.accounts import actions as accounts
from silin.accounts.models import User
from silin.accounts.signing_in import person_of, see_other
from silin.fronts.resident.menu import counts, staff_doors
from silin.kinds.report.forms import read_spot
from silin.kinds.report.queries import choices
from silin.lib.http import wants_json
from silin.lib.masking import mask_phone
from silin.lib.mending import mend
from silin.lib.refusal import NotFound, Refused
from silin.people.actions import settle_in
from silin.people.joining import join_by_code
from silin.people.queries import entry_of, resident_of

A_YEAR = 365 * 24 * 3600


class NameForm(forms.Form):
    """What we call you."""

    name = forms.CharField(
        label=gettext_lazy("What shall we call you?"),
        required=False,
        help_text=gettext_lazy("Only whoever handles your matter sees it. “Aunt Chen” will do."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "maxlength": accounts.NAME_AT_MOST}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Everyone: their own account, and nobody else's."""
    if request.method != "POST":
        return _page(request)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise NotFound
    user = person_of(request, timezone.now())
    try:
        answer = act(request, user)
    except Refused as refusal:
        if wants_json(request):
            raise
        if request.POST.get("do") == "join":
            return _page(request, code_error=str(refusal.message), status=refusal.status)
        form = NameForm(request.POST)
        mend(form, refusal)
        return _page(request, form, status=refusal.status)
    return answer


def _rename(request: HttpRequest, user: User) -> HttpResponse:
    accounts.rename(user, request.POST.get("name", ""))
    return _noted(request)


def _speak(request: HttpRequest, user: User) -> HttpResponse:
    """Messages and pages in one language: the account remembers it, and so does the browser."""
    language = accounts.speak(user, request.POST.get("language", "")).language
    with translation.override(language):
        answer = _noted(request)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, A_YEAR, samesite="Lax", secure=request.is_secure()
    )
    return answer


def _search(request: HttpRequest, user: User) -> HttpResponse:
    return _page(request, asked=request.POST.get("q", "").strip())


def _live(request: HttpRequest, user: User) -> HttpResponse:
    spot = read_spot(request.POST, None)
    if spot is None or spot.point is not None:
        raise Refused("no_place", _("Please choose your building or your community."))
    place = spot.place or (spot.building.grid if spot.building else None)
    assert place is not None
    settle_in(user, place, building=spot.building)
    return _noted(request)


def _join(request: HttpRequest, user: User) -> HttpResponse:
    join_by_code(user, request.POST.get("code", ""), now=timezone.now())
    messages.success(request, _("Your account belongs to this home now."))
    return see_other(reverse("resident:me"))


ACTS: dict[str, Callable[[HttpRequest, User], HttpResponse]] = {
    "name": _rename,
    "language": _speak,
    "search": _search,
    "home": _live,
    "join": _join,
}


def _noted(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Noted."))
    return see_other(reverse("resident:me"))


def _page(
    request: HttpRequest,
    form: NameForm | None = None,
    *,
    asked: str = "",
    code_error: str = "",
    status: int = 200,
) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    context = {
        "form": form or NameForm(initial={"name": user.name if user else ""}),
        "phone": mask_phone(user.phone) if user and user.phone else "",
        "is_guest": user is None or user.is_guest,
        "lives": resident_of(user) if user else None,
        "entry": entry_of(user) if user else None,
        "code_error": code_error,
        "asked": asked,
        "hits": choices(asked) if asked else [],
        "unread": counts(user)["unread"] if user else 0,
        "doors": staff_doors(user) if user and not user.is_guest else [],
        "languages": settings.LANGUAGES,
    }
    return render(request, "resident/me.html", context, status=status)
