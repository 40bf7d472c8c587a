"""What happened to a matter, told in plain sentences from its history: who did what, when, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silin.accounts.models import User
from silin.history import queries as history
from silin.history.models import Entry
from silin.lib.dates import day_words, exact_words
from silin.lib.ids import show_number
from silin.lib.refusal import Words
from silin.lib.text import listed
from silin.matters.models import Matter, Outcome, Photo
from silin.matters.table import REVIEWING
from silin.people.models import PostKind

SENTENCES: dict[str, Words] = {
    "raise": gettext_lazy("%(who)s reported it"),
    "settle_at_once": gettext_lazy("%(who)s saw it and put it right on the spot"),
    "triage": gettext_lazy("%(who)s sorted it"),
    "dispatch": gettext_lazy("%(who)s sent it to the %(post)s"),
    "whistle": gettext_lazy("%(who)s whistled: %(post)s"),
    "take_back": gettext_lazy("%(who)s took back what was sent; it stands as before"),
    "report_in": gettext_lazy("%(who)s came"),
    "open_link": gettext_lazy("%(who)s opened it from the message"),
    "report_overdue": gettext_lazy("Not everybody who was called has come; both sides were told"),
    "take_part": gettext_lazy("%(who)s took their part"),
    "finish": gettext_lazy("%(who)s did their part"),
    "step_back": gettext_lazy("%(who)s gave their part back"),
    "waive": gettext_lazy("%(who)s let the %(post)s go"),
    "hand_on": gettext_lazy("%(who)s handed it to %(team)s"),
    "rate": gettext_lazy("%(who)s graded the %(post)s"),
    "merge": gettext_lazy("%(who)s found that it is the same as number %(other)s; it goes on there"),
    "take_in": gettext_lazy("%(who)s joined number %(other)s with it, which says the same"),
    "unmerge": gettext_lazy("%(who)s found that it is not the same as number %(other)s; it goes on here"),
    "let_out": gettext_lazy("%(who)s parted number %(other)s from it again"),
    "cover": gettext_lazy("%(who)s covered something in the words that is nobody else's business"),
    "split": gettext_lazy("%(who)s made a matter of its own of a part: number %(other)s"),
    "relate": gettext_lazy("%(who)s noted that number %(other)s belongs together with it"),
    "ticket": gettext_lazy("%(who)s noted its number in another system: %(ticket)s"),
    "hear_more": gettext_lazy("The order %(ticket)s came once more, in other words"),
    "recall": gettext_lazy("%(who)s took back the sheet that it came with"),
    "join": gettext_lazy("%(who)s met it too"),
    "release": gettext_lazy("%(who)s released it for everybody to read"),
    "accept": gettext_lazy("%(who)s took it"),
    "return": gettext_lazy("%(who)s gave it back"),
    "pause": gettext_lazy("%(who)s had to wait"),
    "resume": gettext_lazy("%(who)s went on"),
    "contact": gettext_lazy("%(who)s spoke with whoever reported it"),
    "ask": gettext_lazy("%(who)s asked for more time"),
    "extend": gettext_lazy("%(who)s gave more time, until %(until)s"),
    "defer": gettext_lazy("%(who)s put it off until %(until)s"),
    "decline": gettext_lazy("%(who)s gave no more time"),
    "urge": gettext_lazy("%(who)s asked for it to go faster"),
    "supervise": gettext_lazy("%(who)s put it under supervision, slip %(slip)s, a reply by %(until)s"),
    "reply": gettext_lazy("%(who)s replied to the slip"),
    "reply_overdue": gettext_lazy("Nobody replied to the slip in time; both sides were told"),
    "lift": gettext_lazy("%(who)s lifted the supervision"),
    "look_back": gettext_lazy("%(who)s looked again: it holds"),
    "put_on": gettext_lazy("%(who)s put it on the watch list"),
    "take_off": gettext_lazy("%(who)s took it off the watch list"),
    "answer": gettext_lazy("%(who)s reported it done"),
    "submit": gettext_lazy("%(who)s wrote the answer; its head has to sign it"),
    "sign": gettext_lazy("%(who)s signed the answer: it is done"),
    "send_back": gettext_lazy("%(who)s did not sign the answer"),
    "verify": gettext_lazy("%(who)s looked: it is so"),
    "reject": gettext_lazy("%(who)s looked: not yet"),
    "close": gettext_lazy("%(who)s closed it"),
    "review": gettext_lazy("%(who)s gave a review"),
    "call_back": gettext_lazy("%(who)s called and asked how it was"),
    "slip": gettext_lazy("%(who)s printed a slip for a review"),
    "reopen": gettext_lazy("%(who)s said it is not fixed"),
    "withdraw": gettext_lazy("%(who)s took it back"),
    "comment": gettext_lazy("%(who)s wrote"),
    "warn": gettext_lazy("Little time is left; the holder and the leader were told"),
    "overdue": gettext_lazy("The time is over; one level up has been told"),
    "recount": gettext_lazy("Its times were counted anew"),
    "escalate": gettext_lazy("Still not done; one more level up has been told"),
}
CLOSED_BY_CLOCK = gettext_lazy("Nobody said otherwise in time, so it is closed")
RESUMED_BY_CLOCK = gettext_lazy("It has waited long enough; the time runs again")
OVERDUE_AT_THE_TOP = gettext_lazy("The time is over")
COUNTED_ANEW: dict[str, Words] = {
    "announced": gettext_lazy("The days off of %(year)s are announced: to be done by %(due)s now"),
    "days_off": gettext_lazy("The days off have changed: to be done by %(due)s now"),
    "limit": gettext_lazy("The time limit has changed: to be done by %(due)s now"),
}
NOTED = gettext_lazy("%(who)s put it down for a resident")
SET = gettext_lazy("%(who)s set it, to be put right by %(until)s")
SET_BY_ITSELF = gettext_lazy("A figure fell short: to be put right by %(until)s")
FOLLOWS = gettext_lazy("A low grade was passed on to the level above")
UNRELATED = gettext_lazy("%(who)s noted that number %(other)s does not belong with it")
WITHHELD = gettext_lazy("%(who)s took it off the open pages")
NOT_REACHED = gettext_lazy("%(who)s tried to reach whoever reported it")
FELL_BACK = gettext_lazy("%(who)s looked again: it is not so any more")
INSTRUCTED = gettext_lazy(
    "By written instruction of the %(leader)s %(who)s supervises it, slip %(slip)s, a reply by %(until)s"
)
SENT_UP = gettext_lazy("%(who)s reported it one level up")
INNER = frozenset({"ask", "decline", "supervise", "reply", "reply_overdue", "lift", "report_overdue"})
INNER |= {"submit", "send_back", "take_back", "take_part", "step_back", "waive", "hand_on", "rate"}
INNER |= {"open_link", "take_in", "let_out", "relate", "join", "cover", "put_on", "take_off", "ticket"}
"""Said between the one who has it and the level above, or a matter of the desk."""
FOR_HANDLERS = INNER | {"warn", "overdue", "escalate"}


@dataclass(frozen=True)
class Step:
    """One sentence of the story. ``now`` marks the last one while the matter is open.

    ``version`` is the matter's own after that step: what somebody has not seen yet has a higher one.
    """

    action: str
    sentence: str
    at: datetime
    words: str = ""
    photos: list[Photo] = field(default_factory=list)
    now: bool = False
    version: int = 0


def unseen(told: Iterable[Step], version: int) -> list[Step]:
    """What happened after somebody looked at ``version``, the oldest first."""
    return [step for step in reversed(list(told)) if step.version > version]


def steps(
    matter: Matter, viewer: User | None, *, for_resident: bool = False, named: bool = True
) -> list[Step]:
    """The steps of ``matter``, newest first; ``named`` False says the posts alone, as on open pages.

    Neighbours are never named: the raiser reads "You", everybody else "a resident". A review is the raiser's
    own; residents do not read the inner warnings but see that the time is over.
    """
    entries = list(history.of(matter.subject).select_related("actor", "words"))
    posts = _titles(entries)
    prefetch_related_objects([matter], Prefetch("photos", Photo.objects.select_related("file")))
    photos = [photo for photo in matter.photos.all() if not (for_resident and photo.unsigned)]
    told: list[Step] = []
    for entry in entries:
        if entry.action in REVIEWING and (
            viewer is None or viewer.pk not in (matter.raiser_id, entry.actor_id)
        ):
            continue
        if for_resident and (_is_inner(matter, entry) or _is_inner_count(entry)):
            continue
        who = who_did(matter, entry, viewer, posts, named=named)
        told.append(_step(matter, entry, who, posts, photos, latest=not told))
    return told


def _is_inner(matter: Matter, entry: Entry) -> bool:
    row = next((row for row in matter.declared.actions if row.name == entry.action), None)
    return row.inner if row else entry.action in FOR_HANDLERS - {"overdue"}


def who_did(
    matter: Matter, entry: Entry, viewer: User | None, posts: dict[str, str], *, named: bool = True
) -> str:
    """The name under which the one who did it is shown to ``viewer``.

    A line without a post is the raiser's, also where it was written before a guest signed in.
    """
    if entry.actor is None:
        return _("The clock")
    if viewer is not None and viewer.pk in (entry.actor_id, None if entry.post else matter.raiser_id):
        return _("You")
    if not entry.post:
        return _("A resident")
    if not named:
        return posts.get(entry.post, "")
    return (
        f"{posts.get(entry.post, '')} {entry.actor}".strip()
        if _latin()
        else f"{posts.get(entry.post, '')}{entry.actor}"
    )


def _step(
    matter: Matter,
    entry: Entry,
    who: str,
    posts: dict[str, str],
    photos: Iterable[Photo],
    *,
    latest: bool,
) -> Step:
    sentence = str(_sentence(matter, entry)) % {
        "who": who,
        "post": _listed(entry, posts),
        "team": entry.fields.get("team", ""),
        "other": show_number(entry.fields.get("other", "")),
        "leader": entry.fields.get("instructed_by", ""),
        "ticket": entry.fields.get("ticket", ""),
        "slip": show_number(entry.fields.get("slip", "")),
        "until": _day(entry.fields.get("until", "")),
        "due": _moment(entry.fields.get("due", "")),
        "year": entry.fields["why"].get("year", "") if entry.action == "recount" else "",
    }
    ends = entry.action in ("answer", "sign", "close")
    if ends and entry.fields.get("outcome") not in (None, Outcome.FIXED):
        sentence += _(": %(outcome)s") % {"outcome": Outcome(entry.fields["outcome"]).label}
    if entry.fields.get("cites"):
        sentence += _(", by: %(line)s") % {"line": entry.fields["cites"]}
    said = entry.words.text if hasattr(entry, "words") else ""
    mine = [photo for photo in photos if photo.at == entry.at]
    words = matter.words if entry.action == "raise" else said
    open_still = latest and matter.is_open
    return Step(entry.action, sentence, entry.at, words, mine, now=open_still, version=entry.seq)


def _sentence(matter: Matter, entry: Entry) -> Words:
    if entry.action == "close" and entry.actor_id is None:
        return CLOSED_BY_CLOCK
    if entry.action == "resume" and entry.actor_id is None:
        return RESUMED_BY_CLOCK
    if entry.action == "raise" and matter.declared.set_by:
        return SET if entry.actor_id else SET_BY_ITSELF
    if entry.action == "raise" and (entry.post or matter.about_id):
        return NOTED if entry.post else FOLLOWS
    if entry.action == "recount" and "due" in entry.fields:
        return COUNTED_ANEW[entry.fields["why"]["rule"]]
    if entry.action == "overdue" and "joined" not in entry.fields:
        return OVERDUE_AT_THE_TOP
    if entry.action == "contact" and not entry.fields.get("reached"):
        return NOT_REACHED
    if entry.action == "look_back" and not entry.fields.get("held"):
        return FELL_BACK
    if entry.action == "supervise" and "instructed_by" in entry.fields:
        return INSTRUCTED
    if entry.action == "escalate" and entry.actor_id is not None:
        return SENT_UP
    if entry.action == "relate" and entry.fields.get("apart"):
        return UNRELATED
    if entry.action == "release" and not entry.fields.get("public"):
        return WITHHELD
    own = {row.name: row.told for row in matter.declared.actions}
    return own[entry.action] if entry.action in own else SENTENCES[entry.action]


def _titles(entries: Iterable[Entry]) -> dict[str, str]:
    codes: set[Any] = {entry.post for entry in entries} | {entry.fields.get("post") for entry in entries}
    codes |= {kind for entry in entries for kind in entry.fields.get("others", ())}
    return {kind.pk: str(kind) for kind in PostKind.objects.filter(pk__in=codes - {"", None})}


def _listed(entry: Entry, posts: dict[str, str]) -> str:
    """The post it was about, or the body it works for; with those who help, where several were called."""
    kinds = [entry.fields.get("post", ""), *entry.fields.get("others", ())]
    bodies = entry.fields.get("bodies") or [""] * len(kinds)
    return listed(body or posts.get(kind, "") for kind, body in zip(kinds, bodies, strict=True))


def _is_inner_count(entry: Entry) -> bool:
    """Whether times were counted anew of which only those who work on it know."""
    return entry.action == "recount" and "due" not in entry.fields


def _moment(written: str) -> str:
    return exact_words(datetime.fromisoformat(written)) if written else ""


def _day(written: str) -> str:
    return day_words(date.fromisoformat(written)) if written else ""


def _latin() -> bool:
    return _("A resident").isascii()
