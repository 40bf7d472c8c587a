"""Neighbours and a matter that is there already: they met it too, or want to hear how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from silin.accounts.models import User
from silin.files.actions import forget
from silin.files.models import File
from silin.history.models import Entry
from silin.lib.refusal import NotFound
from silin.lib.text import clean_words
from silin.matters.deeds import WORDS_AT_MOST, By, Deed, lock, verb
from silin.matters.models import Follower, Matter, Photo


def join(matter: Matter, by: By, *, photos: Sequence[File] = ()) -> Matter:
    """Say "me too" (我也遇到) about a released matter: follow it, with own words and photos.

    The words are kept beside the matter, for those who work on it. A second time counts nobody twice: it adds
    what is said and shown, and where that is nothing it changes nothing. Raises ``NotFound`` where it is not
    released, ``NotAllowed`` to whoever raised it, ``Changed`` where it is over.
    """
    with transaction.atomic():
        fresh = lock(matter)
        met = Follower.objects.filter(matter=fresh, user=by.actor, me_too=True)
        if not by.words.strip() and not photos and met.exists():
            return fresh
        return _join(matter, by, photos=photos)


@verb("join")
def _join(deed: Deed, photos: Sequence[File] = ()) -> None:
    matter, actor = deed.matter, deed.actor
    assert actor is not None
    words = clean_words(deed.words, field="words", at_most=WORDS_AT_MOST)
    deed.words = ""
    row = Follower.objects.filter(matter=matter, user=actor).first() or Follower(matter=matter, user=actor)
    row.words = "\n".join(each for each in (row.words, words) if each)
    row.me_too, row.at, row.came_with = True, deed.now, None
    row.save()
    Photo.objects.bulk_create(
        [Photo(matter=matter, file=file, stage=Photo.Stage.JOINED, by=actor, at=deed.now) for file in photos]
    )
    if Entry.objects.filter(subject=matter.subject, action="join", actor=actor).exists():
        deed.fields = {"again": True}
    else:
        deed.fact("matter.joined")
    recount(matter)
    deed.move(deed.before)


def follow(matter: Matter, user: User, now: datetime) -> Matter:
    """Hear how a released matter goes on (关注). Like a choice about messages, it is no deed on the matter.

    Raises ``NotFound`` where it is not released; whoever raised it hears anyway.
    """
    with transaction.atomic():
        fresh = lock(matter)
        if not fresh.public:
            raise NotFound
        if fresh.raiser_id != user.pk:
            Follower.objects.get_or_create(matter=fresh, user=user, defaults={"at": now})
        return _counted(fresh)


def unfollow(matter: Matter, user: User) -> Matter:
    """Hear no more of it; a "me too" is taken back with its words and photos."""
    with transaction.atomic():
        fresh = lock(matter)
        Follower.objects.filter(matter=fresh, user=user).delete()
        shown = fresh.photos.filter(stage=Photo.Stage.JOINED, by=user)
        files = list(shown.values_list("file", flat=True))
        shown.delete()
        _counted(fresh)
    for sha256 in files:
        forget(sha256)
    return fresh


def go_back(deed: Deed, other: Matter) -> None:
    """Whoever came along when ``other`` was merged into the matter follows it no longer."""
    deed.matter.followers.filter(came_with=other).delete()
    recount(deed.matter)
    deed.fields = {"other": other.number}
    deed.move(deed.before)


def recount(matter: Matter) -> None:
    """How many follow it, and how many of them met it too; whoever calls writes the row."""
    rows = Follower.objects.filter(matter=matter)
    matter.follows, matter.me_toos = rows.count(), rows.who_met_it().count()


def _counted(matter: Matter) -> Matter:
    recount(matter)
    matter.save(update_fields=["follows", "me_toos"])
    return matter
