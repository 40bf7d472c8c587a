"""Lines of the checklist about posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from silin.accounts.models import SecondFactor, User
from silin.lib.setting_up import Line
from silin.people.administrators import KINDS as THREE
from silin.people.models import Holding, Organisation, Post, today
from silin.places.models import Place


def posts(city: Place, now: datetime) -> Iterator[Line]:
    """Whether work finds somebody: posts, those that are vacant, and desks."""
    url, door = reverse("people:desk_posts"), _("Who is on what post")
    held = Exists(Holding.objects.current(today(now)).filter(post=OuterRef("pk")))
    rows = Post.objects.under(city).select_related("kind")
    vacant = rows.filter(~held).count()
    n = rows.count()
    yield Line(
        "posts",
        _("%(n)s posts, %(vacant)s of them vacant") % {"n": n, "vacant": vacant},
        _("What is sent to a vacant post goes to the next one above, and its clock runs."),
        done=n > 0 and vacant == 0,
        url=url,
        door=door,
    )
    staffed = list(rows.filter(held))
    hands = sum("matters.handle" in post.kind.capabilities and post.kind.level == "grid" for post in staffed)
    yield Line(
        "grid_workers",
        _("%(n)s people work in grids") % {"n": hands},
        _("Somebody has to go and look when a resident reports something."),
        done=hands > 0,
        must=True,
        url=url,
        door=door,
    )
    organisations = Organisation.objects.filter(place__path__startswith=city.path).count()
    yield Line(
        "organisations",
        _("%(n)s organisations") % {"n": organisations},
        _("Committees, bureaus and property companies to which posts belong."),
        done=organisations > 0,
        url=url,
        door=door,
    )


def administrators(city: Place, now: datetime) -> Iterator[Line]:
    """Whether system, rights and audit lie in three hands, and staff cannot be impersonated by a password."""
    url, door = reverse("people:desk_posts"), _("Who is on what post")
    holdings = Holding.objects.current(today(now)).filter(post__place__path__startswith=city.path)
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


SET_UP = [posts, administrators]
