"""A photo of a matter is shown to whoever may see the matter."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from silin.files.http import answer
from silin.lib.ids import read_number
from silin.matters.models import Matter, Photo


def photo(request: HttpRequest, number: str, pk: uuid.UUID, thumb: bool = False) -> HttpResponse:
    """Whoever may see the matter: one photo, or its small picture."""
    seen = Matter.objects.public()
    if request.user.is_authenticated:
        seen = seen | Matter.objects.seen_by(request.user)
    matter = get_object_or_404(seen, number=read_number(number))
    row = get_object_or_404(Photo.objects.select_related("file"), matter=matter, pk=pk)
    return answer(row.file, thumb=thumb)
