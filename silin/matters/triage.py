"""What a desk does with what has come in, and the word that anybody concerned may add."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import NotFound, Refused
from silin.matters import clock, parts, recounting, taking_back
from silin.matters.deeds import Deed, verb
from silin.matters.handling import ARBITRATED, ARBITRATION, end_pause
from silin.matters.models import Category, Outcome, State
from silin.matters.table import level_above
from silin.matters.terms import terms_of
from silin.matters.verifying import settle
from silin.people import queries as people
from silin.people.models import Post


@verb("triage")
def triage(
    deed: Deed, category: Category | None = None, public: bool | None = None, not_accepted: bool = False
) -> None:
    """Sort it: another category (its limits count from when it was raised), released for everybody or not;
    or not accepted (不予受理), with words on where to go instead.
    """
    matter = deed.matter
    if not_accepted:
        if not deed.words:
            raise Refused("missing", _("Please say why, and where to go instead."), field="words")
        matter.outcome = Outcome.NOT_ACCEPTED
        settle(deed)
        return
    if category is not None and category != matter.category:
        deed.fields["category"] = [matter.category_id, category.pk]
        matter.category, matter.terms = category, terms_of(category, deed.now)
        recounting.count_category(matter)
        if category.private and matter.public:
            _release(deed, False)
    if public is not None and public != matter.public:
        _release(deed, public)
    deed.move(deed.before)


@verb("dispatch")
def dispatch(deed: Deed, to: Post) -> None:
    """Send it to a post of the desk's own territory (派单), also out of hands in which it lies still."""
    matter = deed.matter
    if deed.actor is None or not deed.actor.has_perm("matters.triage", to):
        raise NotFound(_("That post is not within your place."), field="to")
    if "matters.handle" not in to.kind.capabilities:
        raise Refused("bad_post", _("That post does not handle matters."), field="to")
    if not people.answers_for(to, matter, deed.now):
        raise Refused("not_theirs", _("Their company does not run the place where it is."), field="to")
    may_decide(deed)
    rule = ARBITRATED if matter.why.get("rule") == ARBITRATION else "desk"
    taking_back.keep(deed)
    if deed.before == State.WAITING:
        end_pause(deed)
    parts.let_go(matter, deed.now)
    matter.holder, matter.why = to, {"rule": rule, "post": to.kind_id, "place": to.place.code}
    deed.fields = {"to": str(to.pk), "post": to.kind_id} | bodies_of([to])
    clock.restart_responding(matter, deed.now)
    deed.move(State.ASSIGNED)
    deed.fact("matter.dispatched", level=to.place.level)
    deed.tell_post(to, "matter_assigned")


def bodies_of(posts: Sequence[Post]) -> dict[str, list[str]]:
    """The departments and companies that the posts work for, by their names of then."""
    names = [post.known_as if post.kind.belongs_to else "" for post in posts]
    return {"bodies": names} if any(names) else {}


def may_decide(deed: Deed) -> None:
    """Raises ``Refused`` (``arbitration``) where it was given back too often and the level above decides."""
    matter, actor = deed.matter, deed.actor
    if matter.why.get("rule") != ARBITRATION or actor is None or matter.holder_id is None:
        return
    if not people.holds(actor, matter.holder_id, deed.now) and not level_above(matter, actor, deed.now):
        raise Refused(
            "arbitration", _("It was given back too often; the level above decides now."), status=409
        )


@verb("release")
def release(deed: Deed, public: bool = True) -> None:
    """Let everybody read what has been said and shown so far (先审后发), or nobody any more.

    What comes after waits for the next release. Raises ``Refused`` (``private_category``) where the category
    is never shown.
    """
    _release(deed, public)
    deed.move(deed.before)


def _release(deed: Deed, public: bool) -> None:
    matter = deed.matter
    if public and matter.category.private:
        message = _("What is about “%(category)s” is never shown to neighbours.")
        raise Refused("private_category", message % {"category": matter.category}, field="public")
    matter.released_at = deed.now if public else None
    deed.fields["public"] = public


@verb("comment")
def comment(deed: Deed) -> None:
    """Add a word that everybody concerned reads."""
    deed.move(deed.before)
    matter = deed.matter
    deed.tell_post(matter.holder, "matter_commented")
    if matter.raiser is not None and matter.raiser != deed.actor:
        deed.tell([matter.raiser], "matter_commented", f"/m/{matter.number}/")
