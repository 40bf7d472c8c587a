"""What may be reported here: the leaves of the tree of categories, and what each asks beside the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from silin.forms.asking import Asked, QuestionsForm
from silin.forms.schema import Question, Schema, Sort
from silin.fronts.open.open311.asking import asked_of
from silin.fronts.open.open311.door import Said, door
from silin.lib.refusal import NotFound
from silin.matters.models import Category, CategoryTerms
from silin.matters.terms import leaves, terms_of
from silin.places.locating import locate

DATATYPES = {
    Sort.TEXT: "string",
    Sort.LONG_TEXT: "text",
    Sort.NUMBER: "number",
    Sort.DATE: "datetime",
    Sort.CHOICE: "singlevaluelist",
    Sort.CHOICES: "multivaluelist",
    Sort.YES_NO: "singlevaluelist",
}


@door("GET")
def services(request: HttpRequest) -> Said:
    """Everyone: what may be reported; with ``lat`` and ``long`` nothing outside the city is."""
    asked = asked_of(request)
    lat, lon, datum = asked.number("lat"), asked.number("long"), asked.datum()
    if (lat is None) != (lon is None):
        asked.wrong("lat", _("A point needs a longitude and a latitude."))
    asked.check()
    if lat is not None and lon is not None:
        locate(lon, lat, datum)
    return "services", [_service(each) for each in leaves()]


@door("GET")
def definition(request: HttpRequest, code: str) -> Said:
    """Everyone: what is asked beside the words of one service; nothing where it asks for nothing."""
    asked_of(request)
    category = service(code)
    return "service_definition", {
        "service_code": category.pk,
        "attributes": [_attribute(at, each) for at, each in enumerate(_questions(category), start=1)],
    }


def service(code: str) -> Category:
    """The category in use with that code. Raises ``NotFound``."""
    found = next((each for each in leaves() if each.pk == code), None)
    if found is None:
        raise NotFound(format_lazy(_("service_code: there is no service {code}."), code=repr(code)))
    return found


def schema_of(category: Category) -> Schema:
    """The questions of today."""
    version = _today(category).questions
    return version.schema if version is not None else ()


def _today(category: Category) -> Category | CategoryTerms:
    return terms_of(category, timezone.now()) or category


def _service(category: Category) -> dict[str, Any]:
    today = _today(category)
    limits = {"hours": today.respond_hours, "days": today.handle_days}
    return {
        "service_code": category.pk,
        "service_name": str(today),
        "description": _("Taken within %(hours)d working hours, done within %(days)d working days.") % limits,
        "metadata": bool(schema_of(category)),
        "type": "realtime",
        "keywords": ",".join(category.keywords),
        "group": str(category.parent),
    }


def _questions(category: Category) -> Iterator[tuple[Question, Asked]]:
    schema = schema_of(category)
    return zip(schema, QuestionsForm(schema).asked(), strict=True)


def _attribute(at: int, asked: tuple[Question, Asked]) -> dict[str, Any]:
    question, shown = asked
    return {
        "variable": True,
        "code": question.key,
        "datatype": DATATYPES[Sort(question.sort)],
        "required": question.required and question.show_if is None,
        "datatype_description": " ".join(filter(None, [str(shown.field.help_text), shown.when])),
        "order": at,
        "description": question.label,
        "values": [{"key": code, "name": question.label_of(code)} for code in question.codes],
    }
