"""The table of named actions: from which states, to which, by whom. There is no other rule of that sort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.lib.refusal import Words
from silin.matters.called import call_of, whistling_posts
from silin.matters.kind import Kind
from silin.matters.models import Matter, Outcome, Review, State
from silin.matters.setters import set_it, setter_of, setting_post
from silin.matters.signed import signing_head
from silin.people import queries as people
from silin.people.models import Post

Who = Callable[[Matter, User, datetime], bool]


def holder(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever holds the post in whose hands it is, or is the system of its body."""
    return matter.holder_id is not None and people.serves(user, matter.holder_id, now)


def writer(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever has it in hand, where no head has to sign the answer."""
    return holder(matter, user, now) and signing_head(matter, user, now) is None


def submitter(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever has it in hand, where a head has to sign the answer; one that waits may be written anew."""
    return holder(matter, user, now) and signing_head(matter, user, now) is not None


def signer(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever holds the post whose signature the answer waits for; never a system of the same body."""
    return matter.signer_id is not None and people.holds(user, matter.signer_id, now)


def raiser(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever raised it."""
    return matter.raiser_id == user.pk


def raiser_verifies(matter: Matter, user: User, now: datetime) -> bool:
    """The raiser, where the kind lets the raiser verify and somebody else handled it."""
    asked = "raiser" in matter.declared.verified_by and matter.handler_id != user.pk
    return asked and raiser(matter, user, now)


def post_verifies(matter: Matter, user: User, now: datetime) -> bool:
    """Another post than the one that handled it, where the kind lets posts verify."""
    asked = "post" in matter.declared.verified_by and matter.handler_id != user.pk
    return asked and not holder(matter, user, now) and user.has_perm("matters.verify", matter)


def desk(matter: Matter, user: User, now: datetime) -> bool:
    """A desk of the community, the street or above."""
    return user.has_perm("matters.triage", matter)


def brought_in(matter: Matter, user: User, now: datetime) -> bool:
    """A desk, where it came with a sheet of the hotline."""
    return matter.channel == "hotline" and desk(matter, user, now)


def closing_desk(matter: Matter, user: User, now: datetime) -> bool:
    """A desk that may close, and did not handle it."""
    return matter.handler_id != user.pk and user.has_perm("matters.close", matter)


def reviewer(matter: Matter, user: User, now: datetime) -> bool:
    """The raiser of what somebody else handled."""
    return matter.handler_id != user.pk and raiser(matter, user, now)


def other(matter: Matter, user: User, now: datetime) -> bool:
    """Somebody of the office who neither raised nor handled it, of a kind that is reviewed."""
    own = user.pk in (matter.raiser_id, matter.handler_id) or holder(matter, user, now)
    return matter.declared.reviewed and not own and user.has_perm("matters.verify", matter)


def caller_back(matter: Matter, user: User, now: datetime) -> bool:
    """Somebody who did not handle it, where the raiser can be called and has given no review yet."""
    called_back = matter.raiser_id is not None and other(matter, user, now)
    return called_back and not Review.objects.filter(matter=matter).exists()


def slip_giver(matter: Matter, user: User, now: datetime) -> bool:
    """A desk that did not handle it, while there is no review yet."""
    gives = desk(matter, user, now) and other(matter, user, now)
    return gives and not Review.objects.filter(matter=matter).exists()


def post_above(matter: Matter, user: User, now: datetime) -> Post | None:
    """The post by which ``user`` sits at a desk above whoever has it, the lowest of several, or set it."""
    if (post := setter_of(matter)) is not None:
        return setting_post(matter, post, user, now)
    path = matter.holder.place.path if matter.holder else matter.placed_path
    rank = matter.holder.kind.rank if matter.holder else 0
    posts = [
        post
        for post in people.posts_of(user, now)
        if "matters.triage" in post.kind.capabilities
        and path.startswith(post.place.path)
        and post.kind.rank > rank
    ]
    return min(posts, key=lambda post: post.kind.rank, default=None)


def level_above(matter: Matter, user: User, now: datetime) -> bool:
    """A desk above the post that has it in hand."""
    return post_above(matter, user, now) is not None


def above_asked(matter: Matter, user: User, now: datetime) -> bool:
    """A desk above, where the holder has asked it for more time."""
    return bool(matter.asked) and level_above(matter, user, now)


def caller(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever has it in hand, where somebody else raised it."""
    return matter.raiser_id not in (None, user.pk) and holder(matter, user, now)


def supervisor(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever holds the post that put it under supervision."""
    return matter.supervised_by_id is not None and people.holds(user, matter.supervised_by_id, now)


def overseeing_post(matter: Matter, user: User, now: datetime) -> Post | None:
    """The post by which ``user`` oversees the place of a matter and may read it; the highest of several."""
    wanted = {"league.see", "matters.triage" if matter.declared.confined else "matters.see"}
    posts = [
        post
        for post in people.posts_of(user, now)
        if wanted.issubset(post.kind.capabilities) and matter.placed_path.startswith(post.place.path)
    ]
    return max(posts, key=lambda post: post.kind.rank, default=None)


def overseer(matter: Matter, user: User, now: datetime) -> bool:
    """A desk over the place, or an official who oversees it and reads its matters."""
    return overseeing_post(matter, user, now) is not None


def watcher(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever holds the post that put it on the watch list, or oversees the place above that post."""
    if matter.watched_by is None:
        return False
    above = overseeing_post(matter, user, now)
    higher = above is not None and above.kind.rank > matter.watched_by.kind.rank
    return higher or people.holds(user, matter.watched_by.pk, now)


def supervised_holder(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever has it in hand, where a slip waits for a reply."""
    return matter.reply_due is not None and holder(matter, user, now)


def whistler(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever holds a post round the matter that a rule lets whistle others."""
    return bool(whistling_posts(matter, user, now))


def called(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever was whistled to it, as the lead or beside it, and has not ended."""
    return call_of(matter, user, now) is not None


def beside(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever was whistled to it beside the lead, and has not ended."""
    call = call_of(matter, user, now)
    return call is not None and not call.lead


def awaited(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever was whistled to it and has not come yet."""
    call = call_of(matter, user, now)
    return call is not None and call.arrived_at is None


def offered(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever was whistled to it beside the lead and has not taken their part yet."""
    call = call_of(matter, user, now)
    return call is not None and not call.lead and call.accepted_at is None


def calling_desk(matter: Matter, user: User, now: datetime) -> bool:
    """A desk, where others still have a part to do."""
    return bool(matter.calls) and desk(matter, user, now)


def rater(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever holds the post that whistled somebody whom it has not graded yet."""
    if not matter.whistled:
        return False
    ungraded = matter.assignments.filter(rated_at=None).exclude(state="waived")
    return any(people.holds(user, post, now) for post in ungraded.values_list("sent_from", flat=True))


def sender(matter: Matter, user: User, now: datetime) -> bool:
    """Whoever sent it on or whistled as the last thing that happened."""
    return matter.undo is not None and matter.undo["by"] == str(user.pk)


def neighbour(matter: Matter, user: User, now: datetime) -> bool:
    """Anybody but the raiser, where a desk has released it."""
    return matter.public and not raiser(matter, user, now)


def merging_desk(matter: Matter, user: User, now: datetime) -> bool:
    """A desk, where the matter was merged into another one."""
    merged = matter.outcome == Outcome.DUPLICATE and matter.links.filter(what="duplicate", ended_at=None)
    return bool(merged and desk(matter, user, now) and merged.exists())


def onlooker(matter: Matter, user: User, now: datetime) -> bool:
    """Anybody who may see it: the raiser, whoever has it in hand, and posts whose place it lies in."""
    mine = raiser(matter, user, now) or holder(matter, user, now)
    joined = matter.joined_id is not None and people.holds(user, matter.joined_id, now)
    part = called(matter, user, now) or signer(matter, user, now) or set_it(matter, user, now)
    looks = "matters.triage" if matter.declared.confined else "matters.see"
    return mine or joined or part or user.has_perm(looks, matter)


def may_read_name(matter: Matter, user: User) -> bool:
    """Whoever may read who raised it; where the raiser asked for silence (保密), a desk alone, for calls."""
    if not user.has_perm("matters.name", matter):
        return False
    return not matter.name_withheld or user.has_perm("matters.triage", matter)


@dataclass(frozen=True)
class Action:
    """One row of the table; ``words``: the action needs words, ``clock``: the clock may do it.

    ``quiet``: whoever is just working on the matter need not look at it again.
    ``secret``: whoever holds its one-time secret may do it. ``told`` is the sentence of the story where a
    kind brings the row, ``inner`` that residents do not read it.
    """

    name: str
    title: Words
    before: tuple[str, ...]
    after: tuple[str, ...]
    who: tuple[Who, ...] = ()
    words: bool = False
    clock: bool = False
    quiet: bool = False
    secret: bool = False
    told: Words = ""
    inner: bool = False


_RAISED, _ASSIGNED, _IN_HAND, _WAITING, _ANSWERED, _CLOSED, _WITHDRAWN = (state.value for state in State)
_RUNNING = (_RAISED, _ASSIGNED, _IN_HAND)
_HELD = (_ASSIGNED, _IN_HAND)
_WAITED = (*_RUNNING, _WAITING)
_OPEN = (*_WAITED, _ANSWERED)
_KNOWN = (*_OPEN, _CLOSED)

ACTIONS: dict[str, Action] = {
    row.name: row
    for row in (
        Action("raise", _("reported it"), (), (_RAISED, _ASSIGNED)),
        Action("settle_at_once", _("settled it on the spot"), (), (_ANSWERED,)),
        Action("triage", _("sorted it"), (_RAISED, _ASSIGNED), (_RAISED, _ASSIGNED, _CLOSED), (desk,)),
        Action("dispatch", _("sent it on"), (*_RUNNING, _WAITING), (_ASSIGNED,), (desk,)),
        Action("whistle", _("whistled others to it"), _WAITED, (_ASSIGNED,), (whistler,), words=True),
        Action("take_back", _("took back what was sent"), (_ASSIGNED,), _WAITED, (sender,)),
        Action("report_in", _("came to it"), _WAITED, _WAITED, (awaited,)),
        Action("open_link", _("opened it from the message"), _WAITED, _WAITED, (holder, called), quiet=True),
        Action("report_overdue", _("has not come yet"), _WAITED, _WAITED, clock=True),
        Action("take_part", _("took part"), _WAITED, _WAITED, (offered,)),
        Action("finish", _("did their part"), _WAITED, _WAITED, (beside,), words=True),
        Action("step_back", _("gave their part back"), _WAITED, _WAITED, (beside,), words=True),
        Action("waive", _("let others go"), _WAITED, _WAITED, (calling_desk,), words=True),
        Action("hand_on", _("handed it to a team"), _WAITED, _WAITED, (called,)),
        Action("rate", _("graded who came"), (_CLOSED,), (_CLOSED,), (rater,)),
        Action("merge", _("found that it is the same as another"), _WAITED, (_CLOSED,), (desk,)),
        Action("take_in", _("took another one in"), _KNOWN, _KNOWN, (desk,), quiet=True),
        Action("unmerge", _("found that it is a matter of its own"), (_CLOSED,), _RUNNING, (merging_desk,)),
        Action("let_out", _("let another one go again"), _KNOWN, _KNOWN, (desk,), quiet=True),
        Action("cover", _("covered something in the words"), _KNOWN, _KNOWN, (desk,)),
        Action("split", _("parted one thing off"), _WAITED, _WAITED, (desk,)),
        Action("relate", _("noted what it belongs together with"), _KNOWN, _KNOWN, (desk,), quiet=True),
        Action("ticket", _("noted its number in another system"), _KNOWN, _KNOWN, (desk,), quiet=True),
        Action("hear_more", _("was told more"), _KNOWN, _KNOWN, (desk,), words=True, clock=True),
        Action("recall", _("took it back"), (_RAISED, _ASSIGNED), (_WITHDRAWN,), (brought_in,), clock=True),
        Action("join", _("met it too"), _OPEN, _OPEN, (neighbour,), quiet=True),
        Action("release", _("said who may read it"), _KNOWN, _KNOWN, (desk,)),
        Action("accept", _("took it"), (_ASSIGNED,), (_IN_HAND,), (holder,)),
        Action("contact", _("spoke with whoever reported it"), _HELD, _HELD, (caller,), words=True),
        Action("return", _("gave it back"), (_ASSIGNED, _IN_HAND), (_RAISED,), (holder,), words=True),
        Action("pause", _("stopped the clock"), (_IN_HAND,), (_WAITING,), (holder,), words=True),
        Action("resume", _("went on"), (_WAITING,), (_IN_HAND,), (holder,), clock=True),
        Action("ask", _("asked for more time"), (_IN_HAND,), (_IN_HAND,), (holder,), words=True),
        Action("extend", _("gave more time"), (_IN_HAND,), (_IN_HAND,), (level_above,), words=True),
        Action("defer", _("put it off"), (_IN_HAND,), (_WAITING,), (level_above,), words=True),
        Action("decline", _("gave no more time"), (_IN_HAND,), (_IN_HAND,), (above_asked,), words=True),
        Action("urge", _("asked for it to go faster"), _WAITED, _WAITED, (raiser, level_above)),
        Action("supervise", _("put it under supervision"), _OPEN, _OPEN, (level_above,), words=True),
        Action("reply", _("replied to the slip"), _OPEN, _OPEN, (supervised_holder,), words=True),
        Action("reply_overdue", _("left the slip without a reply"), _OPEN, _OPEN, clock=True),
        Action("lift", _("lifted the supervision"), _KNOWN, _KNOWN, (supervisor,), words=True),
        Action("put_on", _("put it on the watch list"), _OPEN, _OPEN, (overseer,), words=True, quiet=True),
        Action(
            "take_off", _("took it off the watch list"), _KNOWN, _KNOWN, (watcher,), words=True, quiet=True
        ),
        Action("answer", _("reported it done"), (_IN_HAND,), (_ANSWERED, _CLOSED), (writer,), words=True),
        Action("submit", _("sent it to be signed"), (_IN_HAND,), (_IN_HAND,), (submitter,), words=True),
        Action("sign", _("signed the answer"), (_IN_HAND,), (_ANSWERED, _CLOSED), (signer,)),
        Action("send_back", _("did not sign it"), (_IN_HAND,), (_IN_HAND,), (signer,), words=True),
        Action("verify", _("confirmed it"), (_ANSWERED,), (_CLOSED,), (raiser_verifies, post_verifies)),
        Action(
            "reject",
            _("said: not yet"),
            (_ANSWERED,),
            (_IN_HAND,),
            (raiser_verifies, post_verifies),
            words=True,
        ),
        Action(
            "close", _("closed it"), (_RAISED, _ASSIGNED, _ANSWERED), (_CLOSED,), (closing_desk,), clock=True
        ),
        Action("review", _("gave a review"), (_CLOSED,), (_CLOSED,), (reviewer,), secret=True),
        Action("call_back", _("asked how it was"), (_CLOSED,), (_CLOSED,), (caller_back,)),
        Action("slip", _("printed a review slip"), (_CLOSED,), (_CLOSED,), (slip_giver,)),
        Action(
            "reopen",
            _("opened it again"),
            (_CLOSED,),
            (_IN_HAND, _RAISED),
            (raiser, closing_desk),
            words=True,
        ),
        Action(
            "look_back",
            _("looked again"),
            (_CLOSED,),
            (_CLOSED, _IN_HAND, _RAISED),
            (level_above,),
            words=True,
        ),
        Action("withdraw", _("took it back"), (_RAISED, _ASSIGNED), (_WITHDRAWN,), (raiser,)),
        Action("comment", _("wrote"), _OPEN, _OPEN, (onlooker,), words=True),
        Action("warn", _("is soon due"), _RUNNING, _RUNNING, clock=True),
        Action("overdue", _("ran out of time"), _RUNNING, _RUNNING, clock=True),
        Action("recount", _("counted its times anew"), _OPEN, _OPEN, clock=True),
        Action("escalate", _("reported it one level up"), _RUNNING, _RUNNING, (holder,), clock=True),
    )
}

TOGETHER = ("merge", "take_in", "unmerge", "let_out", "split", "relate", "join")
"""Actions by which matters are seen beside one another: kinds that few may read go without them."""

REVIEWING = ("review", "call_back", "slip")
"""What only the raiser, and whoever did it, reads in the story: nobody who handled it learns a grade."""


def rows_of(kind: Kind) -> list[Action]:
    """The table as a kind has it: the engine's rows, but those it does not know, and its own."""
    return [row for row in ACTIONS.values() if row.name not in kind.without] + list(kind.actions)


def action_of(kind: Kind, name: str) -> Action | None:
    """The row with that name; None where the kind has none."""
    return next((row for row in rows_of(kind) if row.name == name), None)


def allowed(matter: Matter, user: User, now: datetime) -> list[str]:
    """The names of the actions that ``user`` may do on ``matter`` as it stands."""
    return [
        row.name
        for row in rows_of(matter.declared)
        if matter.state in row.before and any(who(matter, user, now) for who in row.who)
    ]
