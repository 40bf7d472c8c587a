"""Lines of the checklist about posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from silin.lib.setting_up import Line
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


SET_UP = [posts]
