"""Li's desk: the inbox with its preview, the whole matter, what somebody calls in, and the spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.sheets.writing import harmless
from silin.matters.candidates import LIKELIEST, hands
from silin.matters.categories import leaves
from silin.matters.deeds import By
from silin.matters.handling import give_back
from silin.matters.models import Matter, State
from silin.matters.tests.pages import answered, in_hand, make_town, raised, sent, signed_in
from silin.matters.verifying import verify
from silin.people.actions import add_post, appoint
from tests.counting import statements
from tests.town import Town, person


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


@pytest.fixture
def li(here: Town) -> Client:
    return signed_in(here.li)


def page_of(matter: Matter) -> str:
    return f"/desk/m/{matter.number}/"


def returned(here: Town, words: str = "三楼楼道灯不亮。") -> Matter:
    """A report that Wang gave back: it waits for the desk."""
    return give_back(raised(here, words), By(here.wang, timezone.now(), words="灯杆归城管"))


def test_the_inbox_shows_what_waits_for_the_desk(here: Town, li: Client) -> None:
    mine, other = returned(here, "井盖松了"), in_hand(here, "健身器材晃")
    page = li.get("/desk/").content.decode()
    assert mine.title in page
    assert other.title not in page
    assert "未派" in page
    assert mine.shown_number in page
    assert other.title in li.get("/desk/?tab=going").content.decode()


def test_what_was_given_back_says_why_and_does_not_go_straight_back(here: Town, li: Client) -> None:
    matter = returned(here)
    page = li.get("/desk/", {"m": matter.number}).content.decode()
    assert "退回的缘由： 灯杆归城管" in page
    found = hands(matter, here.li, timezone.now())
    assert len(found.candidates) > 1
    assert here.wang not in found.candidates[0].users
    assert here.wang in [user for each in found.candidates[:LIKELIEST] for user in each.users]


def test_who_comes_too_late_reads_that_the_desk_sent_it_on(here: Town, li: Client) -> None:
    matter = raised(here)
    opened_by_wang = sent(matter, "accept")
    other = hands(matter, here.li, timezone.now()).candidates[0]
    assert li.post(page_of(matter), sent(matter, "send", to=str(other.post.pk))).status_code == 303
    late = signed_in(here.wang).post(f"/w/tasks/{matter.number}/", opened_by_wang)
    assert late.status_code == 409
    assert f"{here.li}派出去了" in late.text


def test_a_call_is_told_as_noted_down_for_a_resident(here: Town, li: Client) -> None:
    note = {"at": f"g:{here.grid.pk}", "channel": "phone", "words": "楼道灯不亮", "client_id": uuid4()}
    note["category"] = raised(here).category_id
    assert li.post("/desk/new/", note).status_code == 303
    noted = Matter.objects.get(channel="phone")
    assert f"{here.li}替居民登记了这件事" in signed_in(here.wang).get(f"/w/tasks/{noted.number}/").text


def test_the_preview_is_of_the_row_that_was_picked(here: Town, li: Client) -> None:
    first, second = returned(here, "井盖松了，会绊倒人"), returned(here, "路灯不亮，夜里很黑")
    page = li.get("/desk/", {"tab": "raised", "m": second.number}).content.decode()
    preview = page.partition('id="preview"')[2]
    assert second.words in preview
    assert first.words not in preview
    assert "建议派给" in preview
    assert "第一网格 网格员" in preview
    only = li.get("/desk/", {"tab": "raised", "m": first.number}, headers={"X-Fragment": "preview"})
    assert only.content.decode().lstrip().startswith("<div")
    assert first.words in only.content.decode()


def test_the_keyboard_finds_its_marks(here: Town, li: Client) -> None:
    returned(here)
    page = li.get("/desk/").content.decode()
    for mark in (
        "data-list",
        "data-row",
        "data-pick",
        "data-open",
        "data-search",
        'data-key="d"',
        "data-keys",
    ):
        assert mark in page


def test_the_tabs_count_what_they_hold(here: Town, li: Client) -> None:
    returned(here)
    in_hand(here)
    answered(here)
    verify(answered(here), By(here.li, timezone.now()))
    page = li.get("/desk/").content.decode()
    tabs = page.partition('class="tabline"')[2].partition("</nav>")[0]
    assert [tabs.split(f"{words} <b>")[1][0] for words in ("要我动手", "待派", "在办", "待核实")] == list(
        "1111"
    )
    assert "今天办结 <b>1" in tabs
    assert "超期 <b>0" in tabs


@pytest.mark.parametrize("tab", ["mine", "raised", "going", "verify", "overdue", "closed", "nonsense"])
def test_an_empty_tab_says_so(li: Client, tab: str) -> None:
    answer = li.get("/desk/", {"tab": tab})
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode()


def test_a_long_list_goes_on_by_key(here: Town, li: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("silin.matters.desk.SIZE", 3)
    titles = [in_hand(here, f"第 {n} 盏路灯不亮").title for n in range(5)]
    first = li.get("/desk/?tab=going").content.decode()
    after = first.partition("after=")[2].partition('"')[0]
    second = li.get(f"/desk/?tab=going&after={after}").content.decode()
    assert [title in first for title in titles] == [True, True, True, False, False]
    assert [title in second for title in titles] == [False, False, False, True, True]
    assert li.get("/desk/?after=nonsense").status_code == 400


def test_the_pages_keep_their_budgets(here: Town, li: Client) -> None:
    for n in range(6):
        returned(here, f"第 {n} 盏路灯不亮")
    assert statements(li, "/desk/") <= 9
    assert statements(li, "/desk/?tab=raised") <= 9
    assert statements(li, "/desk/?q=路灯") <= 9
    assert statements(li, page_of(Matter.objects.all()[0])) <= 12
    assert statements(li, "/desk/new/") <= 12


def rows_of(li: Client, query: str) -> list[list[str]]:
    answer = li.get(f"/desk/list.csv?{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    data = b"".join(answer)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_tab_as_a_spreadsheet(here: Town, li: Client) -> None:
    matter = in_hand(here, '=HYPERLINK("http://x")坏了')
    head, row = rows_of(li, "tab=going")
    assert head[:2] == ["编号", "事情"]
    assert row[0] == matter.shown_number
    assert row[1].startswith("'=HYPERLINK")
    assert "陈桂兰" not in ",".join(row)
    assert rows_of(li, "tab=closed") == [head]
    assert rows_of(li, "q=HYPERLINK")[1][0] == matter.shown_number
    book = load_workbook(io.BytesIO(li.get("/desk/list.xlsx?q=HYPERLINK").content))
    titles, line = book.active.iter_rows()
    assert [cell.value for cell in titles] == head
    assert (line[1].value, line[1].data_type) == (matter.title, "s")
    assert li.get("/desk/list.pdf").status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_runs_as_a_formula(start: str) -> None:
    assert harmless(f"{start}cmd()") == f"'{start}cmd()"


def test_plain_cells_stay_as_they_are() -> None:
    assert [harmless(value) for value in (None, 3, "-3.5", "灯坏了")] == ["", "3", "-3.5", "灯坏了"]


def test_the_matter_has_its_story_its_time_and_what_others_see(here: Town, li: Client) -> None:
    matter = in_hand(here, "三楼灯不亮，打我电话 13812345678")
    page = li.get(page_of(matter)).content.decode()
    assert 'class="clk"' in page
    assert "陈桂兰" in page
    assert "王淑琴" in page
    assert "138****5678" in page
    assert "还没公开" in page
    assert "1 个电话" in page


def test_send_it_on_and_come_back_to_the_list(here: Town, li: Client) -> None:
    matter = returned(here)
    fields = sent(matter, "send", to=str(here.worker_post.pk), next="/desk/?tab=raised")
    answer = li.post(page_of(matter), fields)
    there = f"/desk/?tab=raised&sent={matter.number}"
    assert (answer.status_code, answer["Location"]) == (303, there)
    matter.refresh_from_db()
    assert (matter.state, matter.holder) == (State.ASSIGNED, here.worker_post)


def test_it_never_leads_to_another_site(here: Town, li: Client) -> None:
    matter = returned(here)
    fields = sent(matter, "send", to=str(here.worker_post.pk), next="https://example.org/")
    assert li.post(page_of(matter), fields)["Location"] == f"{page_of(matter)}?done=send"


def test_only_posts_of_the_own_territory_are_offered(here: Town, li: Client) -> None:
    post = add_post("grid_worker", here.other_grid, actor=None, now=timezone.now())
    appoint(post, person("隔壁网格员"), actor=None, now=timezone.now())
    matter = returned(here)
    assert "隔壁网格员" not in li.get(page_of(matter)).content.decode()
    assert li.post(page_of(matter), sent(matter, "send", to=str(post.pk))).status_code == 400
    matter.refresh_from_db()
    assert matter.state == State.RAISED


def test_category_and_release(here: Town, li: Client) -> None:
    matter = raised(here)
    other = next(leaf for leaf in leaves() if leaf != matter.category)
    fields = sent(matter, "sort", category=other.pk, public="on", words="看着不像路灯")
    assert li.post(page_of(matter), fields).status_code == 303
    matter.refresh_from_db()
    assert (matter.category, matter.public, matter.state) == (other, True, State.ASSIGNED)
    assert "已放到公开页" in li.get(page_of(matter)).content.decode()


@pytest.mark.parametrize(
    ("do", "more", "outcome"),
    [
        ("refuse", {"words": "这是家事，找调解室"}, "not_accepted"),
        ("close", {"outcome": "passed_on", "words": "归自来水公司，已转"}, "passed_on"),
        ("close", {"outcome": "duplicate", "words": "昨天有人说过"}, "duplicate"),
    ],
)
def test_ends_without_work(here: Town, li: Client, do: str, more: dict[str, Any], outcome: str) -> None:
    matter = raised(here)
    missing = li.post(page_of(matter), sent(matter, do, **{**more, "words": ""}))
    assert missing.status_code == 400
    assert f'id="{do}_words_error"' in missing.content.decode()
    assert li.post(page_of(matter), sent(matter, do, **more)).status_code == 303
    matter.refresh_from_db()
    assert (matter.state, matter.outcome) == (State.CLOSED, outcome)


def test_look_at_the_answer(here: Town, li: Client) -> None:
    wrong, right, old = answered(here), answered(here), answered(here)
    assert li.post(page_of(wrong), sent(wrong, "reject", words="还是不亮")).status_code == 303
    assert li.post(page_of(right), sent(right, "verify")).status_code == 303
    assert li.post(page_of(old), sent(old, "close")).status_code == 303
    states = [Matter.objects.get(pk=each.pk).state for each in (wrong, right, old)]
    assert states == [State.IN_HAND, State.CLOSED, State.CLOSED]
    right.refresh_from_db()
    assert li.post(page_of(right), sent(right, "reopen", words="又坏了")).status_code == 303
    assert (
        li.post(page_of(wrong), sent(Matter.objects.get(pk=wrong.pk), "comment", words="催一下")).status_code
        == 303
    )
    assert "催一下" in li.get(page_of(wrong)).content.decode()


def test_a_matter_in_the_desks_own_hands(here: Town, li: Client) -> None:
    matter = raised(here, place=here.community)
    assert matter.holder == here.desk_post
    page = li.get(page_of(matter)).content.decode()
    assert "在你手里" in li.get("/desk/").content.decode()
    assert 'value="accept"' in page
    assert li.post(page_of(matter), sent(matter, "accept")).status_code == 303


def test_whoever_comes_second_at_the_desk(here: Town, li: Client) -> None:
    matter = returned(here)
    old = sent(matter, "refuse", words="这不归社区管，请找物业")
    other = appointed_desk(here)
    other.post(page_of(matter), sent(matter, "send", to=str(here.worker_post.pk)))
    answer = li.post(page_of(matter), old)
    assert answer.status_code == 409
    assert "请找物业" in answer.content.decode()
    assert "社区二号值班" in answer.content.decode()


def test_what_cannot_be_chosen_any_more_is_told_as_a_change(here: Town, li: Client) -> None:
    matter = returned(here)
    old = sent(matter, "send", to=str(here.worker_post.pk), words="请先看一眼")
    appointed_desk(here).post(page_of(matter), sent(matter, "send", to=str(here.worker_post.pk)))
    answer = li.post(page_of(matter), old)
    assert answer.status_code == 409
    assert "请先看一眼" in answer.content.decode()
    sorted_late = li.post(page_of(matter), sent(matter, "sort", category="street_light", words="是路灯"))
    assert sorted_late.status_code == 409


def appointed_desk(here: Town) -> Client:
    post = add_post("community_desk", here.community, actor=None, now=timezone.now(), serial=2)
    second = person("社区二号值班")
    appoint(post, second, actor=None, now=timezone.now())
    return signed_in(second)


def test_strangers_workers_and_neighbours_find_nothing(here: Town) -> None:
    matter = raised(here)
    post = add_post("community_desk", here.other, actor=None, now=timezone.now())
    neighbour = person("隔壁值班")
    appoint(post, neighbour, actor=None, now=timezone.now())
    pages = ["/desk/", "/desk/list.csv", "/desk/list.xlsx", "/desk/new/", page_of(matter)]
    for user in (here.stranger, here.chen, here.wang):
        assert [signed_in(user).get(page).status_code for page in pages] == [404] * len(pages)
    client = signed_in(neighbour)
    assert client.get(page_of(matter)).status_code == 404
    assert client.post(page_of(matter), sent(matter, "refuse", words="x")).status_code == 404
    assert client.get("/desk/", {"m": matter.number}).status_code == 404
    assert matter.title not in client.get("/desk/", {"q": matter.number}).content.decode()
    assert Client().get(page_of(matter))["Location"] == f"/sign-in/?next={page_of(matter)}"


def note(here: Town, **more: Any) -> dict[str, Any]:
    fields = {
        "client_id": str(uuid4()),
        "channel": "phone",
        "words": "我家楼下路灯不亮",
        "where": "5号楼",
        "at": f"b:{here.building.pk}",
        "name": "刘桂兰",
        "phone": "１３８ 1234 5678",
    }
    return fields | more


def test_a_call_is_noted_down_for_whoever_calls(here: Town, li: Client) -> None:
    fields = note(here)
    answer = li.post("/desk/new/", fields)
    matter = Matter.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{page_of(matter)}?done=note")
    caller = User.objects.by_phone("13812345678")
    assert caller is not None
    assert (matter.raiser, caller.name, matter.channel) == (caller, "刘桂兰", "phone")
    assert (matter.category, matter.place, matter.holder) == (here.lamp, here.grid, here.worker_post)
    entry = Entry.objects.get(subject=matter.subject)
    assert (entry.actor, entry.post) == (here.li, "community_desk")
    page = li.get(answer["Location"]).content.decode()
    assert 'class="rc"' in page
    assert matter.shown_number in page
    assert li.post("/desk/new/", fields)["Location"] == answer["Location"]
    assert Matter.objects.count() == 1


def test_somebody_at_the_counter_may_leave_no_number(here: Town, li: Client) -> None:
    assert li.post("/desk/new/", note(here, channel="counter", name="", phone="")).status_code == 303
    matter = Matter.objects.get()
    assert matter.raiser is None
    assert "没留名字" in li.get(page_of(matter)).content.decode()


def test_search_the_building_without_losing_a_word(here: Town, li: Client) -> None:
    looked = li.post("/desk/new/", note(here, at="", look="1"))
    page = looked.content.decode()
    assert looked.status_code == 200
    assert "我家楼下路灯不亮" in page
    assert f'value="b:{here.building.pk}"' in page
    assert "checked" in page.partition(f'value="b:{here.building.pk}"')[2][:200]
    assert "没有叫这个的" in li.post("/desk/new/", note(here, where="月亮湾", look="1")).content.decode()
    assert f'value="g:{here.grid.pk}"' in li.get("/desk/new/").content.decode()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"words": ""}, "note_words"),
        ({"phone": "12"}, "note_phone"),
        ({"at": ""}, "note_at"),
        ({"words": "有个事情想说一说"}, "note_category"),
        ({"channel": "smoke"}, "note_channel"),
        ({"words": "灯" * 2001, "category": "street_light"}, "note_words"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(here: Town, li: Client, more: dict[str, Any], field: str) -> None:
    answer = li.post("/desk/new/", note(here, **more))
    assert answer.status_code == 400
    assert f'id="{field}_error"' in answer.content.decode()
    assert not Matter.objects.exists()
    assert User.objects.by_phone("13812345678") is None


def test_nothing_outside_the_own_territory_is_noted_down(here: Town, li: Client) -> None:
    assert li.post("/desk/new/", note(here, at=f"g:{here.other_grid.pk}")).status_code == 400
    assert not Matter.objects.exists()
