"""The slip with which a resident joins their home."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.lib.held import masked
from silin.people import joining
from silin.people.models import Household, Person

ME = "/me/"


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Whoever holds the slip: says that the home on it is theirs."""
    now = timezone.now()
    row = joining.behind_slip(secret, now)
    user = request.user if isinstance(request.user, User) and request.user.phone_hash else None
    if request.method == "POST" and user is not None:
        joining.join_by_slip(user, secret, now=now)
        messages.success(request, _("Your account belongs to this home now."))
        return redirect(ME)
    context = {"known": user is not None, "home": _home(row), "name": _name(row)}
    return render(request, "people/register/join.html", context)


def _home(row: Person | Household) -> str:
    if isinstance(row, Household):
        return str(row)
    there = row.memberships.filter(until=None).select_related("household__building__estate").first()
    return str(there.household) if there else ""


def _name(row: Person | Household) -> str:
    return masked(row.name) if isinstance(row, Person) else ""
