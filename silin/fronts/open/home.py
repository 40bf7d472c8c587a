"""The first open page: what was said and done here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from silin.lib.paging import page_by_key
from silin.matters.models import Matter
from silin.matters.open import listed
from silin.places.queries import root

PAGE = 30


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everyone: the matters that desks have released, the newest first."""
    rows = Matter.objects.public().with_names()
    page = page_by_key(rows, ("-raised_at",), request.GET.get("after", ""), PAGE)
    context = {"city": root(), "page": page, "lines": listed(page.rows, timezone.now())}
    return render(request, "open/home.html", context)
