"""What a person is sent: kinds of messages by text message and e-mail, also stopped straight from one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.accounts.signing_in import see_other
from silin.lib.shells import in_own_front, own_url, shell_of
from silin.notices import choosing
from silin.notices.kinds import OTHERS, NoticeKind, notice_kinds
from silin.notices.models import Channel


@dataclass(frozen=True)
class Way:
    """A channel, and whether something comes on it."""

    channel: Channel
    on: bool


@dataclass(frozen=True)
class Line:
    """A kind of notices with the ways on which it comes."""

    kind: NoticeKind
    ways: list[Way]


@login_required
@in_own_front
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: which of their own messages also come by text message and e-mail."""
    user = request.user
    assert isinstance(user, User)
    if request.method == "POST":
        wanted = request.POST.get("do") == "start"
        kind, channel = request.POST.get("kind", choosing.ALL), request.POST.get("channel", "")
        choosing.choose(user, channel, kind=kind, wanted=wanted, now=timezone.now())
        messages.success(request, _("Noted."))
        return see_other(own_url(request, "notices:choices"))
    rows = choosing.chosen(user)
    context = {
        "shell": shell_of(request),
        "lines": [Line(kind, _ways(kind, rows)) for kind in notice_kinds()],
        "ways": [Way(channel, rows.get((choosing.ALL, channel), True)) for channel in choosing.CHANNELS],
    }
    return render(request, "notices/choices.html", context)


def _ways(kind: NoticeKind, rows: choosing.Rows) -> list[Way]:
    """On which ways messages of a kind come, as far as nothing has been stopped as a whole."""
    return [
        Way(channel, rows.get((kind.code, channel), channel in kind.by_default))
        for channel in choosing.CHANNELS
        if rows.get((choosing.ALL, channel), True)
    ]


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """Everyone with the link of a message to them: stop its kind; looking alone stops nothing.

    The link is the key, and mailboxes press their own button by sending it (RFC 8058): so no form of ours is
    asked for.
    """
    user, channel, code = choosing.read_stop_link(secret)
    kind = next((kind for kind in notice_kinds() if kind.code == code), OTHERS)
    if request.method == "POST":
        choosing.choose(user, channel, kind=kind.code, wanted=False, now=timezone.now())
    context = {"done": request.method == "POST", "kind": kind, "channel": channel}
    return render(request, "notices/stop.html", context)
