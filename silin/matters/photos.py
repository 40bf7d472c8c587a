"""A photo of a matter is shown to whoever may see the matter; a voice note to those who work on it."""

from __future__ import annotations

import uuid

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from silin.accounts.models import User
from silin.files.http import answer
from silin.lib.ids import read_number
from silin.lib.refusal import NotFound
from silin.matters.models import Matter, Photo, VoiceNote


def photo(request: HttpRequest, number: str, pk: uuid.UUID, thumb: bool = False) -> HttpResponse:
    """Whoever may see the matter: one photo, or its small picture.

    Everybody sees what had been shown when a desk last released the matter. Until then a picture of somebody
    who met it too is for them and for those who work on it; so is one of an answer until its head has signed.
    """
    wanted = {"matter__number": read_number(number), "pk": pk}
    rows = Photo.objects.select_related("file").filter(**wanted)
    shown = rows.left().filter(at__lte=F("matter__released_at"))
    if request.user.is_authenticated:
        own = Matter.objects.seen_by(request.user)
        inner = Q(stage=Photo.Stage.JOINED) | Q(unsigned=True)
        may = Q(matter__in=own) & ~(inner & Q(matter__raiser=request.user)) | inner & Q(by=request.user)
        shown |= rows.filter(may)
    return answer(get_object_or_404(shown).file, thumb=thumb)


def voice(request: HttpRequest, number: str) -> HttpResponse:
    """Whoever raised the matter or may see it: the voice note; nobody else ever hears it."""
    if not isinstance(request.user, User):
        raise NotFound
    own = Matter.objects.seen_by(request.user)
    rows = VoiceNote.objects.filter(matter__in=own, matter__number=read_number(number))
    return answer(get_object_or_404(rows.select_related("file")).file, request=request)
