"""What broke on our side, and what cannot be done while the data is out of reach. Asks no database."""

from __future__ import annotations

import logging
import sys

from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.lib.http import wants_json
from silin.lib.middleware import as_json
from silin.lib.reading import COOKIE
from silin.lib.refusal import Refused
from silin.lib.unavailable import Unavailable, answer

logger = logging.getLogger(__name__)
PLAIN = "text/plain; charset=utf-8"
OUT_OF_REACH = Unavailable(
    "unavailable",
    gettext_lazy("The platform cannot reach its data"),
    gettext_lazy("The data is out of reach. Send it again in a few minutes: it is done once."),
)
BROKEN = Refused("broken", gettext_lazy("Something broke on our side. Nothing was changed."), status=500)


def broken(request: HttpRequest) -> HttpResponse:
    """Everyone: what happened, what is safe, what to do; in bare words where the page breaks as well.

    A database that is away, full, or held by somebody else for too long is not broken: what was sent is kept
    and sent again later.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return answer(request, OUT_OF_REACH)
    if wants_json(request):
        return as_json(BROKEN)
    large = request.COOKIES.get(COOKIE) == "1"
    try:
        return HttpResponseServerError(loader.get_template("500.html").render({"large_type": large}))
    except Exception:  # whatever broke the page may have broken its templates and styles
        logger.exception("the page for errors broke as well")
    happened = _("Something broke on our side")
    do = _("Try again in a few minutes. If it is urgent, call your community.")
    return HttpResponseServerError(f"{happened}\n{do}\n500", content_type=PLAIN)
