"""The one helper that records a deed: lock, right, version, change, history, facts, notices, all or nothing.

A verb says only what changes::

    @verb("accept")
    def accept(deed: Deed) -> None:
        deed.matter.responded_at = deed.now
        deed.move(State.IN_HAND)

and is called as ``accept(matter, By(wang, now, version=3))``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.facts import actions as facts
from silin.facts.actions import FactRow
from silin.facts.models import Fact
from silin.history import actions as history
from silin.history.models import Entry
from silin.lib.refusal import Changed, NotAllowed, NotFound
from silin.lib.text import clean_words
from silin.matters import clock, linking
from silin.matters.models import Link, Matter, State
from silin.matters.table import REVIEWING, Action, action_of, onlooker
from silin.notices import actions as notices
from silin.notices.actions import Message
from silin.people import queries as people
from silin.people.models import Post
from silin.places.levels import Level
from silin.receipts import actions as receipts

P = ParamSpec("P")
WORDS_AT_MOST = 2000
FILES = ("before", "after", "photos")


@dataclass(frozen=True)
class By:
    """Who acts and when; which version they looked at; under which id their device sent it; what they say.

    ``actor`` None is the clock. ``via`` names the narrow door they came through, if it was one; ``sent`` is a
    digest of all that a program sent under its id, where that is more than the engine compares itself.
    """

    actor: User | None
    now: datetime
    version: int | None = None
    client_id: UUID | None = None
    words: str = ""
    via: str = ""
    sent: str = ""


@dataclass
class Deed:
    """What one action changes and leaves behind, gathered before anything is written."""

    matter: Matter
    action: str
    by: By
    words: str
    before: str
    post: Post | None
    fields: dict[str, Any] = field(default_factory=dict)
    facts: list[FactRow] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    held_until: datetime | None = None
    undo: dict[str, Any] | None = None
    beside: Any = None
    """What was said about a new matter for its kind alone (``Report.beside``)."""

    @property
    def now(self) -> datetime:
        return self.by.now

    @property
    def actor(self) -> User | None:
        return self.by.actor

    def move(self, state: str) -> None:
        """To the next state; the table says which ones the action may lead to."""
        row = action_of(self.matter.declared, self.action)
        if row is None or state not in row.after:
            raise ValueError(f"{self.action} does not lead to {state}")
        self.matter.state = state

    def fact(self, name: str, **columns: Any) -> None:
        """Leave a fact about this matter; ``columns`` as in the vocabulary of ``facts``."""
        matter = self.matter
        if columns.get("level") == Level.MICRO_GRID:
            columns["level"] = Level.GRID
        columns = {"kind": matter.kind, "category": matter.category_id, "channel": matter.channel, **columns}
        self.facts.append(
            FactRow.of(
                name,
                now=self.now,
                unit=matter.unit,
                place=matter.place.code,
                subject=matter.subject,
                **columns,
            )
        )

    def take_back(self, name: str) -> None:
        """Take the last fact of this name about the matter back: the same columns, counted -1."""
        last = (
            Fact.objects.filter(subject=self.matter.subject, name=name, n=1).order_by("-day", "-id").first()
        )
        if last is not None:
            self.facts.append(FactRow.undoing(last))

    def tell(
        self,
        users: Iterable[User],
        name: str,
        link: str,
        *,
        channel: str = "inbox",
        params: Mapping[str, Any] | None = None,
    ) -> None:
        """Queue a notice for each of ``users`` but whoever acts; it says number and title, or ``params``."""
        if params is None:
            params = {"number": self.matter.shown_number, "title": self.matter.title}
        self.messages += [
            Message(
                name=name,
                recipient=user,
                params=params,
                link=link,
                channel=channel,
                send_after=self.held_until,
            )
            for user in users
            if self.actor is None or user.pk != self.actor.pk
        ]

    def tell_post(self, post: Post | None, name: str, users: list[User] | None = None) -> None:
        """Queue a notice for whoever holds ``post`` today (``users``, where they are known already).

        Somebody of another body gets the link to this one part by text message as well.
        """
        if post is None:
            return
        link = f"/w/tasks/{self.matter.number}/"
        if "matters.triage" in post.kind.capabilities:
            link = f"/desk/m/{self.matter.number}/"
        there = people.holders(post, self.now) if users is None else users
        self.tell(there, name, link)
        if name in linking.NAMES and linking.is_of_another_body(post):
            for user in there:
                if user.phone_hash:
                    self.tell([user], "part_link", linking.link_to(self.matter, post, user), channel="sms")

    def tell_raiser(self, name: str, *, by_sms: str = "") -> None:
        """Queue a notice for the raiser, by text message too where they left a number."""
        raiser, link = self.matter.raiser, f"/m/{self.matter.number}/"
        if raiser is None:
            return
        self.tell([raiser], name, link)
        if raiser.phone_hash:
            self.tell([raiser], name, by_sms or link, channel="sms")

    def tell_followers(self, name: str, *, of: Matter | None = None) -> None:
        """Queue a notice for everybody who follows the matter, in words that anybody may read.

        It leads to ``of``, where the story goes on in another matter.
        """
        if not self.matter.follows:
            return
        params = {"number": self.matter.shown_number, "title": self.matter.public_title}
        link = f"/near/{(of or self.matter).number}/"
        self.messages += [
            Message(name=name, recipient=row.user, params=params, link=link)
            for row in self.matter.followers.select_related("user")
            if self.actor is None or row.user_id != self.actor.pk
        ]


def verb(
    name: str,
) -> Callable[[Callable[Concatenate[Deed, P], None]], Callable[Concatenate[Matter, By, P], Matter]]:
    """Make a change to a matter an action of the engine.

    The verb raises ``NotFound`` to a stranger, ``NotAllowed`` to somebody who may see but not do it,
    ``Changed`` when the matter moved on since ``by.version``, and whatever the change itself refuses.
    The same ``by.client_id`` a second time changes nothing and answers with the matter as it stands.
    """

    def made(change: Callable[Concatenate[Deed, P], None]) -> Callable[Concatenate[Matter, By, P], Matter]:
        @wraps(change)
        def run(matter: Matter, by: By, /, *args: P.args, **kwargs: P.kwargs) -> Matter:
            with transaction.atomic():
                fresh = lock(matter)
                if _repeated(fresh, name, by, args, kwargs):
                    return fresh
                deed = begin(fresh, name, by)
                change(deed, *args, **kwargs)
                write(deed)
            return deed.matter

        return run

    return made


def lock(matter: Matter) -> Matter:
    """The row as it stands, held until the transaction ends."""
    if connection.features.has_select_for_update:
        # By itself: rows joined to a locked one are read as they stood before the wait for the lock.
        Matter.objects.select_for_update().only("pk").get(pk=matter.pk)
    return Matter.objects.with_hands().get(pk=matter.pk)


def hold(keys: Iterable[UUID]) -> None:
    """Lock several rows, always in the same order: two who want the same ones never wait for each other."""
    if connection.features.has_select_for_update:
        rows = Matter.objects.select_for_update().only("pk").filter(pk__in=list(keys))
        list(rows.order_by("pk"))


def hold_merged(matter: Matter) -> None:
    """Lock a matter together with the one it was merged into, if there is one, in the order of ``hold``."""
    into = Link.objects.filter(matter=matter, what=Link.What.DUPLICATE, ended_at=None)
    hold([matter.pk, *into.values_list("other", flat=True)])


def begin(matter: Matter, name: str, by: By) -> Deed:
    """Check version, right, state and words, and open the deed.

    Whoever sees the matter and looked at an older version is told so first: what they could do then may no
    longer be theirs to do.
    """
    action = action_of(matter.declared, name)
    if action is None:
        raise NotFound
    stale = by.version not in (None, matter.version)
    if stale and by.actor is not None and onlooker(matter, by.actor, by.now):
        raise Changed(_moved_on(matter, by))
    _check_right(matter, action, by)
    if stale or matter.state not in action.before:
        raise Changed(_moved_on(matter, by))
    at_least = 1 if action.words else 0
    words = clean_words(by.words, field="words", at_least=at_least, at_most=WORDS_AT_MOST)
    post = _post_of(matter, by)
    deed = Deed(matter=matter, action=name, by=by, words=words, before=matter.state, post=post)
    if name in matter.declared.may:
        matter.declared.may[name](deed)
    return deed


def write(deed: Deed, *, first: bool = False) -> None:
    """Write the change and all it leaves behind."""
    matter = deed.matter
    if deed.action in matter.declared.on:
        matter.declared.on[deed.action](deed)
    if matter.asked and matter.state != State.IN_HAND:
        matter.asked = ""
        matter.time_requests.filter(decided_at=None).update(decided_at=deed.now)
    if matter.signer_id is not None and matter.state != State.IN_HAND:
        matter.signer = None
    if deed.action not in REVIEWING:  # when somebody gave a grade is nobody's business
        matter.changed_at = deed.now
    matter.next_due = clock.next_due(matter)
    queued = notices.queue(deed.messages, now=deed.now)
    matter.undo = _undo(deed, queued)
    if first:
        matter.save(force_insert=True)
    else:
        row = action_of(matter.declared, deed.action)
        matter.version += not (row and row.quiet)
        matter.save(force_update=True)
    history.record(
        subject=matter.subject,
        action=deed.action,
        actor=deed.actor,
        post=deed.post.kind_id if deed.post else "",
        now=deed.now,
        before=deed.before,
        after=matter.state,
        words=deed.words,
        fields={**deed.fields, "via": deed.by.via} if deed.by.via else deed.fields,
        client_id=deed.by.client_id,
        first=first,
    )
    facts.write(deed.facts)


def plain(value: Any) -> Any:
    """A value of a column as JSON can say it, to the microsecond."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _undo(deed: Deed, queued: list[int]) -> dict[str, Any] | None:
    """What it takes to undo the deed (``taking_back.keep``): the columns it has changed, what it queued."""
    if deed.undo is None:
        return None
    before = deed.undo["columns"]
    changed = {name: old for name, old in before.items() if old != plain(getattr(deed.matter, name))}
    return {**deed.undo, "columns": changed, "notices": queued}


