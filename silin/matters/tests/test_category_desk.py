"""Zhou says what matters may be about, from a day on; what was raised keeps what held then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate

from silin.matters.categories import leaves
from silin.matters.deeds import By
from silin.matters.models import Category, CategoryTerms, Matter
from silin.matters.raising import Report, raise_matter
from silin.matters.terms import bring_into_force, terms_of
from tests.town import Town, build, today

LAMP = "/desk/categories/street_light/"


@pytest.fixture
def here(db: None) -> Town:
    return build(today())


@pytest.fixture
def zhou(client: Client, here: Town) -> Client:
    client.force_login(here.zhou)
    return client


def fields(client: Client, **change: Any) -> dict[str, Any]:
    """The form as the page shows it, with changes."""
    context = client.get(LAMP).context
    form, editor = context["form"], context["editor"]
    data = {name: form[name].value() for name in form.fields}
    data |= {"active": "on", "since": str(localdate()), "rows": str(len(editor.rows)), "do": "save"}
    for row in editor.rows:
        data |= {row.add_prefix(name): row[name].value() for name in row.fields if row[name].value()}
    return {name: value for name, value in (data | change).items() if value is not None}


def raised(here: Town, **more: Any) -> Matter:
    lamp = next(row for row in leaves() if row.pk == "street_light")
    report = Report(words="路灯坏了", category=lamp, building=here.building, **more)
    return raise_matter("report", By(here.chen, timezone.now()), report)


def test_a_change_holds_from_its_day_on(zhou: Client, here: Town) -> None:
    before = raised(here)
    later = localdate() + timedelta(days=20)
    answer = zhou.post(LAMP, fields(zhou, name="路灯的事", handle_days="9", since=str(later)))
    assert answer.status_code == 302, answer.context["form"].errors
    lamp = Category.objects.get(pk="street_light")
    assert (lamp.name, lamp.handle_days) == ("路灯不亮", 3)
    assert "路灯的事" in zhou.get(LAMP).text
    assert raised(here).terms == before.terms
    then = timezone.now() + timedelta(days=20)
    held = terms_of(lamp, then)
    assert held is not None
    assert (held.name, held.handle_days) == ("路灯的事", 9)
    bring_into_force(then)
    lamp.refresh_from_db()
    assert (lamp.name, lamp.handle_days) == ("路灯的事", 9)
    kept = Matter.objects.with_names().get(pk=before.pk)
    assert (str(kept.filed_as), kept.filed_as.handle_days) == ("路灯不亮", 3)
    zhou.force_login(here.chen)
    assert "路灯的事" not in zhou.get(f"/m/{before.number}/").text


def test_a_plan_is_taken_back_and_a_change_of_today_holds_at_once(zhou: Client, here: Town) -> None:
    later = localdate() + timedelta(days=3)
    zhou.post(LAMP, fields(zhou, handle_days="9", since=str(later)))
    assert zhou.post(LAMP, {"do": "drop", "since": str(later)}).status_code == 302
    assert not CategoryTerms.objects.filter(since=later).exists()
    assert zhou.post(LAMP, {"do": "drop", "since": str(later)}).status_code == 404
    zhou.post(LAMP, fields(zhou, handle_days="5"))
    assert raised(here).filed_as.handle_days == 5
    wrong = zhou.post(LAMP, fields(zhou, since=str(localdate() - timedelta(days=1)), name="改了"))
    assert wrong.status_code == 400
    assert 'value="改了"' in wrong.text


def test_a_retired_category_is_still_read_and_no_longer_chosen(zhou: Client, here: Town) -> None:
    before = raised(here)
    zhou.post(LAMP, fields(zhou, active=None))
    assert "street_light" not in {row.pk for row in leaves()}
    assert "停用" in zhou.get("/desk/categories/").text
    zhou.force_login(here.li)
    assert "路灯不亮" in zhou.get(f"/desk/m/{before.number}/").text


def test_two_who_change_it_at_once(zhou: Client, here: Town) -> None:
    mine, theirs = fields(zhou, handle_days="8"), fields(zhou, handle_days="6")
    assert zhou.post(LAMP, theirs).status_code == 302
    second = zhou.post(LAMP, mine)
    assert second.status_code == 409
    assert 'value="8"' in second.text
    assert zhou.post(LAMP, mine | {"seen": second.context["form"]["seen"].value()}).status_code == 302


def test_questions_are_written_looked_at_and_kept_with_their_version(zhou: Client, here: Town) -> None:
    question = {"r2-label": "哪条路", "r2-sort": "text", "r2-required": "on"}
    preview = zhou.post(LAMP, fields(zhou, do="preview", **question))
    assert preview.text.count("哪条路") > 1
    terms = terms_of(here.lamp, timezone.now())
    assert terms is not None
    assert terms.questions is not None
    assert terms.questions.number == 1
    assert zhou.post(LAMP, fields(zhou, **question)).status_code == 302
    matter = raised(here, answers={"lamps": 2, "q1": "柳巷路", "nonsense": 1})
    assert matter.answers == {"lamps": 2, "q1": "柳巷路"}
    assert matter.answers_to is not None
    assert matter.answers_to.number == 2
    assert zhou.post(LAMP, fields(zhou, **{"r2-label": "", "r0-label": "亮不了几盏"})).status_code == 302
    zhou.force_login(here.li)
    page = zhou.get(f"/desk/m/{matter.number}/").text
    assert "哪条路" in page
    assert "柳巷路" in page
    assert "2盏" in page


def test_strangers_and_desks_below_learn_nothing_and_change_nothing(zhou: Client, here: Town) -> None:
    said = fields(zhou, handle_days="9")
    for person in (here.stranger, here.li, here.guo, here.wang, here.chen):
        zhou.force_login(person)
        for address in ("/desk/categories/", LAMP, "/desk/categories/new/"):
            assert zhou.get(address).status_code == 404
        assert zhou.post(LAMP, said).status_code == 404
    assert Category.objects.get(pk="street_light").handle_days == 3


@pytest.mark.parametrize("code", ["路灯", "new", "a b", "../", "Snow", "9lives"])
def test_a_code_that_no_address_can_hold_is_refused(zhou: Client, code: str) -> None:
    said = fields(zhou, code=code, name="积雪", name_en="Snow", parent="streets", seen="", rows="0")
    refused = zhou.post("/desk/categories/new/", said)
    assert (refused.status_code, "积雪" in refused.text) == (400, True)
    assert refused.context["form"].errors.keys() == {"code"}
    assert zhou.get("/desk/categories/").status_code == 200


def test_the_pages_stay_cheap(zhou: Client) -> None:
    for address, most in (("/desk/categories/", 12), (LAMP, 14)):
        with CaptureQueriesContext(connection) as asked:
            assert zhou.get(address).status_code == 200
        assert len(asked) <= most, [each["sql"][:90] for each in asked]
