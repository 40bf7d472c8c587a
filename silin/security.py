"""What every answer carries, and which proxy may speak for a visitor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict, UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from silin.lib.basemap import base_map

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache, private",
}
NUL = "\x00"
TEXTS = ("text/", "application/json", "application/geo+json", "image/svg+xml")


def policy() -> str:
    """What a page may load: ours, and the tiles of the base map that was chosen."""
    hosts = "".join(f" {host}" for host in base_map().hosts)
    opened = {"img-src", "connect-src"}
    return "; ".join(f"{name} {value}{hosts if name in opened else ''}" for name, value in POLICY.items())


class HeadersMiddleware:
    """Puts the headers on every answer that does not set them itself."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """No inline code, no other host, nothing kept by caches between the visitor and us."""
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", policy())
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        return response


class TextGZipMiddleware(GZipMiddleware):
    """Makes pages smaller on the way, for weak networks; what is small already (photos) is left alone.

    Django's own adds random bytes, so that the size tells nothing about a secret inside (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, packed when it is text and the visitor can unpack it."""
        if not response.get("Content-Type", "").startswith(TEXTS):
            return response
        return super().process_response(request, response)


class NulMiddleware:
    """Takes NUL out of what a visitor sends: no person types it, and PostgreSQL keeps no text that has it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Query, form and cookies go on without it; an address that has it is "not found"."""
        if NUL in request.path:
            raise Http404
        if any(NUL in word for word in request.COOKIES.values()):
            request.COOKIES = {name: word.replace(NUL, "") for name, word in request.COOKIES.items()}
        _take_out_nul(request.GET)
        with suppress(UnreadablePostError):  # the visitor has gone: whoever asks next finds the form empty
            _take_out_nul(request.POST)
        return self.get_response(request)


class ProxyMiddleware:
    """Believes X-Forwarded-For and X-Forwarded-Proto of the named proxies, and of nobody else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """From here on REMOTE_ADDR is the visitor's address and the scheme is what the visitor used."""
        chain = request.META.pop("HTTP_X_FORWARDED_FOR", "").split(",")
        scheme = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
        if _is_proxy(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = _visitor(chain) or request.META["REMOTE_ADDR"]
            if scheme in ("http", "https"):
                request.META["wsgi.url_scheme"] = scheme
        return self.get_response(request)


def _take_out_nul(data: QueryDict) -> None:
    """In place: parsed forms are read-only to everybody else."""
    for _name, words in data.lists():
        if any(NUL in word for word in words):
            words[:] = [word.replace(NUL, "") for word in words]


def _visitor(chain: Iterable[str]) -> str:
    """The last address of the chain that is not one of our proxies: what stands before it may be invented."""
    for word in reversed([word.strip() for word in chain]):
        if _address(word) is None:
            return ""
        if not _is_proxy(word):
            return word
    return ""


def _is_proxy(word: str) -> bool:
    address = _address(word)
    return address is not None and any(address in network for network in settings.SILIN_TRUSTED_PROXIES)


def _address(word: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(word)
    except ValueError:
        return None