def _repeated(matter: Matter, name: str, by: By, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    if by.client_id is None:
        return False
    answer = {"number": matter.number, "version": matter.version + 1}
    payload: dict[str, Any] = {
        "number": matter.number,
        "words": by.words,
        "args": [_sent(arg) for arg in args],
        "more": {key: _sent(value) for key, value in kwargs.items() if key not in FILES},
        **({"sent": by.sent} if by.sent else {}),
    }
    given = receipts.give(
        by.client_id, actor=by.actor, action=name, payload=payload, answer=answer, now=by.now
    )
    return given is not answer


def _sent(value: Any) -> str:
    """A value of a submission as the client knows it: a row by its key, whatever it is called today."""
    return str(value.pk) if isinstance(value, Model) else str(value)


def _check_right(matter: Matter, action: Action, by: By) -> None:
    if by.actor is None:
        if not (action.clock or action.secret):
            raise NotAllowed
        return
    if any(who(matter, by.actor, by.now) for who in action.who):
        return
    if onlooker(matter, by.actor, by.now):
        raise NotAllowed
    raise NotFound


def _moved_on(matter: Matter, by: By) -> Any:
    last = (
        Entry.objects.filter(subject=matter.subject)
        .exclude(action__in=REVIEWING)
        .select_related("actor")
        .order_by("-seq")
    ).first()
    if last is None or last.actor is None:
        return _("It has moved on since you looked. Please look at it as it stands now.")
    name: Any = last.actor if last.post else _("A resident")
    if by.actor is not None and last.actor_id == by.actor.pk:
        name = _("You")
    row = action_of(matter.declared, last.action)
    return _("%(name)s %(done)s since you looked. Please look at it as it stands now.") % {
        "name": name,
        "done": row.title if row else "",
    }


def _post_of(matter: Matter, by: By) -> Post | None:
    """By which post somebody acts: the one that has it in hand, else their lowest; a raiser by none."""
    if by.actor is None:
        return None
    mine = people.posts_of(by.actor, by.now)
    for post in mine:
        if post.pk == matter.holder_id:
            return post
    if matter.raiser_id == by.actor.pk:
        return None
    covering = [post for post in mine if matter.placed_path.startswith(post.place.path)]
    return min(covering, key=lambda post: post.kind.rank, default=None)
