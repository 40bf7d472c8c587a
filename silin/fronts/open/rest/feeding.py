"""What happened since a bookmark, for a system that keeps a copy."""

from __future__ import annotations

from typing import Annotated

from ninja import Query, Router

from silin.accounts.models import User
from silin.fronts.open.rest.door import Asked, Bearer, caller
from silin.fronts.open.rest.saying import FEED, PROBLEMS_OF_LIST
from silin.fronts.open.rest.shapes import Event, Feed
from silin.history.models import Entry
from silin.history.settled import since
from silin.matters.models import Matter, matter_id
from silin.matters.table import REVIEWING
from silin.matters.timeline import FOR_HANDLERS

router = Router(tags=["feed"], auth=Bearer(FEED))
OF_MATTERS = "matter:"


@router.get("/feed", response={200: Feed, **PROBLEMS_OF_LIST}, summary="Read what happened")
def read_feed(
    request: Asked,
    after: Annotated[
        int, Query(ge=0, le=2**62, description="The ``next`` of the last answer; 0 begins.")
    ] = 0,
    limit: Annotated[
        int, Query(ge=1, le=1000, description="How many lines of the book are looked at.")
    ] = 200,
) -> Feed:
    """Every line about a matter that the key may see, once each; no line that appears late is passed over.

    What was said is read with the matter itself.
    """
    lines = since(after, at_most=limit)
    bookmark = lines[-1].pk if lines else after
    events = _seen(lines, caller(request))
    return Feed(events=events, next=str(bookmark), more=len(lines) == limit)


def _seen(lines: list[Entry], user: User) -> list[Event]:
    """Those of ``lines`` that the user may know of. Two statements at most."""
    about = {each.pk: matter_id(each.subject) for each in lines if each.subject.startswith(OF_MATTERS)}
    if not about:
        return []
    rows = Matter.objects.seen_by(user).filter(pk__in=set(about.values())).in_bulk()
    looks = user.has_perm("matters.see")
    untold = set(REVIEWING) if looks else {*REVIEWING, *FOR_HANDLERS}
    return [
        Event(
            number=rows[about[each.pk]].number,
            action=each.action,
            at=each.at,
            before=each.before,
            after=each.after,
            version=each.seq,
        )
        for each in lines
        if about.get(each.pk) in rows and each.action not in untold
    ]
