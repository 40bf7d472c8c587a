"""The page for what broke on our side, in large type for whoever reads in large type. Asks no database."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.utils.translation import gettext as _

from silin.lib.reading import COOKIE

logger = logging.getLogger(__name__)
PLAIN = "text/plain; charset=utf-8"


def broken(request: HttpRequest) -> HttpResponse:
    """Everyone: what happened, what is safe, what to do; in bare words where the page breaks as well."""
    large = request.COOKIES.get(COOKIE) == "1"
    try:
        return HttpResponseServerError(loader.get_template("500.html").render({"large_type": large}))
    except Exception:  # whatever broke the page may have broken its templates and styles
        logger.exception("the page for errors broke as well")
    happened = _("Something broke on our side")
    do = _("Try again in a few minutes. If it is urgent, call your community.")
    return HttpResponseServerError(f"{happened}\n{do}\n500", content_type=PLAIN)
