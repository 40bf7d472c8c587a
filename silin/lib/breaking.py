"""The page for what broke on our side, in large type for whoever reads in large type. Asks no database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

from silin.lib.reading import COOKIE


def broken(request: HttpRequest) -> HttpResponse:
    """Everyone: what happened, what is safe, what to do."""
    large = request.COOKIES.get(COOKIE) == "1"
    return HttpResponseServerError(loader.get_template("500.html").render({"large_type": large}))
