"""Questions and answers: what validates round-trips, what was not asked never lands."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from silin.forms.answering import WrongAnswers, check_answers, is_asked, told
from silin.forms.asking import QuestionsForm
from silin.forms.program import json_schema
from silin.forms.schema import Schema, Sort, as_rows, read_schema
from silin.lib.refusal import Refused

LIFT: list[dict[str, Any]] = [
    {"key": "shut_in", "type": "yes_no", "label": "有人困在里面吗", "required": True},
    {
        "key": "how_many",
        "type": "number",
        "label": "几个人",
        "unit": "人",
        "least": 1,
        "most": 30,
        "required": True,
        "show_if": {"key": "shut_in", "is": ["yes"]},
    },
    {
        "key": "what",
        "type": "choices",
        "label": "怎么坏的",
        "choices": [{"code": "door", "label": "门关不上"}, {"code": "noise", "label": "有响声"}],
        "most": 2,
    },
    {"key": "since", "type": "date", "label": "从哪天起"},
    {"key": "plate", "type": "text", "label": "电梯编号", "mask": "A9-999"},
]
TRAPPED = {"shut_in": True, "how_many": 2, "what": ["noise"], "since": "2026-11-20", "plate": "L3-012"}


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """Any form: some of its questions depend on an earlier one."""
    rows: list[dict[str, Any]] = []
    for at in range(draw(st.integers(1, 6))):
        sort = draw(st.sampled_from(Sort.values))
        row: dict[str, Any] = {"key": f"k{at}", "type": sort, "label": f"问{at}"}
        row["required"] = draw(st.booleans())
        if sort in ("choice", "choices"):
            row["choices"] = [{"code": f"c{n}", "label": f"选{n}"} for n in range(draw(st.integers(2, 4)))]
        able = [each for each in read_schema(rows) if each.codes]
        depends: bool = draw(st.booleans())
        if able and depends:
            other = draw(st.sampled_from(able))
            among = draw(st.lists(st.sampled_from(other.codes), min_size=1, unique=True))
            row["show_if"] = {"key": other.key, "is": among}
        rows.append(row)
    return read_schema(rows)


def any_answer(sort: str, codes: tuple[str, ...]) -> st.SearchStrategy[Any]:
    """What a program may well send for a question of this sort."""
    plain: dict[str, st.SearchStrategy[Any]] = {
        "yes_no": st.booleans(),
        "number": st.integers(-1000, 1000) | st.sampled_from([0.5, 2.25]),
        "date": st.dates(date(2000, 1, 1), date(2040, 1, 1)).map(date.isoformat),
        "text": st.sampled_from(["灯", "门口 第三盏", "x"]),
        "long_text": st.sampled_from(["一句话\n两句话", "好"]),
    }
    if sort == "choice":
        return st.sampled_from(codes)
    if sort == "choices":
        return st.lists(st.sampled_from(codes), min_size=1, unique=True)
    return plain[sort]


@given(st.data())
def test_what_validates_comes_back_and_what_was_not_asked_never_lands(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    assert read_schema(json.loads(json.dumps(as_rows(schema)))) == schema
    sent = {each.key: data.draw(any_answer(each.sort, each.codes)) for each in schema} | {"else": "x"}
    answers = check_answers(schema, sent)
    assert check_answers(schema, json.loads(json.dumps(answers))) == answers
    assert set(answers) == {each.key for each in schema if is_asked(each, answers)}
    assert [label for label, _words in told(schema, answers)] == [e.label for e in schema if e.key in answers]
    typed = QueryDict(mutable=True)
    for key, value in sent.items():
        values = value if isinstance(value, list) else [{True: "yes", False: "no"}.get(value, value)]
        typed.setlist(f"q-{key}", [str(each) for each in (values if type(value) is not int else [value])])
    form = QuestionsForm(schema, typed)
    assert form.is_valid(), form.errors
    assert form.answers == answers


@given(st.data())
def test_whatever_is_sent_it_is_refused_or_typed(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    junk = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.text())
    sent = {each.key: data.draw(junk) for each in schema}
    wrong: list[Refused] = []
    answers: dict[str, Any] = {}
    try:
        answers = check_answers(schema, sent)
    except WrongAnswers as refusal:
        wrong = refusal.all
    assert {each.field for each in wrong} <= {each.key for each in schema}
    assert all(each.code and str(each.message) for each in wrong)
    assert wrong or check_answers(schema, json.loads(json.dumps(answers))) == answers


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"shut_in": None}, "missing", "shut_in"),
        ({"how_many": None}, "missing", "how_many"),
        ({"how_many": "三个"}, "bad_number", "how_many"),
        ({"how_many": 0}, "too_small", "how_many"),
        ({"how_many": "３１"}, "too_large", "how_many"),
        ({"what": ["window"]}, "bad_choice", "what"),
        ({"what": "noise"}, "bad_choice", "what"),
        ({"since": "昨天"}, "bad_date", "since"),
        ({"plate": "12-345"}, "bad_form", "plate"),
        ({"plate": "字" * 201}, "too_long", "plate"),
    ],
)
def test_each_wrong_answer_is_said_at_its_question(change: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(WrongAnswers) as wrong:
        check_answers(read_schema(LIFT), TRAPPED | change)
    assert (wrong.value.code, wrong.value.field) == (code, field)


def test_full_width_digits_and_an_empty_answer() -> None:
    schema = read_schema(LIFT)
    assert check_answers(schema, TRAPPED | {"how_many": " ２ ", "plate": "", "since": ""}) == {
        "shut_in": True,
        "how_many": 2,
        "what": ["noise"],
    }
    assert check_answers(schema, TRAPPED | {"shut_in": False})["shut_in"] is False
    assert "how_many" not in check_answers(schema, TRAPPED | {"shut_in": False})
    assert told(schema, check_answers(schema, TRAPPED)) == [
        ("有人困在里面吗", "是"),
        ("几个人", "2人"),
        ("怎么坏的", "有响声"),
        ("从哪天起", "2026年11月20日"),
        ("电梯编号", "L3-012"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"key": "Bad Key", "type": "text", "label": "x"},
        {"key": "shut_in", "type": "text", "label": "again"},
        {"key": "a", "type": "poem", "label": "x"},
        {"key": "a", "type": "choice", "label": "x", "choices": [{"code": "one", "label": "一个"}]},
        {"key": "a", "type": "number", "label": "x", "least": 5, "most": 1},
        {"key": "a", "type": "text", "label": "x", "show_if": {"key": "later", "is": ["yes"]}},
        {"key": "a", "type": "text", "label": "x", "show_if": {"key": "shut_in", "is": ["maybe"]}},
        {"key": "a", "type": "text", "label": ""},
        "no question at all",
    ],
)
def test_a_question_that_is_none(row: Any) -> None:
    with pytest.raises(Refused) as refused:
        read_schema([LIFT[0], row])
    assert refused.value.field.startswith("1")


def test_a_program_reads_what_is_asked() -> None:
    schema = json_schema(read_schema(LIFT))
    assert schema["required"] == ["shut_in"]
    assert schema["properties"]["how_many"] == {
        "title": "几个人",
        "type": "number",
        "minimum": 1,
        "maximum": 30,
        "x-unit": "人",
    }
    assert schema["properties"]["plate"]["pattern"] == "^[A-Za-z][0-9]\\-[0-9][0-9][0-9]$"
    assert schema["allOf"] == [
        {
            "if": {"properties": {"shut_in": {"enum": [True]}}, "required": ["shut_in"]},
            "then": {"required": ["how_many"]},
        }
    ]
