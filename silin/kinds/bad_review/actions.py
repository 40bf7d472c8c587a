"""What is done about a bad review, and what keeps those graded apart from it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from silin.facts.actions import FactRow
from silin.facts.models import Fact
from silin.files.models import File
from silin.kinds.bad_review.models import BadReview
from silin.kinds.bad_review.table import of
from silin.lib.refusal import NotAllowed, Refused
from silin.matters.deeds import Deed, verb
from silin.matters.models import Colour, Matter, Photo, Review
from silin.matters.table import level_above
from silin.people import queries as people
from silin.people.models import Post


@verb("order")
def order(deed: Deed, names_case: bool) -> None:
    """Say what is to be put right, after the call to the reviewer; those graded read it, without a name.

    ``names_case``: the reviewer agreed that they may know which matter it is about.
    Raises ``Refused`` (``call_first``).
    """
    row = of(deed.matter)
    _called_first(deed)
    row.ordered_at, row.names_case = deed.now, names_case
    row.save(update_fields=["ordered_at", "names_case"])
    deed.fields = {"names_case": names_case}
    deed.move(deed.before)
    _tell_graded(deed, row, "bad_review_ordered")


@verb("put_right")
def put_right(deed: Deed, after: Sequence[File] = ()) -> None:
    """Say what was put right; the desk that ordered it answers the reviewer."""
    row = of(deed.matter)
    row.put_right_at = deed.now
    row.save(update_fields=["put_right_at"])
    _evidence(deed, row, after)
    due = deed.matter.handle_due
    late = due is not None and deed.now > due
    deed.fields = {"late": True} if late else {}
    deed.fact("matter.put_right", on_time=not late)
    deed.move(deed.before)
    deed.tell_post(deed.matter.holder, "bad_review_put_right")


@verb("appeal")
def appeal(deed: Deed, evidence: Sequence[File] = ()) -> None:
    """Appeal (申诉), once, with what proves it; the desk above the one that has it decides."""
    row = of(deed.matter)
    row.appealed_at = deed.now
    row.save(update_fields=["appealed_at"])
    _evidence(deed, row, evidence, unsigned=True)
    deed.move(deed.before)
    deed.tell_post(deed.matter.holder, "bad_review_appealed")
    above = people.desk_above(deed.matter.holder, deed.now) if deed.matter.holder else None
    deed.tell_post(above, "bad_review_appealed")


@verb("decide")
def decide(deed: Deed, granted: bool) -> None:
    """Decide an appeal: granted, the grade is no longer counted; it stays what the reviewer gave."""
    matter, row = deed.matter, of(deed.matter)
    row.decided_at, row.granted = deed.now, granted
    row.save(update_fields=["decided_at", "granted"])
    deed.fields = {"granted": granted}
    deed.fact("matter.appealed", outcome="granted" if granted else "dismissed")
    if granted and matter.about is not None:
        Review.objects.filter(matter=matter.about).update(set_aside_at=deed.now)
        graded = Fact.objects.filter(subject=matter.about.subject, name="matter.reviewed", n=1).last()
        if graded is not None:
            deed.facts.append(FactRow.undoing(graded))
    deed.move(deed.before)
    deed.tell_post(matter.holder, "bad_review_decided")
    _tell_graded(deed, row, "bad_review_decided")


def begin(deed: Deed) -> None:
    """Hook: write down whose work was graded, and tell the level that watches."""
    about = deed.matter.about
    row = BadReview(matter=deed.matter)
    if about is not None:
        row.graded, row.graded_user = about.holder, about.handler
    row.save(force_insert=True)
    if deed.matter.holder is not None:
        deed.tell_post(people.desk_above(deed.matter.holder, deed.now), "bad_review_raised")


def keep_apart(deed: Deed) -> None:
    """Hook: whoever was graded has no say. Raises ``NotAllowed``."""
    if deed.actor is not None and of(deed.matter).concerns(deed.actor, deed.now):
        raise NotAllowed(_("It is about your own work; somebody else looks into it."))


def may_answer(deed: Deed) -> None:
    """Hook: the reviewer was called, and those graded are done or out of time.

    Raises ``NotAllowed``, ``Refused`` (``call_first``, ``appeal_open``, ``order_open``).
    """
    keep_apart(deed)
    _called_first(deed)
    row = of(deed.matter)
    if row.waits_for_decision:
        raise Refused("appeal_open", _("The appeal has to be decided first."), status=409)
    late = deed.matter.out_of_time(deed.now) or deed.matter.colour == Colour.LATE
    if row.ordered_at is not None and not row.is_settled and not late:
        raise Refused("order_open", _("Those graded have still to put it right."), status=409)


def may_close(deed: Deed) -> None:
    """Hook: the reviewer or the level above says that it is over. Raises ``NotAllowed``."""
    keep_apart(deed)
    actor, matter = deed.actor, deed.matter
    if actor is None or actor.pk == matter.raiser_id or level_above(matter, actor, deed.now):
        return
    raise NotAllowed(_("The reviewer or the level above closes it."))


def stays_above(deed: Deed) -> None:
    """Hook: it is sent to desks alone, never to whoever was graded. Raises ``Refused`` (``bad_post``)."""
    if deed.matter.holder is None or not takes(deed.matter, deed.matter.holder):
        raise Refused("bad_post", _("It goes to a desk that was not graded."), field="to")


def takes(matter: Matter, post: Post) -> bool:
    """Whether a bad review may be sent to ``post``: a desk, and not the one that was graded."""
    return post.pk != of(matter).graded_id and "matters.triage" in post.kind.capabilities


def answered(deed: Deed) -> None:
    """Hook: the level that watches is asked to look."""
    if deed.matter.holder is not None:
        deed.tell_post(people.desk_above(deed.matter.holder, deed.now), "bad_review_answered")


def not_yet(deed: Deed) -> None:
    """Hook: it goes on, so the desk may say anew what is to be put right; a granted appeal stands."""
    row = of(deed.matter)
    if deed.matter.is_open and not row.granted:
        row.ordered_at = row.put_right_at = None
        row.save(update_fields=["ordered_at", "put_right_at"])


def _called_first(deed: Deed) -> None:
    if deed.matter.raiser_id is not None and deed.matter.contacted_at is None:
        raise Refused("call_first", _("Please call the reviewer first and write down what was said."))


def _evidence(deed: Deed, row: BadReview, files: Sequence[File], *, unsigned: bool = False) -> None:
    """``unsigned``: whoever gave the review does not see them."""
    deed.post = row.graded
    shown = {"stage": Photo.Stage.AFTER, "by": deed.actor, "at": deed.now, "unsigned": unsigned}
    Photo.objects.bulk_create(Photo(matter=deed.matter, file=file, **shown) for file in files)


def _tell_graded(deed: Deed, row: BadReview, name: str) -> None:
    """A message without the title, since that alone may say who the reviewer is."""
    if row.graded is not None:
        number = deed.matter.shown_number
        users = people.holders(row.graded, deed.now)
        deed.tell(users, name, f"/w/graded/{deed.matter.number}/", params={"number": number})
