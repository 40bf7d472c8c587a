"""The questions as JSON Schema (2020-12), for programs that send answers."""

from __future__ import annotations

from typing import Any

from silin.forms.schema import LENGTHS, Question, Schema, ShowIf, Sort

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(schema: Schema) -> dict[str, Any]:
    """What a program sends as answers: an object by key."""
    by_key = {each.key: each for each in schema}
    found: dict[str, Any] = {
        "$schema": DIALECT,
        "type": "object",
        "properties": {each.key: _property(each) for each in schema},
        "required": [each.key for each in schema if each.required and each.show_if is None],
        "additionalProperties": False,
    }
    depending = [_depends(each, each.show_if, by_key) for each in schema if each.show_if and each.required]
    return found | ({"allOf": depending} if depending else {})


def _property(question: Question) -> dict[str, Any]:
    said = {"title": question.label, "description": question.hint}
    return {name: words for name, words in said.items() if words} | _type(question)


def _type(question: Question) -> dict[str, Any]:
    bounds = {"least": question.least, "most": question.most}
    if question.sort == Sort.NUMBER:
        unit = {"x-unit": question.unit} if question.unit else {}
        return {"type": "number", **_named(bounds, "minimum", "maximum"), **unit}
    if question.sort == Sort.YES_NO:
        return {"type": "boolean"}
    if question.sort == Sort.DATE:
        return {"type": "string", "format": "date"}
    if question.sort == Sort.CHOICE:
        return {"type": "string", "oneOf": _one_of(question)}
    if question.sort == Sort.CHOICES:
        items = {"type": "string", "oneOf": _one_of(question)}
        return {
            "type": "array",
            "uniqueItems": True,
            "items": items,
            **_named(bounds, "minItems", "maxItems"),
        }
    length = {"least": question.least, "most": question.most or LENGTHS[Sort(question.sort)]}
    pattern = {"pattern": f"^{question.pattern}$"} if question.mask else {}
    return {"type": "string", **_named(length, "minLength", "maxLength"), **pattern}


def _named(bounds: dict[str, int | None], least: str, most: str) -> dict[str, int]:
    named = {least: bounds["least"], most: bounds["most"]}
    return {name: value for name, value in named.items() if value is not None}


def _one_of(question: Question) -> list[dict[str, str]]:
    return [{"const": option.code, "title": option.label} for option in question.options]


def _depends(question: Question, show_if: ShowIf, by_key: dict[str, Question]) -> dict[str, Any]:
    other = by_key[show_if.key]
    among: dict[str, Any] = {"enum": list(show_if.among)}
    if other.sort == Sort.YES_NO:
        among = {"enum": [code == "yes" for code in show_if.among]}
    if other.sort == Sort.CHOICES:
        among = {"contains": among}
    condition = {"properties": {other.key: among}, "required": [other.key]}
    return {"if": condition, "then": {"required": [question.key]}}
