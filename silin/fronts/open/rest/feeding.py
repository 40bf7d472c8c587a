"""What happened since a bookmark, for a system that keeps a copy."""

from __future__ import annotations

from typing import Annotated

from ninja import Query, Router

from silin.fronts.open.rest.door import Asked, Bearer, caller
from silin.fronts.open.rest.saying import FEED, PROBLEMS_OF_LIST
from silin.fronts.open.rest.shapes import Event, Feed
from silin.history.settled import since
from silin.matters.happenings import known_to

router = Router(tags=["feed"], auth=Bearer(FEED))


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
    events = [
        Event(
            number=matter.number,
            action=line.action,
            at=line.at,
            before=line.before,
            after=line.after,
            version=line.seq,
        )
        for line, matter in known_to(caller(request), lines)
    ]
    return Feed(events=events, next=str(bookmark), more=len(lines) == limit)
