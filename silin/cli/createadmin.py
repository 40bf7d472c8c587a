"""``silin createadmin``: an administrator; the first one is the city's and gives all other posts."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from silin.cli import starting

if TYPE_CHECKING:
    from silin.accounts.models import User
    from silin.people.models import Post
    from silin.places.models import Place

KIND = "city_admin"
KINDS = (KIND, "system_admin", "security_admin", "auditor")


def arguments(command: ArgumentParser) -> None:
    """Who, and where; what is not said is asked."""
    command.add_argument("--email", help="sign-in name; the variable SILIN_ADMIN_EMAIL says it as well")
    command.epilog = "The password is asked for, or stands in the variable SILIN_ADMIN_PASSWORD."
    command.add_argument("--name", default="", help="how the administrator is called")
    command.add_argument("--kind", choices=KINDS, default=KIND, help="which administrator; one person is one")
    command.add_argument("--place", help="code of the city; needed only where there are several")


def run(options: Namespace) -> int:
    """Make the account and give it the post; 1 when that is refused."""
    starting.set_up()
    if starting.refused():
        return 1
    from django.core.exceptions import ValidationError

    from silin.lib.refusal import Refused

    try:
        place = _city(options.place)
        user = _account(options)
        _give(user, place, options.kind)
    except (Refused, ValidationError) as error:
        words = error.messages if isinstance(error, ValidationError) else [str(error.message)]
        print(*words, sep="\n", file=sys.stderr)
        return 1
    print(f"{user.email} is administrator of {place.name} ({options.kind}). Sign in at /sign-in/.")
    return 0


def _city(code: str | None) -> Place:
    from silin.lib.refusal import Refused
    from silin.places.models import Place

    cities = Place.objects.filter(level="city", **({"code": code} if code else {}))
    if len(cities) != 1:
        cure = "Name one with --place CODE." if len(cities) else "First: silin import divisions FILE"
        raise Refused("bad_place", f"{len(cities)} cities found. {cure}", field="place")
    return cities[0]


def _account(options: Namespace) -> User:
    from django.conf import settings
    from django.contrib.auth.password_validation import validate_password
    from django.core.validators import validate_email

    from silin.accounts.models import User
    from silin.lib.refusal import Refused

    env = settings.ENVIRONMENT
    email = User.objects.normalize_email(options.email or env.text("SILIN_ADMIN_EMAIL") or input("E-mail: "))
    validate_email(email)
    if User.objects.filter(email__iexact=email).exists():
        raise Refused("email_taken", f"There is an account of {email} already.", field="email")
    user = User(email=email, name=options.name or email.split("@")[0])
    password = env.text("SILIN_ADMIN_PASSWORD") or _ask_password()
    validate_password(password, user)
    user.set_password(password)
    return user


def _ask_password() -> str:
    from silin.lib.refusal import Refused

    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Once more: "):
        raise Refused("bad_password", "The two passwords are not the same.", field="password")
    return first


def _give(user: User, place: Place, kind: str) -> None:
    from django.db import transaction
    from django.utils import timezone

    from silin.people import actions

    now = timezone.now()
    with transaction.atomic():
        user.save(force_insert=True)
        actions.appoint(_free_post(place, kind), user, actor=None, now=now)


def _free_post(place: Place, kind: str) -> Post:
    """A seat of an administrator that nobody holds: nobody loses a post by this command."""
    from django.utils import timezone

    from silin.people import actions, queries
    from silin.people.models import Post

    now = timezone.now()
    posts = list(Post.objects.filter(kind_id=kind, place=place).order_by("serial"))
    for post in posts:
        if not queries.holders(post, now):
            return post
    serial = posts[-1].serial + 1 if posts else 1
    return actions.add_post(kind, place, actor=None, now=now, serial=serial)
