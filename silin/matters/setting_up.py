"""Lines of the checklist about duties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from silin.lib.setting_up import Line
from silin.matters.models import DutyItem
from silin.places.models import Place


def duties(city: Place, now: datetime) -> Iterator[Line]:
    """Whether it is written down whose duty what is."""
    n = DutyItem.objects.filter(place__path__startswith=city.path, valid_until=None).count()
    yield Line(
        "duties",
        _("%(n)s lines of duty lists") % {"n": n},
        _("Whoever gives a matter back cites the line that says whose duty it is."),
        done=n > 0,
        sheet="duties",
    )


SET_UP = [duties]
