"""Where systems are told, as whoever looks after the system sets it up and sees how it goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from silin.accounts.models import Client, User
from silin.exchange import actions
from silin.exchange.forms import AddressForm, WebhookForm
from silin.exchange.models import Pause, Webhook
from silin.exchange.queries import clients_to_tell, webhook_for, webhooks_for
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound, Refused
from silin.matters.happenings import TOLD
from silin.people.doors import for_posts, viewer

EDIT = actions.EDIT
SIZE = 40
SHOWN_ONCE = "webhook_secret"
"""In the session: whose secret the next page shows."""


@for_posts(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``system.run``: where systems are told what happens; one more."""
    user, now = viewer(request), timezone.now()
    clients = clients_to_tell()
    form = WebhookForm(request.POST or None, clients=clients, auto_id="new_%s")
    if request.method == "POST":
        made = form.try_to(lambda: _make(form, clients, user, now))
        if made is not None:
            return _shown_once(request, made)
    context = {
        "page": page_by_key(webhooks_for(user), ("-made_at",), request.GET.get("after", ""), SIZE),
        "form": form if clients else None,
    }
    return render(request, "exchange/desk/webhooks.html", context, status=form.status)


@for_posts(EDIT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, webhook: UUID) -> HttpResponseBase:
    """Staff with ``system.run``: one address, its secret, and what was sent there."""
    user, now = viewer(request), timezone.now()
    row = webhook_for(user, webhook)
    form = _form(row)
    refusal: Refused | None = None
    if request.method == "POST":
        if request.POST.get("do") == "change":
            form = _form(row, request.POST)
            done = form.try_to(lambda: actions.change_webhook(row, actor=user, now=now, **form.cleaned_data))
            if done is not None:
                return _to(row, "saved")
        else:
            answer, refusal = _act(request, row, user, now)
            if answer is not None:
                return answer
    context = _context(request, row) | {"form": form, "refusal": refusal}
    status = refusal.status if refusal else form.status
    return render(request, "exchange/desk/webhook.html", context, status=status)


def _make(form: WebhookForm, clients: list[Client], user: User, now: datetime) -> Webhook:
    sent = form.cleaned_data
    client = next(each for each in clients if str(each.pk) == sent["client"])
    return actions.make_webhook(client, sent["url"], actions=sent["actions"], actor=user, now=now)


def _act(
    request: HttpRequest, row: Webhook, user: User, now: datetime
) -> tuple[HttpResponseBase | None, Refused | None]:
    """Do what was asked: where that leads, or what was refused."""
    do, message = request.POST.get("do", ""), _message(request)
    calls: dict[str, Callable[[], object]] = {
        "pause": lambda: actions.pause_webhook(row, actor=user, now=now, why=Pause.BY_HAND),
        "resume": lambda: actions.resume_webhook(row, actor=user, now=now),
        "renew": lambda: actions.renew_secret(row, actor=user, now=now),
        "try": lambda: actions.try_address(row, actor=user, now=now),
        "again": lambda: actions.send_again(row, message, actor=user, now=now),
        "leave_out": lambda: actions.leave_out(row, message, actor=user, now=now),
        "remove": lambda: actions.remove_webhook(row, actor=user, now=now),
    }
    if do not in calls:
        raise NotFound
    try:
        calls[do]()
    except NotFound:
        raise
    except Refused as refusal:
        return None, refusal
    if do == "renew":
        return _shown_once(request, row), None
    return redirect("exchange:desk") if do == "remove" else _to(row, do), None


def _message(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("message", ""))
    except ValueError:
        return UUID(int=0)


def _form(row: Webhook, data: Any = None) -> AddressForm:
    return AddressForm(data, initial={"url": row.url, "actions": row.actions}, auto_id="change_%s")


def _to(row: Webhook, done: str) -> HttpResponseRedirect:
    there = reverse("exchange:desk_webhook", args=[row.pk])
    return HttpResponseRedirect(f"{there}?done={done}", status=303)


def _shown_once(request: HttpRequest, row: Webhook) -> HttpResponseRedirect:
    """To the page, which shows the secret this once."""
    request.session[SHOWN_ONCE] = str(row.pk)
    return _to(row, "renew")


def _context(request: HttpRequest, row: Webhook) -> dict[str, Any]:
    once = request.method == "GET" and request.session.get(SHOWN_ONCE) == str(row.pk)
    if once:
        del request.session[SHOWN_ONCE]
    sent = row.deliveries.all()
    waiting = request.GET.get("waiting") == "1"
    shown = sent.waiting() if waiting else sent
    return {
        "webhook": row,
        "told_of": [TOLD[each] for each in row.actions if each in TOLD],
        "done": request.GET.get("done", ""),
        "secret": row.secret if once else "",
        "waiting_only": waiting,
        "waits": sent.waiting().count(),
        "page": page_by_key(shown, ("-id",), request.GET.get("after", ""), SIZE),
    }
