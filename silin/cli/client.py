"""``silin client``: let a system of others in, with a key that is printed this once."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import date
from typing import TYPE_CHECKING

from silin.cli import starting

if TYPE_CHECKING:
    from silin.people.clients import AboutClient

KINDS = ("hotline", "public_app", "bureau_system")


def arguments(command: ArgumentParser) -> None:
    """What it is called, by which post it comes in, where, and how far its key goes."""
    command.add_argument("name", metavar="NAME", help="what the system is called; it stands in stories")
    command.add_argument("--kind", required=True, choices=KINDS, help="the kind of post it comes in by")
    command.add_argument("--place", required=True, metavar="CODE", help="its place, with all beneath")
    command.add_argument("--scopes", required=True, help="such as read,raise,act,review,feed")
    command.add_argument("--organisation", help="the bureau whose system it is, by its name")
    command.add_argument("--per-minute", type=int, default=120, metavar="N", help="calls a minute, at most")
    command.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="the first day without it")


def run(options: Namespace) -> int:
    """Let it in; 1 when that is refused."""
    starting.set_up()
    if starting.refused():
        return 1
    from django.utils import timezone

    from silin.lib.refusal import Refused
    from silin.people.clients import make_client

    try:
        client, key = make_client(_about(options), actor=None, now=timezone.now())
    except Refused as error:
        print(error.message, file=sys.stderr)
        return 1
    print(f"{client} is let in. Its key, shown this once:", key, sep="\n")
    return 0


def _about(options: Namespace) -> AboutClient:
    from silin.lib.refusal import Refused
    from silin.people.clients import AboutClient
    from silin.people.models import Organisation
    from silin.places.models import Place

    place = Place.objects.active().filter(code=options.place).first()
    if place is None:
        raise Refused("no_place", f"There is no place with the code {options.place}.", field="place")
    body = None
    if options.organisation:
        body = Organisation.objects.under(place).filter(name=options.organisation).first()
        if body is None:
            raise Refused("no_organisation", f"{options.organisation} is not known there.")
    scopes = options.scopes.replace(",", " ").split()
    more = {"per_minute": options.per_minute, "valid_until": options.until, "organisation": body}
    return AboutClient(options.name, options.kind, place, scopes, **more)
