"""A bad review (差评): looked into by the level above whoever was graded, watched by one more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from silin.accounts.models import User
from silin.kinds.bad_review import actions
from silin.kinds.bad_review.books import LEAVES
from silin.kinds.bad_review.forms import FORMS
from silin.kinds.bad_review.table import ACTIONS, of
from silin.matters.kind import Kind
from silin.matters.models import Matter
from silin.matters.review import tag_names
from silin.matters.table import TOGETHER

SEES_ORIGIN = "matters.triage"


def shows(matter: Matter, user: User, now: datetime) -> Mapping[str, Any]:
    """For the panel: the row, the review and its tags in words, what it is about where that may be opened."""
    about = matter.about
    review = getattr(about, "review", None)
    return {
        "row": of(matter),
        "review": review,
        "tags": tag_names(review.tags) if review else [],
        "about": about if about is not None and user.has_perm(SEES_ORIGIN, about) else None,
    }


KIND = Kind(
    key="bad_review",
    title=_("Bad review"),
    ladder=(
        "community_desk",
        "community_secretary",
        "street_duty",
        "street_centre_head",
        "county_duty",
        "city_duty",
        "city_admin",
    ),
    raised_by=frozenset({"system"}),
    verified_by=frozenset({"raiser", "post"}),
    lapses=False,
    may={
        "accept": actions.keep_apart,
        "contact": actions.keep_apart,
        "order": actions.keep_apart,
        "answer": actions.may_answer,
        "verify": actions.may_close,
        "reject": actions.may_close,
        "close": actions.may_close,
        "dispatch": actions.keep_apart,
        "reopen": actions.keep_apart,
        "look_back": actions.keep_apart,
    },
    on={
        "raise": actions.begin,
        "dispatch": actions.stays_above,
        "answer": actions.answered,
        "reject": actions.not_yet,
        "reopen": actions.not_yet,
        "look_back": actions.not_yet,
    },
    panel="bad_review/panel.html",
    actions=ACTIONS,
    leaves=LEAVES,
    forms=FORMS,
    without=frozenset(
        {"settle_at_once", "triage", "release", "whistle", "review", "call_back", "slip", *TOGETHER}
    ),
    shows=shows,
    takes=actions.takes,
    confined=True,
    limits={"handle_days": "bad_review.rectify_days", "contact_hours": "bad_review.call_hours"},
    flag=_("bad review"),
)
