"""Matters that are one, matters that are two: merge and its undoing, split, relate. All of it is a desk's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from silin.files.models import File
from silin.history.models import Entry
from silin.lib.refusal import NotFound, Refused
from silin.lib.text import clean_words
from silin.matters import clock
from silin.matters.deeds import WORDS_AT_MOST, By, Deed, hold, hold_merged, verb
from silin.matters.handling import end_pause
from silin.matters.joining import go_back, recount
from silin.matters.models import Category, Follower, Link, Matter, Outcome, State
from silin.matters.raising import Report, raise_matter
from silin.matters.verifying import end
from silin.places.locating import Located

DUPLICATE = Link.What.DUPLICATE


def merge(matter: Matter, by: By, into: Matter) -> Matter:
    """Close ``matter`` as the same as ``into``; its raiser and followers follow that one from then on.

    Raises ``Refused`` (``same``, ``over``), and what a verb raises, for either of the two.
    """
    with transaction.atomic():
        hold([matter.pk, into.pk])
        return _merge(matter, by, into=into)


def unmerge(matter: Matter, by: By) -> Matter:
    """Take a merge back: ``matter`` goes on where it stood, its time moved by the working time in between."""
    with transaction.atomic():
        hold_merged(matter)
        return _unmerge(matter, by)


@verb("merge")
def _merge(deed: Deed, into: Matter) -> None:
    matter, actor = deed.matter, deed.actor
    assert actor is not None
    if into.pk == matter.pk:
        raise Refused("same", _("That is this very matter."), field="into")
    if deed.before == State.WAITING:
        end_pause(deed)
    _take_in(into, _quietly(deed), other=matter)
    Link.objects.create(what=DUPLICATE, matter=matter, other=into, by=actor, at=deed.now)
    matter.outcome, matter.answered_at = Outcome.DUPLICATE, None
    end(deed)
    deed.fields = {**deed.fields, "other": into.number}
    if matter.raiser is not None:
        deed.tell([matter.raiser], "matter_merged", f"/m/{matter.number}/")
    deed.tell_followers("followed_merged", of=into)
    deed.tell_post(matter.holder, "matter_merged_away")


@verb("take_in")
def _take_in(deed: Deed, other: Matter) -> None:
    """The other side of a merge: those who raised or followed ``other`` come along."""
    matter = deed.matter
    if not matter.is_open:
        raise Refused("over", _("That one is over already. Choose one that is still open."), field="into")
    known = set(matter.followers.values_list("user", flat=True)) | {matter.raiser_id}
    coming = {row.user_id: row.me_too for row in other.followers.all()}
    if other.raiser_id is not None:
        coming[other.raiser_id] = True
    Follower.objects.bulk_create(
        [
            Follower(matter=matter, user_id=user, me_too=me_too, at=deed.now, came_with=other)
            for user, me_too in coming.items()
            if user not in known
        ]
    )
    recount(matter)
    deed.fields = {"other": other.number}
    deed.move(deed.before)


@verb("unmerge")
def _unmerge(deed: Deed) -> None:
    matter = deed.matter
    link = Link.objects.select_related("other").get(matter=matter, what=DUPLICATE, ended_at=None)
    merged = Entry.objects.filter(subject=matter.subject, action="merge").order_by("-seq")[0]
    link.ended_at = deed.now
    link.save(update_fields=["ended_at"])
    matter.outcome, matter.closed_at = "", None
    clock.go_on(matter, link.at, deed.now)
    if merged.before in (State.RAISED, State.ASSIGNED):
        clock.restart_responding(matter, deed.now)
    deed.take_back("matter.closed")
    deed.fields = {"other": link.other.number}
    deed.move(State.IN_HAND if merged.before == State.WAITING else State(merged.before))
    _let_out(link.other, _quietly(deed), other=matter)
    if matter.raiser is not None:
        deed.tell([matter.raiser], "matter_unmerged", f"/m/{matter.number}/")
    deed.tell_post(matter.holder, "matter_assigned")


@verb("let_out")
def _let_out(deed: Deed, other: Matter) -> None:
    """The other side of taking a merge back: whoever came along goes back."""
    go_back(deed, other)


def split(matter: Matter, by: By, *, part: str, category: Category, photos: Sequence[File] = ()) -> Matter:
    """Part one thing off a report that names two: ``part`` is that thing in the raiser's own words.

    It becomes a matter of the same raiser at the same spot, with its own deadline. Gives the matter that was
    split. Raises ``Refused`` (``missing``).
    """
    return _split(matter, by, part=part, category=category, photos=photos)


@verb("split")
def _split(deed: Deed, part: str, category: Category, photos: Sequence[File] = ()) -> None:
    matter, actor = deed.matter, deed.actor
    assert actor is not None
    said = clean_words(part, field="part", at_least=1, at_most=WORDS_AT_MOST)
    report = Report(
        words=said,
        category=category,
        place=matter.place,
        building=matter.building,
        located=_located(matter),
        spot=matter.spot,
        channel=matter.channel,
        on_behalf=True,
        raiser=matter.raiser,
        photos=photos,
        name_withheld=matter.name_withheld,
    )
    new = raise_matter(matter.kind, By(actor, deed.now), report)
    new.photos.update(by=matter.raiser)
    Link.objects.create(what=Link.What.SPLIT, matter=matter, other=new, by=actor, at=deed.now)
    deed.fields = {"other": new.number}
    deed.move(deed.before)
    if matter.raiser is not None:
        deed.tell([matter.raiser], "matter_split", f"/m/{new.number}/")


def relate(matter: Matter, by: By, other: Matter, apart: bool = False) -> Matter:
    """Note that two matters belong together, so that whoever works on one sees the other; or no more.

    Raises ``NotFound`` for one that is not within the desk's place, ``Refused`` (``same``).
    """
    with transaction.atomic():
        hold([matter.pk, other.pk])
        return _relate(matter, by, other=other, apart=apart)


@verb("relate")
def _relate(deed: Deed, other: Matter, apart: bool = False) -> None:
    matter, actor = deed.matter, deed.actor
    assert actor is not None
    if other.pk == matter.pk:
        raise Refused("same", _("That is this very matter."), field="into")
    if not actor.has_perm("matters.triage", other):
        raise NotFound(_("There is no matter of that number within your place."), field="into")
    rows = Link.objects.filter(what=Link.What.RELATED, ended_at=None)
    rows = rows.filter(matter__in=(matter, other), other__in=(matter, other))
    if apart:
        rows.update(ended_at=deed.now)
    elif not rows.exists():
        Link.objects.create(what=Link.What.RELATED, matter=matter, other=other, by=actor, at=deed.now)
    deed.fields = {"other": other.number, "apart": apart}
    deed.move(deed.before)


def _quietly(deed: Deed) -> By:
    """The same person at the same moment, on the other matter."""
    return replace(deed.by, version=None, client_id=None, words="")


def _located(matter: Matter) -> Located | None:
    if matter.lon is None or matter.lat is None:
        return None
    at = (matter.lon, matter.lat)
    return Located(matter.place, matter.building, *at, matter.datum, *at)
