"""Organisations, posts and teams at the desk, from spreadsheet to spreadsheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from silin.accounts.models import User
from silin.history.models import Entry
from silin.imports.models import Batch
from silin.imports.tests.files import sent
from silin.imports.tests.test_desk import body
from silin.imports.tests.test_estates import Rows, bring, send
from silin.notices.models import Notice
from silin.people.models import Holding, Organisation, Post, Team, TeamMember
from silin.people.organisations import join_alliance
from tests.town import Town

ORGANISATIONS = ["地点代码", "单位名称", "类别", "上级单位", "上级单位所在地代码", "办公电话", "到哪天为止"]
POSTS = ["岗位种类", "地点代码", "序号", "姓名", "手机号", "从哪天起", "到哪天为止", "来源", "代班人"]
TEAMS = ["地点代码", "队伍名称", "类别", "颜色", "到哪天为止"]
MEMBERS = ["地点代码", "队伍名称", "姓名", "手机号", "队长", "到哪天为止"]


def mistakes(client: Client, town: Town, key: str, rows: Rows) -> list[tuple[str, str]]:
    """Send a file with mistakes: the column and the words of each."""
    batch = send(client, town, key, rows)
    assert batch.bad == len({each["line"] for each in batch.shown["problems"]})
    return [(each["title"], each["words"]) for each in batch.shown["problems"]]


def test_organisations_come_in_each_after_what_it_belongs_to(zhou: Client, town: Town) -> None:
    place, county = town.community.code, town.county.code
    rows = [
        [place, "柳巷居民委员会", "居（村）委会", "东城区民政局", county, "０９１７—１２３", ""],
        [county, "东城区民政局", "部门", "", "", "", ""],
        [place, "＝Ａ物业\n公司", "物业公司", "", place, "", ""],
    ]
    assert bring(zhou, town, "organisations", [ORGANISATIONS, *rows]) == (3, 0)
    committee = Organisation.objects.get(name="柳巷居民委员会")
    assert committee.parent is not None
    assert committee.parent.name == "东城区民政局"
    rows[0][5] = "0917-3260000"
    rows[2][6] = "2026-10-20"
    assert bring(zhou, town, "organisations", [ORGANISATIONS, *rows]) == (0, 2)
    ended = Organisation.objects.get(kind="property")
    assert str(ended.active_until) == "2026-10-20"
    assert [each.action for each in Entry.objects.filter(subject=ended.subject)] == ["add", "close"]


def test_what_cannot_be_an_organisation_is_said_at_the_cell(zhou: Client, town: Town) -> None:
    place = town.community.code
    rows = [
        ["990300000000", "外地单位", "部门", "", "", "", ""],
        [place, "甲", "部门", "", "", "", ""],
        [place, "乙单位", "部门", "没有的单位", "", "", ""],
        [place, "丙单位", "部门", "丁单位", "", "", ""],
        [place, "丁单位", "部门", "丙单位", "", "", ""],
        [place, "戊单位", "衙门", "", "", "", ""],
        [place, "己单位", "部门", "", "", "", "2026-02-31"],
    ]
    found = mistakes(zhou, town, "organisations", [ORGANISATIONS, *rows])
    assert [title for title, _words in found] == [
        "地点代码",
        "单位名称",
        "上级单位",
        "上级单位",
        "上级单位",
        "单位类别",
        "到哪天为止",
    ]
    alliance, member = (
        Organisation.objects.create(place=town.community, name=name, kind=kind)
        for name, kind in (("柳巷联盟", "alliance"), ("柳巷商户", "enterprise"))
    )
    join_alliance(alliance, member, actor=None, now=timezone.now())
    found = mistakes(zhou, town, "organisations", [ORGANISATIONS, [place, "柳巷联盟", "部门", *[""] * 4]])
    assert found[0][0] == "单位类别"


def test_whoever_is_new_gets_a_seat_an_account_and_a_message(zhou: Client, town: Town) -> None:
    rows = [
        ["网格员", town.other_grid.code, "", "马晓云", "139 0000 0017", "", "", "", ""],
        ["网格管家", town.grid.code, "", "老宋", "13900000018", "2026-10-20", "", "志愿者", ""],
        ["网格员", town.grid.code, "1", "王淑琴", "", "", "", "", "马晓云"],
    ]
    batch = send(zhou, town, "posts", [POSTS, *rows[:2]])
    assert "1390000" not in str(batch.shown)
    assert not User.objects.by_phone("13900000017")
    assert bring(zhou, town, "posts", [POSTS, *rows[:2]]) == (2, 0)
    ma = User.objects.by_phone("13900000017")
    assert ma is not None
    assert ma.name == "马晓云"
    assert Notice.objects.filter(recipient=ma, name="invited").count() == 1
    assert ma.has_perm("matters.handle", town.other_grid)
    assert Holding.objects.get(user__name="老宋").origin == "volunteer"
    assert bring(zhou, town, "posts", [POSTS, rows[2]]) == (0, 1)
    assert Holding.objects.get(user=ma, stand_in=True).post == town.worker_post
    assert bring(
        zhou, town, "posts", [["岗位", "地点代码", "姓名"], ["网格员", town.other_grid.code, ""]]
    ) == (0, 0)


def test_a_successor_takes_the_seat_and_a_last_day_ends_a_term(zhou: Client, town: Town) -> None:
    today = timezone.localdate()
    wang = Holding.objects.get(post=town.worker_post)
    row = ["网格员", town.grid.code, "", "新来的小赵", "13900000019", "", "", "", ""]
    assert bring(zhou, town, "posts", [POSTS, row]) == (0, 1)
    wang.refresh_from_db()
    assert wang.valid_until == today
    assert not town.wang.has_perm("matters.handle", town.grid)
    row[6] = str(today)
    assert bring(zhou, town, "posts", [POSTS, row]) == (0, 1)
    assert not Holding.objects.filter(post=town.worker_post, valid_until=None).exists()
    back = ["网格员", town.grid.code, "", "王淑琴", "19900000001", str(today), "", "", ""]
    assert bring(zhou, town, "posts", [POSTS, back]) == (0, 1)
    assert Holding.objects.get(post=town.worker_post, valid_until=None).user == town.wang


def test_what_cannot_be_a_post_is_said_at_the_cell(zhou: Client, town: Town) -> None:
    grid, place, today = town.grid.code, town.community.code, timezone.localdate()
    for user in (town.li, town.guo):
        user.name = "同名的人"
        user.save()
    cases: list[tuple[list[object], str, str]] = [
        (["网格员", "99010200100199999", "2", "", "", "", "", "", ""], "地点代码", "没有这个代码"),
        (["居委主任", place, "2", "", "", "", "", "", ""], "岗位种类", "社区书记"),
        (["网格员", place, "2", "", "", "", "", "", ""], "岗位种类", "社区书记"),
        (["网格员", grid, "3", "没号码的人", "", "", "", "", ""], "手机号", "请写手机号"),
        (["网格员", grid, "4", "同名的人", "", "", "", "", ""], "手机号", "几位同名"),
        (["网格员", grid, "5", "李四", "19900000002", "", "", "", ""], "手机号", "另一个名字"),
        (["网格员", grid, "6", "孙甲", "13900000061", "", "", "", ""], "", ""),
        (["网格员", grid, "7", "孙乙", "13900000061", "", "", "", ""], "手机号", "第 8 行"),
        (["网格员", grid, "8", "孙丙", "1390000006", "", "", "", ""], "手机号", "11 位"),
        (["网格员", grid, "9", "孙丁", "13900000062", "", "2026-10-01", "", ""], "到哪天为止", "已经过去"),
        (["网格员", grid, "10", "孙戊", "13900000063", "", "", "志愿者", ""], "来源", "网格管家"),
        (["网格员", grid, "1", "王淑琴", "13900000064", "", "", "", ""], "手机号", "另一个号码"),
        (["网格长", grid, "1", "高建设", "", str(today), "", "", ""], "从哪天起", "2026-10-19"),
        (["社区值班", place, "1", "孙己", "13900000065", "2026-01-01", "", "", ""], "从哪天起", "2026-10-19"),
        (["社区值班", place, "1", "孙庚", "13900000066", "", "", "", ""], "岗位种类", "第 15 行"),
        (["镇街部门工作人员", town.street.code, "", "", "", "", "", "", ""], "单位", "部门"),
    ]
    found = mistakes(zhou, town, "posts", [POSTS, *(case for case, _title, _words in cases)])
    wanted = [(title, words) for _case, title, words in cases if title]
    assert [title for title, _words in found] == [title for title, _words in wanted], found
    for (_title, said), (_same, words) in zip(found, wanted, strict=True):
        assert words in said
    assert Holding.objects.count() == 5


def test_teams_and_their_members(zhou: Client, town: Town) -> None:
    place, today = town.community.code, timezone.localdate()
    rows = [[place, "红马甲志愿队", "志愿服务", "红色", ""], [place, "夜间巡逻队", "巡逻", "", ""]]
    assert bring(zhou, town, "teams", [TEAMS, *rows]) == (2, 0)
    rows[0][3], rows[1][4] = "绿色", str(today)
    assert bring(zhou, town, "teams", [TEAMS, *rows]) == (0, 2)
    team = Team.objects.get(name="红马甲志愿队")
    assert team.colour == "green"
    people = [
        [place, team.name, "王淑琴", "", "是", ""],
        [place, team.name, "何春花", "13900000021", "", ""],
    ]
    assert bring(zhou, town, "team_members", [MEMBERS, *people]) == (2, 0)
    people[0][4], people[1][4] = "", "是"
    assert bring(zhou, town, "team_members", [MEMBERS, *people]) == (0, 2)
    assert TeamMember.objects.get(captain=True).user.name == "何春花"
    people[1][5] = str(today)
    assert bring(zhou, town, "team_members", [MEMBERS, *people]) == (0, 1)
    found = mistakes(
        zhou,
        town,
        "team_members",
        [
            MEMBERS,
            [place, "没有的队", "王淑琴", "", "", ""],
            [place, "夜间巡逻队", "王淑琴", "", "", ""],
            [place, team.name, "不认识的人", "", "", ""],
            [place, team.name, "王淑琴", "13900000022", "", ""],
            [place, team.name, "何春花", "", "", str(today + timedelta(days=1))],
        ],
    )
    titles = ["队伍名称", "队伍名称", "手机号", "手机号", "到哪天为止"]
    assert [title for title, _words in found] == titles, found


@pytest.mark.parametrize("key", ["organisations", "posts", "teams", "team_members"])
def test_numbers_stay_here_and_what_is_exported_changes_nothing(zhou: Client, town: Town, key: str) -> None:
    place = town.community.code
    bring(zhou, town, "organisations", [ORGANISATIONS, [place, "居委会", "居（村）委会", *[""] * 4]])
    bring(zhou, town, "teams", [TEAMS, [place, "志愿队", "志愿服务", "红色", ""]])
    bring(zhou, town, "team_members", [MEMBERS, [place, "志愿队", "王淑琴", "", "是", ""]])
    entries = Entry.objects.count()
    for query in ("", "?form=csv"):
        data = body(zhou.get(f"/desk/imports/{key}/export/{query}"))
        if query:
            assert "19900000001" not in data.decode()
        file = {"place": town.city.code, "file": sent(data, f"表{query}")}
        assert zhou.post(f"/desk/imports/{key}/", file).status_code == 302
        batch = Batch.objects.latest("pk")
        assert (batch.new, batch.changed, batch.bad) == (0, 0, 0), batch.shown
        assert batch.unchanged > 0
    assert Entry.objects.count() == entries


def test_a_worker_brings_in_no_posts(client: Client, town: Town) -> None:
    client.force_login(town.wang)
    assert client.get("/desk/imports/posts/").status_code == 404
    assert client.get("/desk/imports/posts/export/").status_code == 404
    assert Post.objects.count() == 5
