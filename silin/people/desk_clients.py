"""Systems that come in with a key, as whoever looks after the installation sees and lets them in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from silin.accounts import clients as keys
from silin.accounts.models import Client, User
from silin.accounts.signing_in import see_other
from silin.history import queries as history
from silin.lib.keyring import decrypt, encrypt
from silin.lib.paging import page_by_key
from silin.lib.refusal import NotFound
from silin.people import clients
from silin.people.client_forms import ClientForm, RenewForm
from silin.people.doors import for_posts, viewer
from silin.people.models import Organisation, today
from silin.people.queries import places_where

SIZE = 60
FRESH = "fresh_key"  # in the session, encrypted: the key of a client that is shown on the next page, once


@for_posts(clients.EDIT)
@require_safe
def listed(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``system.run``: every system that was let in, with its post, its reach and its last call."""
    rows = clients.clients_for(viewer(request))
    page = page_by_key(rows, ("-made_at", "-id"), request.GET.get("after", ""), SIZE)
    held = clients.holdings_by_client(page.rows)
    shown = [(row, held.get(row.user_id), state_of(row, timezone.now())) for row in page.rows]
    return render(request, "people/desk/clients.html", {"page": page, "shown": shown})


@for_posts(clients.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``system.run``: let a system in; the next page shows its key, this once."""
    user, now = viewer(request), timezone.now()
    city = places_where(user, clients.EDIT, now)[0]
    bodies = Organisation.objects.under(city).active(today(now)).order_by("name")
    bodies = bodies.filter(kind=Organisation.Kind.BUREAU)
    form = ClientForm(request.POST or None, city=city, bodies=bodies, auto_id="client_%s")
    if form.is_bound:
        made = form.try_to(lambda: clients.make_client(form.about(), actor=user, now=now))
        if made is not None:
            return _show_key(request, *made)
    return render(request, "people/desk/new_client.html", {"form": form}, status=form.status)


@never_cache
@for_posts(clients.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, client: UUID) -> HttpResponseBase:
    """Staff with ``system.run``: one system, another key for it, letting it in no more, what it did."""
    user, now = viewer(request), timezone.now()
    row = clients.client_for(user, client)
    form = RenewForm(request.POST if request.POST.get("do") == "renew" else None, auto_id="renew_%s")
    if request.method == "POST" and not form.is_bound:
        return _end(request, row, user, now)
    if form.is_bound:
        until = form["until"].data
        key = form.try_to(lambda: _renew(form, row, user, now))
        if key is not None:
            return _show_key(request, row, key)
        form.initial["until"] = until
    return render(request, "people/desk/client.html", _about(request, row, form, now), status=form.status)


def state_of(row: Client, now: datetime) -> str:
    """Whether a key works: ``ended``, ``expired``, or ``works``."""
    if row.ended_at is not None:
        return "ended"
    return "expired" if row.valid_until is not None and row.valid_until <= today(now) else "works"


def _renew(form: RenewForm, row: Client, user: User, now: datetime) -> str:
    return clients.renew_key(row, valid_until=form.cleaned_data["until"], actor=user, now=now)


def _end(request: HttpRequest, row: Client, user: User, now: datetime) -> HttpResponseBase:
    if request.POST.get("do") != "end":
        raise NotFound
    clients.end_client(row, actor=user, now=now)
    messages.success(request, _("“%(name)s” is let in no more.") % {"name": row})
    return see_other(request.path)


def _show_key(request: HttpRequest, row: Client, key: str) -> HttpResponseBase:
    if key:
        request.session[FRESH] = {"client": str(row.pk), "key": encrypt(key)}
    return see_other(reverse("people:desk_client", args=[row.pk]))


def _about(request: HttpRequest, row: Client, form: RenewForm, now: datetime) -> dict[str, Any]:
    fresh: dict[str, str] = {}
    if request.session.get(FRESH, {}).get("client") == str(row.pk) and request.method == "GET":
        fresh = request.session.pop(FRESH)
    return {
        "client": row,
        "fresh": decrypt(fresh["key"]) if fresh else "",
        "held": clients.holdings_by_client([row]).get(row.user_id),
        "state": state_of(row, now),
        "scopes": [keys.SCOPES[each] for each in row.scopes if each in keys.SCOPES],
        "form": form,
        "lines": history.of(row.subject),
        "did": import_string(settings.DEEDS_TOLD)(clients.did_lately(row)),
    }
