"""Lines of the checklist about posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from silin.accounts.models import SecondFactor, User
from silin.lib.how_many import count_each
from silin.lib.setting_up import Line
from silin.people.administrators import KINDS as THREE
from silin.people.models import Holding, Household, Membership, Organisation, Post, Team, today
from silin.places.levels import Level
from silin.places.models import Place


def posts(city: Place, now: datetime) -> Iterator[Line]:
    """Whether work finds somebody: posts, those that are vacant, and hands in grids."""
    line = partial(Line, url=reverse("people:desk_posts"), door=_("Who is on what post"))
    held = Exists(Holding.objects.current(today(now)).filter(post=OuterRef("pk")))
    rows = Post.objects.under(city).open().of_people()
    known = count_each({"posts": rows, "vacant": rows.filter(~held)})
    n, vacant = known["posts"], known["vacant"]
    yield line(
        "posts",
        _("%(n)s posts, %(vacant)s of them vacant") % {"n": n, "vacant": vacant},
        _("What is sent to a vacant post goes to the next one above, and its clock runs."),
        done=n > 0 and vacant == 0,
        sheet="posts",
    )
    staffed = rows.filter(held, kind__level=Level.GRID).values_list("kind__capabilities", flat=True)
    hands = sum("matters.handle" in capabilities for capabilities in staffed)
    yield line(
        "grid_workers",
        _("%(n)s people work in grids") % {"n": hands},
        _("Somebody has to go and look when a resident reports something."),
        done=hands > 0,
        must=True,
    )


def register(city: Place, now: datetime) -> Iterator[Line]:
    """Organisations and teams, and who lives where: no home is needed before a resident can report."""
    day = today(now)
    homes = Household.objects.under(city)
    living = Q(until=None) | Q(until__gt=day)
    known = count_each(
        {
            "organisations": Organisation.objects.under(city).active(day),
            "teams": Team.objects.under(city).active(day),
            "homes": homes,
            "residents": Membership.objects.filter(living, household__in=homes),
        }
    )
    yield Line(
        "organisations",
        _("%(n)s organisations") % {"n": known["organisations"]},
        _("Committees, bureaus and property companies to which posts belong."),
        done=known["organisations"] > 0,
        url=reverse("people:desk_organisations"),
        door=_("Organisations"),
        sheet="organisations",
    )
    yield Line(
        "teams",
        _("%(n)s teams") % {"n": known["teams"]},
        _("Volunteers and patrols turn out together; residents see whom they can join."),
        done=known["teams"] > 0,
        url=reverse("people:desk_teams"),
        door=_("Teams"),
        sheet="teams",
    )
    yield from _homes(known)


def _homes(known: dict[str, int]) -> Iterator[Line]:
    line = partial(
        Line, url=reverse("people:desk_households"), door=_("Register of homes"), may="households.see"
    )
    yield line(
        "households",
        _("%(n)s homes in the register") % {"n": known["homes"]},
        _("A worker sees which door a report is about, and which homes stand empty."),
        done=known["homes"] > 0,
        sheet="households",
    )
    yield line(
        "residents",
        _("%(n)s residents in the register") % {"n": known["residents"]},
        _("Whoever is in it can be looked in on; others report all the same."),
        done=known["residents"] > 0,
        sheet="residents",
    )


def administrators(city: Place, now: datetime) -> Iterator[Line]:
    """Whether system, rights and audit lie in three hands, and staff cannot be impersonated by a password."""
    url, door = reverse("people:desk_posts"), _("Who is on what post")
    holdings = Holding.objects.current(today(now)).of_people().filter(post__place__path__startswith=city.path)
    n = holdings.filter(post__kind__in=THREE).values("post__kind").distinct().count()
    yield Line(
        "administrators",
        _("%(n)s of the three administrators are appointed") % {"n": n},
        _("One looks after the system, one after the rights, one reads what both did."),
        done=n == len(THREE),
        url=reverse("people:desk_administrators"),
        door=_("The three administrators"),
    )
    staff = User.objects.filter(pk__in=holdings.values("user"))
    secure = SecondFactor.objects.filter(user__in=staff, confirmed_at__isnull=False).count()
    every = staff.count()
    yield Line(
        "second_factor",
        _("%(n)s of %(all)s staff have a second factor") % {"n": secure, "all": every},
        _("Each sets it up at the first sign-in; until then their pages stay closed to them."),
        done=every > 0 and secure == every,
        url=url,
        door=door,
    )


SET_UP = [posts, register, administrators]
