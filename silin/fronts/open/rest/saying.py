"""Which refusals a call may give, for the OpenAPI document; and the names of what a key may be for."""

from __future__ import annotations

from typing import Any

from silin.fronts.open.rest.shapes import Problem

READ, RAISE, ACT, REVIEW, FEED, FIGURES = "read", "raise", "act", "review", "feed", "figures"
ALWAYS: dict[Any, Any] = {401: Problem, 403: Problem, 422: Problem, 429: Problem}
PROBLEMS = {**ALWAYS, 404: Problem}
PROBLEMS_OF_LIST = {**PROBLEMS, 400: Problem}
PROBLEMS_OF_DEED = {**PROBLEMS_OF_LIST, 409: Problem, 413: Problem, 415: Problem}
