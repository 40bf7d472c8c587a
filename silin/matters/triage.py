"""What a desk does with what has come in, and the word that anybody concerned may add."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from silin.lib.refusal import NotFound, Refused
from silin.matters import clock
from silin.matters.deeds import Deed, verb
from silin.matters.models import Category, Outcome, State
from silin.matters.verifying import settle
from silin.people.models import Post


@verb("triage")
def triage(
    deed: Deed,
    category: Category | None = None,
    public: bool | None = None,
    to: Post | None = None,
    not_accepted: bool = False,
) -> None:
    """Sort it: another category (its limits count from when it was raised), released for everybody or not,
    sent to a post of the desk's own territory; or not accepted (不予受理), with words on where to go instead.
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
        matter.category = category
        matter.handle_due = None
        clock.start(matter, matter.raised_at)
    if public is not None and public != matter.public:
        matter.public = deed.fields["public"] = public
    if to is not None:
        _send(deed, to)
    deed.move(State.ASSIGNED if matter.holder and (to or deed.before == State.ASSIGNED) else State.RAISED)


@verb("comment")
def comment(deed: Deed) -> None:
    """Add a word that everybody concerned reads."""
    deed.move(deed.before)
    matter = deed.matter
    deed.tell_post(matter.holder, "matter_commented")
    if matter.raiser is not None and matter.raiser != deed.actor:
        deed.tell([matter.raiser], "matter_commented", f"/m/{matter.number}/")


def _send(deed: Deed, to: Post) -> None:
    assert deed.actor is not None
    if not deed.actor.has_perm("matters.triage", to) or "matters.handle" not in to.kind.capabilities:
        raise NotFound(_("That post is not within your place."), field="to")
    deed.matter.holder, deed.matter.why = to, {"rule": "desk", "post": to.kind_id, "place": to.place.code}
    deed.fields |= {"to": str(to.pk), "post": to.kind_id}
    clock.restart_responding(deed.matter, deed.now)
    deed.fact("matter.dispatched", level=to.place.level)
    deed.tell_post(to, "matter_assigned")
