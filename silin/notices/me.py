"""What a person is sent: stopping e-mails and text messages, also straight from an e-mail."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from silin.accounts.models import User
from silin.accounts.signing_in import see_other
from silin.lib.shells import own_url, shell_of
from silin.notices import choosing
from silin.notices.models import Channel


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in: which of their own messages also come by text message and e-mail."""
    user = request.user
    assert isinstance(user, User)
    if request.method == "POST":
        wanted = request.POST.get("do") == "start"
        choosing.choose(user, request.POST.get("channel", ""), wanted=wanted, now=timezone.now())
        messages.success(request, _("Noted."))
        return see_other(own_url(request, "notices:choices"))
    off = choosing.stopped(user)
    context = {
        "shell": shell_of(request),
        "channels": [(channel, channel in off) for channel in choosing.STOPPABLE],
    }
    return render(request, "notices/choices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """Everyone with the link of an e-mail to them: stop e-mails; looking alone stops nothing."""
    user = choosing.reader_of(signed)
    done = request.method == "POST"
    if done:
        choosing.choose(user, Channel.EMAIL, wanted=False, now=timezone.now())
    return render(request, "notices/stop.html", {"done": done})
