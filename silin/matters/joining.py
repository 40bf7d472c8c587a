"""Neighbours and a matter that is there already: they met it too, or want to hear how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from silin.accounts.models import User
from silin.files.models import File
from silin.lib.refusal import NotFound
from silin.lib.text import clean_words
from silin.matters.deeds import WORDS_AT_MOST, By, Deed, lock, verb
from silin.matters.models import Follower, Matter, Photo, State


def join(matter: Matter, by: By, *, photos: Sequence[File] = ()) -> Matter:
    """Say "me too" (我也遇到) about a released matter: follow it, with own words and photos.

    The words are kept beside the matter, for those who work on it; a second time changes nothing. Raises
    ``NotFound`` where it is not released, ``NotAllowed`` to whoever raised it, ``Changed`` where it is over.
    """
    with transaction.atomic():
        fresh = lock(matter)
        if (
            by.actor is not None
            and Follower.objects.filter(matter=fresh, user=by.actor, me_too=True).exists()
        ):
            return fresh
        return _join(matter, by, photos=photos)


@verb("join")
def _join(deed: Deed, photos: Sequence[File] = ()) -> None:
    matter, actor = deed.matter, deed.actor
    assert actor is not None
    words = clean_words(deed.words, field="words", at_most=WORDS_AT_MOST)
    deed.words = ""
    row = Follower.objects.filter(matter=matter, user=actor).first() or Follower(matter=matter, user=actor)
    row.me_too, row.words, row.at = True, words, deed.now
    row.save()
    Photo.objects.bulk_create(
        [Photo(matter=matter, file=file, stage=Photo.Stage.JOINED, by=actor, at=deed.now) for file in photos]
    )
    deed.fact("matter.joined")
    recount(matter)
    deed.move(deed.before)


def follow(matter: Matter, user: User, now: datetime) -> Matter:
    """Hear how a released matter goes on (关注). Like a choice about messages, it is no deed on the matter.

    Raises ``NotFound`` where it is not released; whoever raised it hears anyway.
    """
    with transaction.atomic():
        fresh = lock(matter)
        if not fresh.public or fresh.state == State.WITHDRAWN:
            raise NotFound
        if fresh.raiser_id != user.pk:
            Follower.objects.get_or_create(matter=fresh, user=user, defaults={"at": now})
        return _counted(fresh)


def unfollow(matter: Matter, user: User) -> Matter:
    """Hear no more of it; a "me too" is taken back with it."""
    with transaction.atomic():
        fresh = lock(matter)
        Follower.objects.filter(matter=fresh, user=user).delete()
        return _counted(fresh)


def recount(matter: Matter) -> None:
    """How many follow it, and how many of them met it too; whoever calls writes the row."""
    rows = Follower.objects.filter(matter=matter)
    matter.follows, matter.me_toos = rows.count(), rows.who_met_it().count()


def _counted(matter: Matter) -> Matter:
    recount(matter)
    matter.save(update_fields=["follows", "me_toos"])
    return matter
