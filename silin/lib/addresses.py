"""The way to a page from outside: on paper, on another phone."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe


def whole(request: HttpRequest, path: str) -> str:
    """``path`` with the host before it: the first origin that the operator trusts, else the request's own."""
    return request.build_absolute_uri(outside(path))


def outside(path: str) -> str:
    """``path`` with the first origin that the operator trusts before it; alone where they named none."""
    origins = settings.CSRF_TRUSTED_ORIGINS
    return f"{origins[0].rstrip('/')}{path}" if origins else path


def as_code(address: str, *, scale: int) -> SafeString:
    """``address`` as a QR code, an SVG with so many pixels a module."""
    return mark_safe(segno.make(address, error="m").svg_inline(scale=scale, omitsize=False))
