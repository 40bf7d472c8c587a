"""Somebody writes questions, row by row; a version never changes."""

from __future__ import annotations

from django.template.loader import render_to_string
from hypothesis import given

from silin.forms.actions import write_form
from silin.forms.asking import QuestionsForm
from silin.forms.editing import Editor
from silin.forms.models import FormVersion
from silin.forms.schema import Schema, read_schema
from silin.forms.tests.test_answers import LIFT, schemas
from silin.history.models import Entry
from tests.town import MONDAY, person


def sent(editor: Editor) -> dict[str, object]:
    """The rows as a browser sends them back."""
    data: dict[str, object] = {"rows": str(len(editor.rows))}
    for row in editor.rows:
        for name in row.fields:
            value = row[name].value()
            if value not in (None, "", False):
                data[row.add_prefix(name)] = "on" if value is True else str(value)
    return data


@given(schemas())
def test_rows_sent_back_untouched_say_the_same(schema: Schema) -> None:
    again = Editor(schema, sent(Editor(schema)))
    assert again.is_valid(), [row.errors for row in again.rows]
    assert again.schema == schema


def test_li_writes_questions_in_plain_words() -> None:
    data = {
        "rows": "3",
        "r0-label": "哪一种充电桩",
        "r0-sort": "choice",
        "r0-options": "汽车的\n电动车的\n",
        "r1-label": "哪些口充不上",
        "r1-sort": "number",
        "r1-unit": "个",
        "r1-least": "1",
        "r1-only_if": "哪一种充电桩＝电动车的",
        "r1-required": "on",
        "r2-label": "",
    }
    editor = Editor((), data)
    assert editor.is_valid()
    first, second = editor.schema
    assert [each.label for each in first.options] == ["汽车的", "电动车的"]
    assert second.show_if is not None
    assert first.label_of(second.show_if.among[0]) == "电动车的"
    wrong = Editor((), data | {"r1-only_if": "没有这一问=是"})
    assert not wrong.is_valid()
    assert "only_if" in wrong.rows[1].errors
    assert not Editor((), data | {"r0-options": "只有一个"}).is_valid()


def test_a_version_is_written_once_and_stays(db: None) -> None:
    li, lift = person("李建民"), read_schema(LIFT)
    first = write_form("category.lift", lift[:1], actor=li, now=MONDAY)
    assert write_form("category.lift", lift[:1], actor=li, now=MONDAY) == first
    second = write_form("category.lift", lift, actor=li, now=MONDAY)
    assert (first.number, second.number, second.schema) == (1, 2, lift)
    assert FormVersion.objects.get(pk=first.pk).schema == lift[:1]
    assert Entry.objects.filter(subject="form:category.lift").count() == 2


def test_a_page_says_when_a_question_is_asked() -> None:
    page = render_to_string("forms/questions.html", {"questions": QuestionsForm(read_schema(LIFT))})
    assert 'data-asked-if="q-shut_in" data-among="yes"' in page
    assert "“有人困在里面吗”" in page
    assert 'name="q-plate"' in page
