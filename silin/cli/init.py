"""``silin init``: another city, from its list of divisions to the address of its checklist."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from silin.cli import createadmin, starting
from silin.cli.progress import Progress

if TYPE_CHECKING:
    from silin.places.models import Place

KEYS = ("secret.key", "hash.key", "data.keys")


def arguments(command: ArgumentParser) -> None:
    """Which city, and who looks after it first; what is not said is asked."""
    command.add_argument("--city", help="its name, or its code in the national list")
    command.add_argument(
        "--divisions", type=Path, metavar="FILE", help="the city's own list of divisions instead of that"
    )
    command.add_argument("--email", help="sign-in name of the first administrator (SILIN_ADMIN_EMAIL)")
    command.add_argument("--name", default="", help="how the administrator is called")
    command.epilog = "The password is asked for, or stands in the variable SILIN_ADMIN_PASSWORD."


def run(options: Namespace) -> int:
    """Do what is not done yet and say what is there; 1 when that is refused."""
    starting.set_up()
    if starting.refused(starting.broken_off_findings, migrated=False):
        return 1
    from django.core.management import call_command

    from silin.lib.refusal import Refused

    call_command("migrate", verbosity=0)
    try:
        place = _city(*_list(options))
    except OSError as error:
        print(starting.of_file(error), file=sys.stderr)
        return 1
    except Refused as refusal:
        print(refusal.message, *getattr(refusal, "problems", []), sep="\n", file=sys.stderr)
        return 1
    _keys()
    if _has_administrator(place):
        print(f"{place.name} has an administrator.")
    elif createadmin.run(
        Namespace(email=options.email, name=options.name, place=place.code, kind=createadmin.KIND)
    ):
        return 1
    _seats(place)
    _where_to_go_on()
    return 0


def _list(options: Namespace) -> tuple[bytes, str]:
    """The city with everything below it as a file, and the city's code.

    Raises ``Refused`` (``no_city``, ``which_city``, ``one_city``) and ``OSError``.
    """
    from silin.lib.refusal import Refused
    from silin.places import divisions, national
    from silin.places.levels import Level, level_of_code

    if options.divisions is None:
        city = national.find_city(options.city or input("City (name or code): "))
        return national.branch(city), city.code
    data = options.divisions.read_bytes()
    tops = divisions.tops(data)
    if len(tops) != 1 or level_of_code(tops[0]) != Level.CITY:
        message = "One line of the file has to stand without a parent, and only one: the city."
        raise Refused("one_city", message, field="city")
    return data, tops[0]


def _city(data: bytes, code: str) -> Place:
    """The city with everything below it, being set up. Raises ``Refused`` (``other_city``)."""
    from django.db import transaction
    from django.utils import timezone

    from silin.assessment.sample import load_sample
    from silin.lib.refusal import Refused
    from silin.matters.categories import load_categories
    from silin.operation import actions
    from silin.places.imports import import_divisions
    from silin.places.models import Place

    there = Place.objects.filter(parent=None).first()
    if there is not None and there.code != code:
        message = f"This database holds {there.name} already. Another city needs a database of its own."
        raise Refused("other_city", message, field="city")
    if there is not None:
        print(f"{there.name} is here already: {Place.objects.count()} places.")
        if n := load_sample():  # begun by a version that had no assessment yet
            print(f"The sample of the catalogue was brought in: {n} indicators.")
        return there
    now = timezone.now()
    with transaction.atomic():
        result = import_divisions(data, actor=None, now=now, progress=Progress())
        load_categories()
        load_sample()
        place = Place.objects.get(code=code)
        actions.begin(place, now=now)
    print(f"{place.name}: {result.added} places.")
    return place


def _keys() -> None:
    from django.conf import settings

    print(
        "Keys:", *(str(settings.SILIN_HOME / name) for name in KEYS if (settings.SILIN_HOME / name).exists())
    )
    print("Copy them to somewhere else today. Lost keys are lost phone numbers; no backup holds them.")


def _has_administrator(place: Place) -> bool:
    from django.utils import timezone

    from silin.people.models import Holding, today

    day = today(timezone.now())
    return Holding.objects.current(day).filter(post__place=place, post__kind=createadmin.KIND).exists()


def _seats(place: Place) -> None:
    """The seats of the three administrators, vacant until the first one gives them to three others."""
    from django.utils import timezone

    from silin.people.actions import add_post
    from silin.people.administrators import KINDS
    from silin.people.models import Post

    for kind in KINDS:
        if not Post.objects.filter(kind_id=kind, place=place).exists():
            add_post(kind, place, actor=None, now=timezone.now())


def _where_to_go_on() -> None:
    from django.conf import settings

    env = settings.ENVIRONMENT
    base = env.origins[0] if env.origins else f"http://{env.address}:{env.port}"
    print(f"Start silin up. What is missing before you can open: {base}/desk/set-up/")
    print(
        f"Three others look after the machine, give rights and read the log: {base}/desk/administrators/. "
        "Until there is a system administrator nobody opens the page of the machine; with the third of them "
        "the first administrator stops giving posts and changing places."
    )
