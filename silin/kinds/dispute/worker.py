"""What a grid worker does about disputes on the phone, beside the pages of any matter."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from silin.kinds.dispute.office import put_down
from silin.people.doors import for_posts


@for_posts("matters.handle")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Staff with ``matters.handle``: put a dispute down that they hear of."""
    return put_down(request, shell="silin/worker.html", there="matters:worker_task")
