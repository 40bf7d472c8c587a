"""What somebody's words are likely about, while they are typed; and what a category asks, for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from silin.forms.program import json_schema
from silin.lib.http import wants_json
from silin.lib.refusal import NotFound
from silin.matters.categories import leaves, suggest
from silin.matters.deeds import WORDS_AT_MOST
from silin.matters.terms import terms_of


@require_POST
def suggested(request: HttpRequest) -> HttpResponse:
    """Everyone: the likeliest three categories for ``words``, as choices or as JSON; nothing is kept."""
    found = suggest(request.POST.get("words", "")[:WORDS_AT_MOST])
    if wants_json(request):
        said = [{"code": row.pk, "name": str(row), "score": round(score, 3)} for row, score in found]
        return JsonResponse({"categories": said})
    return render(request, "matters/suggested.html", {"found": [row for row, _score in found]})


@require_safe
def questions(request: HttpRequest, category: str) -> HttpResponse:
    """Everyone: what a category asks beside the words, as JSON Schema; its answers come as ``answers``."""
    found = next((row for row in leaves() if row.pk == category), None)
    if found is None:
        raise NotFound
    terms = terms_of(found, timezone.now())
    version = terms.questions if terms else found.questions
    return JsonResponse(json_schema(version.schema if version else ()))
