"""Raising a matter: located, routed and given its deadline in one transaction; and settling one at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.files.models import File
from silin.forms.answering import WrongAnswers, check_answers
from silin.forms.models import FormVersion
from silin.lib.ids import draw_number, new_id
from silin.lib.masking import cover, find_personal
from silin.lib.refusal import NotAllowed, Refused
from silin.lib.text import clean_words
from silin.matters import clock
from silin.matters.deeds import WORDS_AT_MOST, By, Deed, write
from silin.matters.kind import Kind
from silin.matters.models import Category, Matter, Outcome, Photo, State, VoiceNote
from silin.matters.registry import get
from silin.matters.routing import Routed, route
from silin.matters.searching import search_of
from silin.matters.terms import terms_of
from silin.people import queries as people
from silin.people.models import Post
from silin.places.locating import Located
from silin.places.models import Building, Place
from silin.receipts import actions as receipts

TITLE_AT_MOST = 18
LEADING = " \n\t，,。！？!?；;、…"
SENTENCE_END = re.compile(r"[。！？!?\n；;]")


@dataclass(frozen=True)
class Report:
    """What is said about a new matter. ``located`` or ``building`` or ``place`` says where it is.

    ``voice`` may stand for the words: what somebody said into their phone.
    ``name_withheld``: those who handle it do not read who it was (保密); calls go through the desk.
    ``on_behalf``: a desk notes it down for ``raiser``, who called or came by (None: left no number). What
    follows from another matter (``about``) is raised by nobody, for whoever raised that one.
    ``answers`` are those to what the category asks, by key (None: nobody was asked), to the version
    ``answers_to`` (None: the one of today). ``room`` is how long the words may be.
    ``ticket`` is its number in the system that it comes from. ``to`` is who has it, where whoever raises it
    says so and no rule; ``until`` the last day, where one is set; ``beside`` what its kind keeps beside it.
    """

    words: str
    category: Category
    title: str = ""
    place: Place | None = None
    building: Building | None = None
    located: Located | None = None
    spot: str = ""
    channel: str = "web"
    photos: Sequence[File] = field(default_factory=tuple)
    on_behalf: bool = False
    raiser: User | None = None
    name_withheld: bool = False
    voice: File | None = None
    about: Matter | None = None
    answers: Mapping[str, Any] | None = None
    answers_to: FormVersion | None = None
    room: int = WORDS_AT_MOST
    ticket: str = ""
    to: Post | None = None
    until: date | None = None
    beside: Any = None


def raise_matter(kind_key: str, by: By, report: Report) -> Matter:
    """Raise a matter: it comes back with its number, where it lies, who has it and until when.

    The same ``by.client_id`` again gives the same matter. Raises ``NotAllowed`` where the kind does not
    let this person raise it there, ``Refused`` (``missing``, ``too_long``, ``no_place``) and those of
    ``check_answers``, whose field is ``answers.<key>``.
    """
    kind = get(kind_key)
    _may_raise(kind, by)
    matter = _new(kind, by, report)
    matter.put_down_by = by.actor if by.actor and by.actor.is_system else None
    _works_there(kind, by, matter)
    if report.on_behalf and (by.actor is None or not notes_for_others(by.actor, matter)):
        raise NotAllowed(_("Only a desk notes down what others tell it."))
    with transaction.atomic():
        earlier = _claim("raise", by, matter, report)
        if earlier is not None:
            return earlier
        post = _own_post(matter, by) if report.on_behalf else None
        deed = Deed(matter, "raise", by, words="", before="", post=post, beside=report.beside)
        routed = _routed(kind, matter, report, by.now)
        matter.holder, matter.why = routed.post, routed.why
        clock.start(matter, by.now)
        if report.until is not None:
            clock.set_until(matter, by.now, report.until)
        deed.move(State.ASSIGNED if routed.post else State.RAISED)
        deed.fields = {"to": str(routed.post.pk), "post": routed.post.kind_id} if routed.post else {}
        deed.fact("matter.raised", origin="person" if by.actor or report.about else "system")
        deed.tell_post(routed.post, "matter_assigned", routed.users)
        write(deed, first=True)
        _attach(matter, by, report.photos, Photo.Stage.RAISED)
        if report.voice is not None:
            VoiceNote.objects.create(matter=matter, file=report.voice, at=by.now)
    return matter


def settle_at_once(
    kind_key: str, by: By, report: Report, *, after: Sequence[File] = (), before: Sequence[File] = ()
) -> Matter:
    """Note something seen and put right on the spot (当场办结), in one submission.

    It had no deadline to keep and is counted apart. ``by.words`` says what was done. Raises ``NotAllowed``
    to anybody without a post that handles matters there, ``Refused`` (``missing``, ``needs_photo``).
    """
    kind = get(kind_key)
    matter = _new(kind, by, report)
    if by.actor is None or not by.actor.has_perm("matters.handle", matter):
        raise NotAllowed(_("Only whoever works there can settle things on the spot."))
    words = clean_words(by.words, field="words", at_least=1, at_most=WORDS_AT_MOST)
    if kind.proof and not after:
        raise needs_photo()
    with transaction.atomic():
        earlier = _claim("settle_at_once", by, matter, report)
        if earlier is not None:
            return earlier
        post = _own_post(matter, by)
        deed = Deed(matter=matter, action="settle_at_once", by=by, words=words, before="", post=post)
        matter.holder, matter.handler, matter.why = post, by.actor, {"rule": "on_the_spot"}
        matter.responded_at = matter.answered_at = by.now
        matter.outcome = Outcome.ON_THE_SPOT
        clock.start_verifying(matter, by.now)
        deed.move(State.ANSWERED)
        deed.fact("matter.raised", origin="person")
        deed.fact("matter.answered", outcome=Outcome.ON_THE_SPOT)
        write(deed, first=True)
        _attach(matter, by, before, Photo.Stage.BEFORE)
        _attach(matter, by, after, Photo.Stage.AFTER)
    return matter


def notes_for_others(user: User, matter: Matter) -> bool:
    """Whether ``user`` puts down there what others told: a desk, or a system that takes it in for them."""
    return user.has_perm("matters.triage", matter) or user.has_perm("matters.note", matter)


def title_of(words: str) -> str:
    """A title in the reporter's own words: the first sentence or clauses, at most 18 characters."""
    sentence = SENTENCE_END.split(words.strip(LEADING), maxsplit=1)[0].strip(LEADING) or words.strip()
    if len(sentence) <= TITLE_AT_MOST:
        return sentence
    comma = max(sentence.rfind(sign, 4, TITLE_AT_MOST + 1) for sign in "，,")
    return sentence[:comma] if comma > 0 else sentence[: TITLE_AT_MOST - 1] + "…"


