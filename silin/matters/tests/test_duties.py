"""The bureau gives a street light back: the list says whose it is, and that line is cited and told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from silin.imports.actions import commit, upload
from silin.imports.flow import get_sheet
from silin.lib.refusal import Refused
from silin.matters.deeds import By
from silin.matters.duties import items_about
from silin.matters.handling import accept, give_back
from silin.matters.models import DutyItem, Matter
from silin.matters.tests import pages
from silin.matters.tests.bureaus import Bureaus
from silin.matters.whistling import step_back, whistle
from tests.town import Town


@pytest.fixture
def here(db: None) -> Town:
    return pages.make_town()


def line(here: Town, code: str, **more: object) -> DutyItem:
    day = localdate() - timedelta(days=9)
    values: dict[str, object] = {"list": "powers", "place": here.county, "title": "路灯维护", **more}
    return DutyItem.objects.create(code=code, valid_from=day, **values)


def whistled(here: Town, bureaus: Bureaus) -> Matter:
    light, water = bureaus.posts
    by = By(here.guo, timezone.now(), words="两家一起看")
    return whistle(pages.raised(here), by, lead=light, others=[water])


def test_a_bureau_cites_the_line_of_somebody_else(here: Town) -> None:
    bureaus = Bureaus(here)
    zhao, ma = bureaus.clerks
    own = line(here, "3.1", category=here.lamp, organisation=bureaus.light)
    others = line(here, "3.2", category=here.lamp.parent, organisation=bureaus.water)
    line(here, "9", category=here.lamp, place=here.other)
    matter, now = whistled(here, bureaus), timezone.now()
    assert items_about(matter, now) == [own, others]
    matter = accept(matter, By(zhao, now))
    for code, cites in (("no_item", None), ("own_duty", own)):
        with pytest.raises(Refused, match=code):
            give_back(matter, By(zhao, now, words="不归我们"), item=cites)
    browser, task = pages.signed_in(zhao), f"/w/tasks/{matter.number}/"
    assert "权责清单 3.2 路灯维护" in browser.get(task).content.decode()
    answer = browser.post(task, pages.sent(matter, "return", words="不归我们", item=""))
    assert answer.status_code == 400
    assert "不归我们" in answer.content.decode()
    browser.post(task, pages.sent(matter, "return", words="不归我们", item=str(others.pk)))
    told = pages.signed_in(here.guo).get(f"/desk/m/{matter.number}/").content.decode()
    assert "依据权责清单 3.2 路灯维护 · 东城区住建局" in told
    matter.refresh_from_db()
    matter = step_back(matter, By(ma, now, words="人手不够"), other_reason=True)
    assert matter.calls == 0


def test_in_a_grid_nobody_is_asked_for_a_line(here: Town) -> None:
    line(here, "1")
    matter = pages.raised(here)
    assert 'name="item"' not in pages.signed_in(here.wang).get(f"/w/tasks/{matter.number}/").content.decode()
    matter = give_back(matter, By(here.wang, timezone.now(), words="够不着"))
    assert matter.holder == here.desk_post


def test_lists_come_in_and_go_out_as_a_table(here: Town) -> None:
    Bureaus(here)
    head = "哪张清单,地点编码,清单编号,清单内容,所属单位,事项类别,依据文件"
    rows = [
        f"权责清单,{here.county.code},3.1,路灯维护,东城区城管局,路灯不亮,城市照明管理规定",
        f"社区事项准入清单,{here.county.code},7,不得要求社区开具证明,,,",
    ]
    data, now = "\n".join([head, *rows]).encode(), timezone.now()
    sheet = get_sheet("duties")
    batch = upload(sheet, here.county, data, name="duties.csv", by=here.zhou, now=now)
    assert (batch.new, batch.bad) == (2, 0)
    commit(batch, by=here.zhou, now=now)
    assert {(row.list, row.code, row.category_id) for row in DutyItem.objects.all()} == {
        ("powers", "3.1", "street_light"),
        ("entry", "7", None),
    }
    again = upload(sheet, here.county, data, name="duties.csv", by=here.zhou, now=now)
    assert (again.new, again.changed, again.bad) == (0, 0, 0)
    wrong = data.replace("路灯不亮".encode(), "没有的".encode())
    assert upload(sheet, here.county, wrong, name="duties.csv", by=here.zhou, now=now).bad == 1
