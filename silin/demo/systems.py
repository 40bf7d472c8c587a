"""Systems of others in the demo, with keys everybody knows: one that takes things in, one of a bureau.

The bureau's is told of what concerns a bureau, at an address of the demo itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from silin.accounts.clients import PER_MINUTE_AT_MOST, SCOPES, find_client
from silin.accounts.models import Client
from silin.demo.faces import person
from silin.demo.people import ADMINISTRATOR, NAMED_CLERKS
from silin.demo.staff import CITY
from silin.exchange.actions import change_webhook, make_webhook, try_address
from silin.lib.addresses import outside
from silin.lib.refusal import Refused, Words
from silin.people.clients import AboutClient, make_client, renew_key
from silin.people.models import Organisation
from silin.places.models import Place

DEMO, BUREAU = UUID("01a00000-0000-7000-8000-00000000de30"), UUID("01a00000-0000-7000-8000-00000000de31")


EARS = "/demo/hears/"
TOLD_OF = ("whistle", "take_back", "urge", "rate")
"""What happens to a bureau that others call on."""


@dataclass(frozen=True)
class Shown:
    """A system as the chooser shows it."""

    name: str
    what: Words
    key: str


def shown() -> list[Shown]:
    """What a visitor may speak as; the bureau is that of the clerk among the named people."""
    clerk = NAMED_CLERKS[0]
    return [
        Shown("demo", _("A hotline: puts matters down for callers, reads those of the city"), keys()[DEMO]),
        Shown(
            f"{clerk[1]}平台", _("The system of a bureau: does what the bureau was called to"), keys()[BUREAU]
        ),
    ]


def keys() -> dict[UUID, str]:
    """The keys, by the system they belong to."""
    key = settings.SILIN_DEMO_API_KEY
    return {DEMO: key, BUREAU: f"{key}_bureau"}


def let_in(now: datetime) -> None:
    """Let both in, with the keys and the address of today's settings; again it changes nothing."""
    for pk, about in _about().items():
        key = keys()[pk]
        client, _key = make_client(about, actor=None, now=now, key=key)
        if not _opens(key, client, now):
            renew_key(client, valid_until=None, actor=None, now=now, key=key)
    _tell(Client.objects.get(pk=BUREAU), now)


def _tell(client: Client, now: datetime) -> None:
    """Tell the bureau's system, as the system administrator set it up; a first message tries the address."""
    env, by = settings.ENVIRONMENT, person(ADMINISTRATOR[-1])
    url = outside(EARS) if settings.CSRF_TRUSTED_ORIGINS else f"http://{_host(env.address)}:{env.port}{EARS}"
    webhook = client.webhooks.first()
    if webhook is None:
        webhook = make_webhook(client, url, actions=TOLD_OF, actor=by, now=now)
        try_address(webhook, actor=by, now=now)
    elif webhook.url.endswith(EARS) and webhook.url != url:
        change_webhook(webhook, url, actions=webhook.actions, actor=None, now=now)


def _host(address: str) -> str:
    """Where this machine hears itself, whatever address it serves at."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(address, address)


def _opens(key: str, client: Client, now: datetime) -> bool:
    try:
        return find_client(key, now).pk == client.pk
    except Refused:
        return False


def _about() -> dict[UUID, AboutClient]:
    county, bureau = NAMED_CLERKS[0][:2]
    city, place = Place.objects.get(code=CITY), Place.objects.get(code=county)
    body = Organisation.objects.get(place=place, name=f"{place.name}{bureau}")
    more: dict[str, Any] = {"scopes": list(SCOPES), "per_minute": PER_MINUTE_AT_MOST}
    hotline, system = shown()
    return {
        DEMO: AboutClient(hotline.name, "hotline", city, pk=DEMO, **more),
        BUREAU: AboutClient(system.name, "bureau_system", place, organisation=body, pk=BUREAU, **more),
    }
