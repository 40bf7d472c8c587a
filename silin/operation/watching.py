"""Figures for monitoring, in plain text."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from silin.lib.gauges import as_text, find_gauges
from silin.lib.refusal import NotFound


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Whoever holds the token of the settings, or asks from an address named there: ``/metrics``."""
    if not (_has_token(request) or _is_watchman(request)):
        raise NotFound
    text = as_text(find_gauges(), timezone.now())
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _has_token(request: HttpRequest) -> bool:
    token: str = settings.SILIN_METRICS_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")


def _is_watchman(request: HttpRequest) -> bool:
    """The address is the visitor's own: what a proxy that nobody named says of it is not believed."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in network for network in settings.SILIN_METRICS_FROM)
