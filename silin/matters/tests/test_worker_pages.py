"""Wang's phone: today, taking a matter, reporting it done with a photo, and settling one on the spot."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from silin.history.models import Entry
from silin.matters.deeds import By
from silin.matters.models import Matter, Photo, State
from silin.matters.tests.pages import (
    answered,
    in_hand,
    kept,
    make_town,
    picture,
    raised,
    sent,
    signed_in,
)
from silin.matters.triage import comment
from tests.counting import statements
from tests.town import Town

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def here(db: None) -> Town:
    return make_town()


@pytest.fixture
def wang(here: Town) -> Client:
    return signed_in(here.wang)


def task(matter: Matter) -> str:
    return f"/w/tasks/{matter.number}/"


def test_today_shows_what_is_mine_by_due_time(here: Town, wang: Client) -> None:
    first, second = raised(here, "三楼楼道灯不亮"), in_hand(here, "井盖松了")
    page = wang.get("/w/").content.decode()
    assert "新派给你的" in page
    assert page.index(first.title) < page.index(second.title)
    assert "今天" in page
    assert here.grid.short_name in page
    assert "王淑琴" in page
    assert "邻居" not in page


def test_today_is_empty_and_says_what_comes_next(wang: Client) -> None:
    page = wang.get("/w/").content.decode()
    assert "手上的事都办完了" in page
    assert "/w/find/" in page


def test_the_matter_shows_words_place_and_a_call_to_the_raiser(here: Town, wang: Client) -> None:
    page = wang.get(task(raised(here, "灯不亮，老人怕摔"))).content.decode()
    assert "灯不亮，老人怕摔" in page
    assert "柳巷社区" in page
    assert "199****0002" in page
    assert "19900000002" not in page
    assert "/call/" in page


def test_no_call_to_a_raiser_without_a_number(here: Town, wang: Client) -> None:
    matter = raised(here, by=here.leader, building=here.building)
    assert "/call/" not in wang.get(task(matter)).content.decode()
    assert wang.get(f"{task(matter)}call/").status_code == 404


def test_the_whole_turn_on_the_phone(here: Town, wang: Client) -> None:
    matter = raised(here)
    taken = wang.post(task(matter), sent(matter, "accept"))
    assert (taken.status_code, taken["Location"]) == (303, f"{task(matter)}?done=accept")
    matter.refresh_from_db()
    page = wang.get(task(matter)).content.decode()
    assert 'name="after"' in page
    assert "还差一张办好后的照片" in page
    photos = {"before": picture("red"), "after": picture()}
    done = sent(matter, "answer", outcome="fixed", words="换了灯泡", **photos)
    assert wang.post(task(matter), done).status_code == 303
    matter.refresh_from_db()
    assert matter.state == State.ANSWERED
    assert sorted(matter.photos.values_list("stage", flat=True)) == ["after", "before"]
    assert "属实" not in wang.get(task(matter)).content.decode()
    leader = signed_in(here.leader)
    assert matter.title in leader.get("/w/").content.decode()
    assert leader.post(task(matter), sent(matter, "verify")).status_code == 303
    matter.refresh_from_db()
    assert matter.state == State.CLOSED
    assert matter.title in wang.get("/w/tasks/?list=done").content.decode()


def test_without_a_photo_it_says_what_is_missing_and_keeps_what_was_typed(here: Town, wang: Client) -> None:
    matter = in_hand(here)
    answer = wang.post(task(matter), sent(matter, "answer", outcome="fixed", words="换了灯泡"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "换了灯泡" in page
    assert "需要一张" in page or "照片" in page
    assert "有错" in page
    matter.refresh_from_db()
    assert matter.state == State.IN_HAND


def test_a_photo_that_arrived_need_not_be_chosen_again(here: Town, wang: Client) -> None:
    matter = in_hand(here)
    refused = wang.post(task(matter), sent(matter, "answer", outcome="fixed", after=picture(), words=""))
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "1 张照片已经收到" in page
    assert 'name="before_kept"' not in page
    again = sent(matter, "answer", outcome="fixed", words="换了灯泡", after_kept=kept(page, "after_kept"))
    assert wang.post(task(matter), again).status_code == 303
    assert list(Photo.objects.filter(matter=matter).values_list("stage", flat=True)) == ["after"]


def test_a_forged_name_of_a_photo_is_no_photo(here: Town, wang: Client) -> None:
    matter = in_hand(here)
    forged = sent(matter, "answer", outcome="fixed", words="好了", after_kept="a" * 64)
    assert wang.post(task(matter), forged).status_code == 400


def test_a_file_that_lies_about_itself_is_refused_at_its_field(here: Town, wang: Client) -> None:
    matter = in_hand(here)
    lie = SimpleUploadedFile("lamp.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")
    answer = wang.post(task(matter), sent(matter, "answer", outcome="fixed", words="好了", after=lie))
    assert answer.status_code == 400
    assert 'id="answer_after_error"' in answer.content.decode()
    assert "好了" in answer.content.decode()


def test_a_document_is_no_photo_of_the_work(here: Town, wang: Client) -> None:
    matter = in_hand(here)
    paper = SimpleUploadedFile("好了.pdf", PDF, content_type="application/pdf")
    tried = wang.post(task(matter), sent(matter, "answer", outcome="fixed", words="换了灯泡", after=paper))
    assert tried.status_code == 400
    assert "这里只能发照片" in tried.content.decode()
    matter.refresh_from_db()
    assert (matter.state, matter.photos.count()) == (State.IN_HAND, 0)


def test_whoever_comes_second_sees_what_changed_and_loses_nothing(here: Town, wang: Client) -> None:
    matter = in_hand(here)
    old = sent(matter, "pause", reason="third_party", words="等灯具厂的配件")
    comment(matter, By(here.li, timezone.now(), words="先别换灯，线路要改"))
    answer = wang.post(task(matter), old)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "等灯具厂的配件" in page
    assert "先别换灯，线路要改" in page
    assert "李建民" in page
    matter.refresh_from_db()
    assert f'name="version" value="{matter.version}"' in page
    assert wang.post(task(matter), old | {"version": matter.version}).status_code == 303


def test_words_for_a_form_that_is_gone_are_shown(here: Town, wang: Client) -> None:
    matter = raised(here)
    old = sent(matter, "return", words="灯杆归城管")
    wang.post(task(matter), sent(matter, "accept"))
    matter.refresh_from_db()
    photo = sent(matter, "answer", outcome="fixed", words="换了", after=picture())
    wang.post(task(matter), photo)
    answer = wang.post(task(matter), old)
    assert answer.status_code == 409
    assert "灯杆归城管" in answer.content.decode()


def test_sent_twice_it_is_done_once(here: Town, wang: Client) -> None:
    matter = raised(here)
    fields = sent(matter, "accept")
    assert [wang.post(task(matter), fields).status_code for _ in range(2)] == [303, 303]
    assert Entry.objects.filter(subject=matter.subject, action="accept").count() == 1


def test_pause_go_on_and_give_back(here: Town, wang: Client) -> None:
    matter = in_hand(here)
    for do, more, state in (
        ("pause", {"reason": "date", "words": "等雨停"}, State.WAITING),
        ("resume", {}, State.IN_HAND),
        ("return", {"words": "灯杆归城管"}, State.RAISED),
    ):
        assert wang.post(task(matter), sent(matter, do, **more)).status_code == 303
        matter.refresh_from_db()
        assert matter.state == state
    assert "等雨停" in wang.get(task(matter)).content.decode()


def test_a_reason_is_needed_to_stop_the_clock(here: Town, wang: Client) -> None:
    matter = in_hand(here)
    answer = wang.post(task(matter), sent(matter, "pause", words="等一等"))
    assert answer.status_code == 400
    assert "等一等" in answer.content.decode()


def test_programs_read_the_refusal_as_json(here: Town, wang: Client) -> None:
    matter = in_hand(here)
    answer = wang.post(task(matter), sent(matter, "pause", words="x"), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "reason")
    unknown = wang.post(task(matter), {"do": "explode"}, headers={"Accept": "application/json"})
    assert unknown.json()["error"]["code"] == "bad_form"
    assert wang.post(task(matter), sent(matter, "send", to="x")).status_code == 400


def test_strangers_find_nothing_and_visitors_are_asked_to_sign_in(here: Town) -> None:
    matter = raised(here)
    pages = ["/w/", "/w/tasks/", task(matter), "/w/find/", f"/w/find/{matter.number}/"]
    for user in (here.stranger, here.chen):
        client = signed_in(user)
        assert [client.get(page).status_code for page in pages] == [404] * len(pages)
        assert client.post(task(matter), sent(matter, "accept")).status_code == 404
    visitor = Client().get(task(matter))
    assert (visitor.status_code, visitor["Location"]) == (302, f"/sign-in/?next={task(matter)}")


def test_a_number_that_is_none_is_not_found(wang: Client) -> None:
    assert wang.get("/w/tasks/nonsense/").status_code == 404


def test_lists_search_and_page(here: Town, wang: Client) -> None:
    matters = [in_hand(here, f"第 {n} 盏路灯不亮") for n in range(22)]
    page = wang.get("/w/tasks/").content.decode()
    assert "after=" in page
    found = wang.get("/w/tasks/", {"q": matters[3].shown_number}).content.decode()
    assert matters[3].title in found
    assert matters[4].title not in found
    assert "没找到" in wang.get("/w/tasks/", {"q": "恐龙"}).content.decode()
    assert "没有等你核实的" in wang.get("/w/tasks/?list=verify").content.decode()


def test_what_others_answered_waits_for_the_leader(here: Town, wang: Client) -> None:
    matter = answered(here)
    assert matter.title in signed_in(here.leader).get("/w/tasks/?list=verify").content.decode()
    assert matter.title not in wang.get("/w/tasks/?list=verify").content.decode()


def test_the_pages_keep_their_budgets(here: Town, wang: Client) -> None:
    matters = [in_hand(here, f"第 {n} 盏路灯不亮") for n in range(5)]
    assert statements(wang, "/w/") <= 8
    assert statements(wang, "/w/tasks/") <= 8
    assert statements(wang, task(matters[0])) <= 12
