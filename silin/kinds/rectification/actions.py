"""From the problem list to the register and off it: the plan, the application, the check, the look back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silin.files.models import File
from silin.kinds.rectification import due
from silin.kinds.rectification.models import Rectification
from silin.kinds.rectification.raising import OWNERS, are_one, link_to, usual_deadline
from silin.kinds.rectification.table import of
from silin.lib.dates import day_words
from silin.lib.refusal import NotAllowed, Refused
from silin.lib.text import clean_words
from silin.matters import clock
from silin.matters.deeds import By, Deed, verb
from silin.matters.handling import finish_answer, keep_photos
from silin.matters.models import Matter, Outcome, State
from silin.matters.oversight import looked_again
from silin.matters.setters import answers, setter_of
from silin.matters.table import level_above
from silin.matters.verifying import cancel, end, go_on
from silin.people import queries as people
from silin.people.models import Post

MEASURED_AT_MOST, NAME_AT_MOST = 60, 40


@verb("plan")
def plan(deed: Deed, in_charge: str, done_by: date) -> None:
    """Enter it in the register: the measure (the words), who is in charge, by when; again while in hand.

    Raises ``Refused``: ``too_early``, ``after_deadline``; whoever needs longer asks who set it first.
    """
    matter, row = deed.matter, of(deed.matter)
    last = localdate(matter.handle_due) if matter.handle_due else row.deadline
    if done_by < localdate(deed.now):
        raise Refused("too_early", _("Please choose today or a day to come."), field="done_by")
    if done_by > max(last, localdate(deed.now)):
        message = _("It is to be done by %(day)s. Enter it so, then ask for more time.")
        raise Refused("after_deadline", message % {"day": day_words(last)}, field="done_by")
    row.in_charge = clean_words(in_charge, field="in_charge", at_least=1, at_most=NAME_AT_MOST)
    row.measure, row.done_by, row.planned_at = deed.words, done_by, deed.now
    row.save(update_fields=["in_charge", "measure", "done_by", "planned_at"])
    if matter.responded_at is None:
        matter.responded_at = deed.now
    deed.fields = {"until": done_by.isoformat()}
    deed.move(State.IN_HAND)
    tell_setter(deed, "rectification_planned")


@verb("apply")
def apply(deed: Deed, evidence: Sequence[File] = ()) -> None:
    """Say that it is put right and apply to have it struck off (申请销号), with what proves it."""
    keep_photos(deed, (), evidence)
    deed.fields = {"outcome": Outcome.FIXED.value, "photos": len(evidence)}
    finish_answer(deed, deed.actor, Outcome.FIXED)
    tell_setter(deed, "rectification_applied")


@verb("strike_off")
def strike_off(deed: Deed, how: str, seen: Sequence[File] = ()) -> None:
    """Check it on the spot or on file and strike it off (销号); a look back is planned.

    Raises ``Refused``: ``bad_check``, ``no_file`` where nothing was handed in that could be checked.
    """
    matter, row = deed.matter, of(deed.matter)
    if how not in Rectification.Check.values:
        raise Refused("bad_check", _("Please say how you checked it."), field="how")
    if how == Rectification.Check.FILE and not matter.photos.filter(stage="after").exists():
        raise Refused("no_file", _("Nothing was handed in to check: go and see it there."), field="how")
    keep_photos(deed, (), seen)
    row.check_how, row.checked_by, row.look, row.looked_at = how, deed.actor, "", None
    row.save(update_fields=["check_how", "checked_by", "look", "looked_at"])
    deed.fact("matter.verified", outcome="passed")
    deed.fact("problem.struck_off", kind=row.group, outcome=how, on_time=matter.on_time)
    end(deed)
    matter.look_back_on = due.look_day(row, matter, deed.now)
    due.note(matter)
    team = {"how": how, "team": str(row.get_check_how_display())}
    deed.fields |= team | {"until": matter.look_back_on.isoformat()}
    tell_owner(deed, "rectification_struck_off")


@verb("turn_down")
def turn_down(deed: Deed) -> None:
    """Not put right yet: it stays in the register, with a short new time and the reason."""
    go_on(deed)
    given_time(deed)
    tell_owner(deed, "rectification_turned_down")


@verb("call_off")
def call_off(deed: Deed) -> None:
    """There was no such problem, or it is set anew elsewhere: it is taken back and not counted."""
    cancel(deed)
    deed.take_back("problem.opened")
    tell_owner(deed, "rectification_called_off")


def take_back(row: Rectification, now: datetime) -> None:
    """The list with which it came is taken back: it is called off, and may be set anew."""
    call_off(row.matter, By(None, now, words=gettext("The list with which it came was taken back.")))
    row.own_number, row.reference, row.listed = "", "", {}
    row.save(update_fields=["own_number", "reference", "listed"])


@verb("remeasure")
def look_back(deed: Deed, outcome: str, measured: str = "") -> None:
    """Look back (回头看): it holds, or it fell back and is open again. By a person or by the system.

    ``measured`` is what was measured or seen then. Raises ``Refused`` (``bad_outcome``).
    """
    matter, row = deed.matter, of(deed.matter)
    if outcome not in Rectification.Look.values:
        raise Refused("bad_outcome", _("Please choose one of the two."), field="outcome")
    held = outcome == Rectification.Look.HELD
    row.look, row.looked_at = outcome, deed.now
    row.measured_again = clean_words(measured, field="measured", at_most=MEASURED_AT_MOST)
    row.fell += not held
    row.save(update_fields=["look", "looked_at", "measured_again", "fell"])
    matter.own_due = None
    looked_again(deed, held)
    deed.fields |= {"team": str(row.get_look_display()), "measured": row.measured_again}
    if held:
        tell_owner(deed, "rectification_holds")
        return
    row.deadline = usual_deadline(row.unit, deed.now)
    row.save(update_fields=["deadline"])
    clock.set_until(matter, deed.now, row.deadline)
    deed.take_back("problem.struck_off")
    deed.fact("problem.fell_back", kind=row.group)
    tell_owner(deed, "rectification_fell_back")
    tell_setter(deed, "rectification_fell_back")


def stays_with_owner(deed: Deed) -> None:
    """Hook: who set it, or the desk to which it was given back, says who answers for it.

    Those of one desk hand it to one another. Raises ``NotAllowed``.
    """
    matter, actor = deed.matter, deed.actor
    if actor is None or matter.state == State.RAISED or answers(matter, actor, deed.now):
        return
    if level_above(matter, actor, deed.now):
        return
    raise NotAllowed(_("Whoever set the task says who answers for it."))


def handed_over(deed: Deed) -> None:
    """Hook: it went to somebody who may answer for it. Raises ``Refused`` (``bad_post``)."""
    if deed.matter.holder is None or not takes(deed.matter, deed.matter.holder):
        raise Refused("bad_post", _("It goes to a desk or a bureau that did not set it."), field="to")


def takes(matter: Matter, post: Post) -> bool:
    """Whether ``post`` may answer for it: a desk of the unit or above, a bureau; not who strikes it off."""
    setter = setter_of(matter)
    if setter is not None and are_one(setter, post):
        return False
    able = post.kind_id in OWNERS or post.kind.belongs_to == "bureau"
    return able and matter.placed_path.startswith(post.place.path)


def given_time(deed: Deed) -> None:
    """Hook: the new time is the deadline that stands in the register, to the end of its day."""
    matter, row = deed.matter, of(deed.matter)
    assert matter.handle_due is not None
    if (day := localdate(matter.handle_due)) != row.deadline:
        row.deadline = day
        row.save(update_fields=["deadline"])
        clock.set_until(matter, deed.now, day)


def tell_setter(deed: Deed, name: str) -> None:
    """A message to whoever set it."""
    if (post := setter_of(deed.matter)) is not None:
        deed.tell(people.holders(post, deed.now), name, link_to(deed.matter))


def tell_owner(deed: Deed, name: str) -> None:
    """A message to whoever answers for it."""
    if deed.matter.holder is not None:
        deed.tell(people.holders(deed.matter.holder, deed.now), name, link_to(deed.matter))
