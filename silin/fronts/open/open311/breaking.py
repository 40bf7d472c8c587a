"""What a program reads that could not even be listened to: too much at once, another encoding than UTF-8."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views import defaults

from silin.fronts.open.open311.door import PREFIX, form_of, refusing
from silin.lib.refusal import Refused


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Everyone: the page that says so; to a call of Open311 an answer in its form."""
    if not request.path.startswith(PREFIX):
        return defaults.bad_request(request, exception)
    message = _("What was sent cannot be read: it is too long, broken, or not in UTF-8.")
    return refusing(form_of(request.path), [Refused("bad_form", message)])
