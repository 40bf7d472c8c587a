"""Setting up where a system is told, stopping it and letting it go on, sending something once more."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import Client, User
from silin.exchange.models import Delivery, Pause, Webhook
from silin.history.actions import record
from silin.history.settled import settled_to
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.lib.text import clean_words
from silin.matters.happenings import TOLD

EDIT = "system.run"
FEED = "feed"
URL_AT_MOST = 500
BEGINS = "whsec_"
AT_MOST = 5
"""So many addresses a client may have."""


@transaction.atomic
def make_webhook(
    client: Client, url: str, *, actions: Iterable[str] = (), actor: User | None, now: datetime
) -> Webhook:
    """Tell ``client`` from now on what happens to the matters it may see; ``actor`` None is the installer.

    Raises ``NotAllowed``, ``Refused`` (``missing``, ``too_long``, ``bad_url``, ``unknown_action``,
    ``no_feed`` where its key does not go that far, ``key_ended``, ``too_many``).
    """
    _may_edit(actor)
    holder = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    if holder.ended_at is not None:
        raise Refused("key_ended", _("This key was ended."), field="client")
    if not holder.may(FEED):
        raise Refused(
            "no_feed", _("The key of this system does not let it hear what happens."), field="client"
        )
    if holder.webhooks.count() >= AT_MOST:
        raise Refused("too_many", _("A system has five addresses at most."), field="client")
    made = Webhook(
        client=holder,
        url=_checked(url),
        actions=_chosen(actions),
        bookmark=settled_to(),
        made_at=now,
        made_by=actor,
    )
    made.secret = new_secret()
    made.save(force_insert=True)
    fields = {"client": str(holder.pk), "url": made.url, "actions": made.actions}
    record(subject=made.subject, action="make_webhook", actor=actor, now=now, fields=fields, first=True)
    return made


@transaction.atomic
def change_webhook(
    webhook: Webhook, url: str, *, actions: Iterable[str] = (), actor: User | None, now: datetime
) -> Webhook:
    """Another address, or other deeds. Raises as ``make_webhook`` does."""
    fresh = _lock(webhook, actor)
    fresh.url, fresh.actions = _checked(url), _chosen(actions)
    fresh.save(update_fields=["url", "actions"])
    fields = {"url": fresh.url, "actions": fresh.actions}
    record(subject=fresh.subject, action="change_webhook", actor=actor, now=now, fields=fields)
    return fresh


@transaction.atomic
def renew_secret(webhook: Webhook, *, actor: User | None, now: datetime) -> Webhook:
    """Sign with another secret from now on. Raises ``NotAllowed``, ``NotFound``."""
    fresh = _lock(webhook, actor)
    fresh.secret = new_secret()
    fresh.save(update_fields=["closed_secret"])
    record(subject=fresh.subject, action="renew_secret", actor=actor, now=now)
    return fresh


@transaction.atomic
def pause_webhook(webhook: Webhook, *, actor: User | None, now: datetime, why: Pause) -> Webhook:
    """Send nothing there for the time being: what happens meanwhile is gathered when it goes on.

    ``actor`` None is the loop. A second time changes nothing. Raises ``NotAllowed``, ``NotFound``.
    """
    fresh = _lock(webhook, actor)
    if fresh.paused_at is not None:
        return fresh
    fresh.paused_at, fresh.pause, fresh.next_try = now, why, None
    fresh.save(update_fields=["paused_at", "pause", "next_try"])
    record(subject=fresh.subject, action="pause_webhook", actor=actor, now=now, fields={"why": str(why)})
    return fresh


@transaction.atomic
def resume_webhook(webhook: Webhook, *, actor: User | None, now: datetime) -> Webhook:
    """Go on where it was stopped: nothing of the time between is left out.

    Raises ``NotAllowed``, ``NotFound``.
    """
    fresh = _lock(webhook, actor)
    fresh.paused_at, fresh.pause, fresh.failing_since, fresh.tries = None, "", None, 0
    fresh.next_try = now
    fresh.save(update_fields=["paused_at", "pause", "failing_since", "tries", "next_try"])
    record(subject=fresh.subject, action="resume_webhook", actor=actor, now=now)
    return fresh


@transaction.atomic
def remove_webhook(webhook: Webhook, *, actor: User | None, now: datetime) -> None:
    """Tell nobody there any more, and forget what was sent. Raises ``NotAllowed``, ``NotFound``."""
    fresh = _lock(webhook, actor)
    record(subject=fresh.subject, action="remove_webhook", actor=actor, now=now, fields={"url": fresh.url})
    fresh.delete()


@transaction.atomic
def try_address(webhook: Webhook, *, actor: User | None, now: datetime) -> Delivery:
    """Send a message that tells of nothing, to see whether somebody answers. Raises as ``resume_webhook``."""
    fresh = _lock(webhook, actor)
    body = json.dumps({"type": "ping", "timestamp": now.isoformat(), "data": {}})
    made = Delivery.objects.create(webhook=fresh, event="ping", body=body, made_at=now)
    _due(fresh, now)
    return made


@transaction.atomic
def send_again(webhook: Webhook, delivery: UUID, *, actor: User | None, now: datetime) -> Delivery:
    """Send one message once more, be it sent or not. Raises as ``resume_webhook``."""
    fresh = _lock(webhook, actor)
    found = _lock_message(fresh, delivery)
    found.sent_at = found.left_out_at = None
    found.save(update_fields=["sent_at", "left_out_at"])
    _due(fresh, now)
    record(
        subject=fresh.subject, action="send_again", actor=actor, now=now, fields={"message": str(found.pk)}
    )
    return found


@transaction.atomic
def leave_out(webhook: Webhook, delivery: UUID, *, actor: User | None, now: datetime) -> Delivery:
    """Do not send a message that is never taken: what waits behind it goes on.

    Raises as ``resume_webhook``.
    """
    fresh = _lock(webhook, actor)
    found = _lock_message(fresh, delivery)
    if found.sent_at is None and found.left_out_at is None:
        found.left_out_at = now
        found.save(update_fields=["left_out_at"])
        fields = {"message": str(found.pk)}
        record(subject=fresh.subject, action="leave_out", actor=actor, now=now, fields=fields)
        Webhook.objects.filter(pk=fresh.pk, paused_at=None).update(next_try=now)
    return found


def new_secret() -> str:
    """A secret as the libraries of Standard Webhooks read it: 24 drawn bytes in base64 behind ``whsec_``."""
    return BEGINS + base64.b64encode(secrets.token_bytes(24)).decode()


def _due(webhook: Webhook, now: datetime) -> None:
    if webhook.paused_at is not None:
        raise Refused("paused", _("Nothing is sent there at the moment. Let it go on first."))
    Webhook.objects.filter(pk=webhook.pk).update(next_try=now)


def _checked(url: str) -> str:
    address = clean_words(url, field="url", at_least=1, at_most=URL_AT_MOST)
    wrong = Refused("bad_url", _("An address begins with https:// and names a host."), field="url")
    if not address.isascii() or any(sign.isspace() for sign in address):
        raise wrong
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.port == 0:
            raise wrong
    except ValueError:
        raise wrong from None
    if parts.username or parts.password:
        message = _("No name and password in an address: each message is signed instead.")
        raise Refused("bad_url", message, field="url")
    return address


def _chosen(actions: Iterable[str]) -> list[str]:
    wanted = set(actions)
    if not wanted <= set(TOLD):
        raise Refused("unknown_action", _("Nothing is known by that name."), field="actions")
    return [action for action in TOLD if action in wanted]


def _lock(webhook: Webhook, actor: User | None) -> Webhook:
    _may_edit(actor)
    rows = Webhook.objects.select_for_update(of=("self",)).select_related("client__user")
    fresh = rows.filter(pk=webhook.pk).first()
    if fresh is None:
        raise NotFound
    return fresh


def _lock_message(webhook: Webhook, delivery: UUID) -> Delivery:
    found = webhook.deliveries.select_for_update().filter(pk=delivery).first()
    if found is None:
        raise NotFound
    return found


def _may_edit(actor: User | None) -> None:
    if actor is not None and not actor.has_perm(EDIT):
        raise NotAllowed
