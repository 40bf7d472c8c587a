"""Putting a dispute down in the office: the same form on a phone and at a desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from silin.kinds.dispute.raising import OfficeForm
from silin.lib.http import wants_json
from silin.matters.opening import SeeOther
from silin.people.doors import viewer


def put_down(request: HttpRequest, *, shell: str, there: str) -> HttpResponseBase:
    """Read, put down, and go to the matter on the page called ``there``."""
    form = OfficeForm.read(request, viewer(request), timezone.now())
    if form.is_bound:
        matter = form.submit()
        if matter is not None:
            return SeeOther(reverse(there, args=[matter.number]))
        if form.refusal is not None and wants_json(request):
            raise form.refusal
    context = {"form": form, "shell": shell, "errors": form.errors if form.is_bound else None}
    return render(request, "dispute/new.html", context, status=form.status)
