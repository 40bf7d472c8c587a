"""A resident asks somebody to mediate."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.kinds.dispute.raising import ResidentForm
from silin.lib.http import wants_json
from silin.matters.opening import SeeOther
from silin.people import queries as people


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Whoever is signed in and has said where they live: ask for a mediator, at home and in confidence."""
    user = request.user
    if not isinstance(user, User) or user.is_guest:
        return redirect_to_login(request.get_full_path())
    home = people.resident_of(user)
    if home is None:
        return render(request, "dispute/no_home.html")
    form = ResidentForm(user, timezone.now(), home, request.POST or None)
    if request.method == "POST":
        matter = form.submit()
        if matter is not None:
            return SeeOther(reverse("matters:resident_matter", args=[matter.number]))
        if form.refusal is not None and wants_json(request):
            raise form.refusal
    return render(request, "dispute/ask.html", {"form": form, "home": home}, status=form.status)
