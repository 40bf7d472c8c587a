"""Sending what waits for an address: in the order of the deeds, at least once, and patiently.

Each message bears the headers of Standard Webhooks (standardwebhooks.com): ``webhook-id``, which stays the
same when it is sent again, ``webhook-timestamp`` and ``webhook-signature``, an HMAC-SHA256 over both and the
body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import socket
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit
from urllib.request import Request

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from silin.exchange.actions import BEGINS, pause_webhook
from silin.exchange.models import Delivery, Pause, Webhook
from silin.lib.outgoing import Answer, NotReached, ask
from silin.notices.actions import Message, queue

LEASE = timedelta(minutes=2)
TURN = 60.0
"""So many seconds one address may take in one turn; well below the lease."""
BATCH = 200
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
PATIENT_FOR = timedelta(days=3)
KEPT = timedelta(days=30)
GONE = 410


def send_due(now: datetime) -> None:
    """Send what is due, address by address.

    An address is claimed by moving its ``next_try``, so that of two loops one sends. Whoever dies between
    sending and noting it sends the message once more, under the same id. When one fails, the address waits:
    10 seconds, 20, 40 … an hour at most, and what comes later waits behind it. After three days of failures
    it is stopped, and whoever set it up is told; nothing is lost, it goes on where it stopped.
    """
    due = Webhook.objects.at_work(now).filter(next_try__lte=now).select_related("client__user", "made_by")
    for webhook in due.order_by("next_try"):
        mine = Webhook.objects.filter(pk=webhook.pk, next_try=webhook.next_try, paused_at=None)
        if mine.update(next_try=now + LEASE):
            _send_waiting(webhook, now)


def forget_old(now: datetime) -> None:
    """Delete the messages of a month ago that wait no longer."""
    old = Delivery.objects.filter(made_at__lt=now - KEPT)
    old.exclude(sent_at=None, left_out_at=None).delete()


def _send_waiting(webhook: Webhook, now: datetime) -> None:
    began = monotonic()
    for delivery in webhook.deliveries.waiting().order_by("pk")[:BATCH]:
        if not _send(webhook, delivery, now):
            _failed(webhook, delivery, now)
            return
        if monotonic() - began > TURN:
            break
    rows = Webhook.objects.filter(pk=webhook.pk, paused_at=None)
    rows.update(next_try=None, tries=0, failing_since=None)
    if webhook.deliveries.waiting().exists():
        rows.update(next_try=now)


def _send(webhook: Webhook, delivery: Delivery, now: datetime) -> bool:
    """Whether it was taken; how it went is noted in any case."""
    delivery.tries += 1
    delivery.status, delivery.told = None, ""
    try:
        answer = _ask(webhook, delivery)
        delivery.status = answer.status
        if answer.is_good:
            delivery.sent_at = now
    except NotReached as error:
        delivery.told = str(error)[:60]
    delivery.save(update_fields=["tries", "status", "told", "sent_at"])
    return delivery.sent_at is not None


def _ask(webhook: Webhook, delivery: Delivery) -> Answer:
    _look_where(webhook.url)
    body = delivery.body.encode()
    at = str(int(timezone.now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Silin",
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": at,
        "webhook-signature": signature(webhook.secret, str(delivery.pk), at, body),
    }
    return ask(Request(webhook.url, data=body, headers=headers, method="POST"))


def signature(secret: str, message: str, at: str, body: bytes) -> str:
    """What the receiver computes too, to know that it is us and that nothing was changed on the way."""
    key = base64.b64decode(secret.removeprefix(BEGINS))
    mac = hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(mac.digest()).decode()}"


def _look_where(url: str) -> None:
    """Refuse the addresses at which a machine's host answers questions about it. Raises ``NotReached``."""
    host = urlsplit(url).hostname or ""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotReached(type(error).__name__) from None
    for *_way, address in found:
        there = ipaddress.ip_address(str(address[0]).partition("%")[0])
        if there.is_link_local or there.is_multicast or there.is_unspecified:
            raise NotReached("forbidden address")


def _failed(webhook: Webhook, delivery: Delivery, now: datetime) -> None:
    since = webhook.failing_since or now
    if delivery.status == GONE or now - since >= PATIENT_FOR:
        _stop(webhook, Pause.GONE if delivery.status == GONE else Pause.FAILING, now)
        return
    wait = min(FIRST_WAIT * 2 ** min(webhook.tries, 20), LONGEST_WAIT)
    Webhook.objects.filter(pk=webhook.pk, paused_at=None).update(
        next_try=now + wait, tries=webhook.tries + 1, failing_since=since
    )


@transaction.atomic
def _stop(webhook: Webhook, why: Pause, now: datetime) -> None:
    pause_webhook(webhook, actor=None, now=now, why=why)
    if webhook.made_by is not None:
        link = reverse("exchange:desk_webhook", args=[webhook.pk])
        params = {"client": str(webhook.client)}
        queue([Message("webhook_stopped", webhook.made_by, params, link)], now=now)