def needs_photo() -> Refused:
    """What is said when the proof is missing."""
    return Refused("needs_photo", _("A photo of how it looks afterwards is needed."), field="after")


def _may_raise(kind: Kind, by: By) -> None:
    """Whether the kind is raised by somebody like this; what workers alone raise, ``_works_there`` asks."""
    if by.actor is None and "system" not in kind.raised_by:
        raise NotAllowed
    if by.actor is not None and kind.raised_by <= {"system"}:
        raise NotAllowed


def _routed(kind: Kind, matter: Matter, report: Report, now: datetime) -> Routed:
    if report.to is None:
        return route(kind, matter.place, matter.category, matter.answers, now)
    return Routed(report.to, {"rule": "named"}, people.holders(report.to, now))


def _works_there(kind: Kind, by: By, matter: Matter) -> None:
    """``office``: the kind itself asks who may, as it is begun."""
    if not kind.raised_by.isdisjoint({"anyone", "office"}) or by.actor is None:
        return
    if by.actor.has_perm("matters.handle", matter):
        return
    raise NotAllowed(_("That lies outside the place you work in."), field="point")


def _new(kind: Kind, by: By, report: Report) -> Matter:
    at_least = 0 if report.voice is not None else 1
    words = clean_words(report.words, field="words", at_least=at_least, at_most=report.room)
    building = report.building or (report.located.building if report.located else None)
    place = report.place or (report.located.place if report.located else None)
    if place is None and building is not None:
        place = building.grid
    if place is None:
        raise Refused("no_place", _("Please say where it is."), field="place")
    said = title_of(cover(words, find_personal(words))) or gettext("Said by voice")
    title = clean_words(report.title, field="title", at_most=40) or said
    terms, number = terms_of(report.category, by.now), draw_number()
    matter = Matter(
        id=new_id(),
        number=number,
        kind=kind.key,
        category=report.category,
        terms=terms,
        title=title,
        words=words,
        channel=report.channel,
        place=place,
        placed_path=place.path,
        unit=place.unit,
        building=building,
        spot=clean_words(report.spot, field="spot", at_most=60),
        raiser=report.raiser if report.on_behalf or by.actor is None else by.actor,
        about=report.about,
        name_withheld=report.name_withheld,
        raised_at=by.now,
        clock_from=by.now,
        held_since=by.now,
    )
    matter.search = search_of(matter, *filter(None, [report.ticket]))
    if report.located is not None:
        matter.lon, matter.lat, matter.datum = report.located.lon, report.located.lat, report.located.datum
    elif building is not None:
        matter.lon, matter.lat, matter.datum = building.lon, building.lat, "CGCS2000"
    _answer(matter, report)
    return matter


def _answer(matter: Matter, report: Report) -> None:
    """Keep what was answered, typed, with the version that asked it."""
    version = report.answers_to or matter.filed_as.questions
    if version is None or report.answers is None:
        return
    try:
        matter.answers = check_answers(version.schema, report.answers)
    except WrongAnswers as wrong:
        raise Refused(wrong.code, wrong.message, field=f"answers.{wrong.field}") from wrong
    matter.answers_to = version


def _claim(action: str, by: By, matter: Matter, report: Report) -> Matter | None:
    """Take the client's id for this matter, or give the matter that has it already."""
    client_id: UUID = by.client_id or new_id()
    payload = {
        "kind": matter.kind,
        "words": matter.words,
        "category": matter.category_id,
        "place": matter.place.code,
        "done": by.words,
        **({"sent": by.sent} if by.sent else {}),
    }
    answer = {"number": matter.number}
    given = receipts.give(
        client_id, actor=by.actor, action=action, payload=payload, answer=answer, now=by.now
    )
    if given is answer:
        return None
    return Matter.objects.with_names().get(number=given["number"])


def _attach(matter: Matter, by: By, files: Sequence[File], stage: str) -> None:
    if files:
        Photo.objects.bulk_create(
            [Photo(matter=matter, file=file, stage=stage, by=by.actor, at=by.now) for file in files]
        )


def _own_post(matter: Matter, by: By) -> Post | None:
    mine = people.posts_of(by.actor, by.now) if by.actor else []
    covering = [post for post in mine if matter.placed_path.startswith(post.place.path)]
    return min(covering, key=lambda post: post.kind.rank, default=None)
