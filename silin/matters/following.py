"""What becomes of matters when the territory is drawn anew."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.matters.models import Matter
from silin.places.models import Place
from silin.places.paths import Consequence, Followed, repath


def follow(told: Followed) -> list[Consequence]:
    """Lists and rights go by today's paths; place and unit of a matter stay as they were.

    The matters of a closed grid are listed with the one after it, unless that lies in another community: what
    happened in a community stays there.
    """
    rows = Matter.objects.all()
    repath(rows, "placed_path", told.paths)
    said = [each for old, new in told.heirs if (each := _said(old, new))]
    repath(rows, "placed_path", {old.path: new.path for old, new in told.heirs if old.unit == new.unit})
    return said


def _said(old: Place, new: Place) -> Consequence | None:
    n = Matter.objects.open().under(old).count()
    if not n:
        return None
    message = _("Open matters of %(old)s: %(n)s. They stay with the community where they were raised.")
    if old.unit == new.unit:
        message = _("Open matters of %(old)s: %(n)s. They are listed under %(new)s from then on.")
    words = {"n": n, "old": old.short_name, "new": new.short_name}
    return Consequence(f"matters:{old.code}", n, message % words)
