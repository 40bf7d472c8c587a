"""A photo of a matter is shown to whoever may see the matter."""

from __future__ import annotations

import uuid

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from silin.files.http import answer
from silin.lib.ids import read_number
from silin.matters.models import Matter, Photo


def photo(request: HttpRequest, number: str, pk: uuid.UUID, thumb: bool = False) -> HttpResponse:
    """Whoever may see the matter: one photo, or its small picture.

    Everybody sees what had been shown when a desk last released the matter.
    """
    wanted = {"matter__number": read_number(number), "pk": pk}
    shown = Photo.objects.select_related("file").filter(at__lte=F("matter__released_at"), **wanted)
    if request.user.is_authenticated:
        own = Matter.objects.seen_by(request.user)
        shown |= Photo.objects.select_related("file").filter(matter__in=own, **wanted)
    return answer(get_object_or_404(shown).file, thumb=thumb)
