"""The link in a message to the one part a post has to do: what it leads to, for whom and until when.

It belongs to one matter, one post and one person. It works until that part is at an end, and opens only with
a code sent to the person's own phone (``by_link``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from silin.accounts import tokens
from silin.accounts.models import OneTimeToken, User
from silin.history.models import Entry
from silin.lib.refusal import Refused, Words
from silin.matters.models import Assignment, Matter, State
from silin.people import queries as people
from silin.people.models import Post

LINK = "part_link"
LASTS = timedelta(days=30)
NAMES = frozenset({"matter_assigned", "matter_whistled", "matter_rejected", "matter_reopened"})
"""The notices by which somebody has something to do that they had not before."""

HELD = (State.ASSIGNED, State.IN_HAND, State.WAITING)
PLACES = "place__parent__parent__parent"
DONE, BACK, SENT, OVER = "part_done", "part_returned", "part_elsewhere", "part_over"
ENDS = {
    "answer": DONE,
    "sign": DONE,
    "return": BACK,
    "dispatch": SENT,
    "whistle": SENT,
    "close": OVER,
    "merge": OVER,
    "withdraw": OVER,
    "recall": OVER,
}
OF_CALLS = {
    Assignment.State.DONE: DONE,
    Assignment.State.RETURNED: BACK,
    Assignment.State.WAIVED: SENT,
}
SAID: dict[str, Words] = {
    DONE: _("This is reported done. The link has ended with it."),
    BACK: _("This was given back. The link has ended with it."),
    SENT: _("You are not needed for this any more: it is with somebody else now."),
    OVER: _("This is over. There is nothing left to do."),
}


@dataclass(frozen=True)
class Part:
    """What a link leads to: the matter, and by which post who has a part in it; a ``call`` if whistled."""

    token: OneTimeToken
    matter: Matter
    post: Post
    user: User
    call: Assignment | None


def is_of_another_body(post: Post) -> bool:
    """Whether the post belongs to a department or a contractor: its people are seldom at a desk of ours."""
    return bool(post.kind.belongs_to)


def link_to(matter: Matter, post: Post, user: User) -> str:
    """The link for a message to ``user`` about the part of ``post``; its secret is drawn when it goes out."""
    subject = f"{matter.pk.hex}:{post.pk.hex}:{user.pk.hex}"
    return f"/a/{tokens.blank(LINK, subject, LASTS)}/"


def read(secret: str, now: datetime) -> Part:
    """The part that a link leads to, as long as it has not ended.

    Raises ``Refused``: as ``accounts.tokens.find``, ``post_left``, ``part_done``, ``part_returned``,
    ``part_elsewhere``, ``part_over``.
    """
    token = tokens.find(LINK, secret, now)
    matter_id, post_id, user_id = (UUID(key) for key in token.subject.split(":"))
    rows = Matter.objects.with_names().select_related(PLACES, "voice_note")
    matter, user = rows.get(pk=matter_id), User.objects.get(pk=user_id)
    post = Post.objects.select_related("kind", "place", "organisation").get(pk=post_id)
    if not user.is_active or not people.holds(user, post.pk, now):
        raise Refused("post_left", _("The post is in other hands now. The link has ended with that."))
    return Part(token, matter, post, user, _running(matter, post, token))


def _running(matter: Matter, post: Post, token: OneTimeToken) -> Assignment | None:
    """The part that was whistled, None for one that was dispatched. Raises ``Refused`` once it is over."""
    call = _call(matter, post, token.made_at)
    if call is not None and call.is_running:
        return call
    ended = OF_CALLS[Assignment.State(call.state)] if call is not None else _ended(matter, token.made_at)
    if ended or matter.holder_id != post.pk or matter.state not in HELD:
        code = ended or OVER
        raise Refused(code, SAID[code])
    return None


def _call(matter: Matter, post: Post, since: datetime) -> Assignment | None:
    """What the post was called to when the link was made, if it had not ended by then."""
    if not matter.whistled:
        return None
    rows = matter.assignments.with_posts().filter(post=post, offered_at__lte=since)
    return rows.exclude(ended_at__lt=since).order_by("-offered_at").first()


def _ended(matter: Matter, since: datetime) -> str:
    """What took the matter out of the post's hands since then; a dispatch that was taken back did not."""
    lines = Entry.objects.filter(subject=matter.subject, at__gt=since, action__in=[*ENDS, "take_back"])
    ends: list[str] = []
    for action in lines.order_by("seq").values_list("action", flat=True):
        ends = ends[:-1] if action == "take_back" else [*ends, ENDS[action]]
    return ends[0] if ends else ""
