"""A bad review at the door: called back, put right, answered, watched; who gave it stays unknown below."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from silin.accounts.models import User
from silin.facts.models import Fact
from silin.kinds.bad_review.actions import appeal, decide, order, put_right
from silin.kinds.bad_review.models import BadReview
from silin.kinds.bad_review.tests.conftest import WORDS, closed, graded
from silin.lib.refusal import NotAllowed, NotFound, Refused
from silin.matters.candidates import hands
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, contact
from silin.matters.models import Matter, Review, State
from silin.matters.raising import Report, raise_matter
from silin.matters.review import review
from silin.matters.triage import dispatch
from silin.matters.verifying import reject, verify
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint
from tests.town import Town, person

TO_DO = "三楼楼道灯换新灯头，夜里去试一回"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def do(user: User, page: str, matter: Matter, action: str, **said: Any) -> Any:
    matter.refresh_from_db()
    fields = {"do": action, "client_id": str(uuid4()), "version": matter.version, **said}
    return signed_in(user).post(page.format(matter.number), fields)


def ordered(town: Town, now: datetime, *, names_case: bool = False) -> Matter:
    """Li has called Chen and said what is to be put right."""
    matter = accept(graded(town, now), By(town.li, now))
    said = contact(matter, By(town.li, now, words="灯还是不亮，请再去一趟"), how="phone", reached=True)
    return order(said, By(town.li, now, words=TO_DO), names_case=names_case)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user, channel="inbox").values_list("name", flat=True))


def test_the_whole_life_of_a_bad_review(town: Town, now: datetime) -> None:
    desk, mine, below = "/desk/m/{}/", "/m/{}/", "/w/graded/{}/"
    matter = graded(town, now)
    assert (matter.holder, matter.raiser, matter.place) == (town.desk_post, town.chen, town.community)
    assert "matter_assigned" in told(town.li)
    assert "bad_review_raised" in told(town.guo)
    assert do(town.li, desk, matter, "accept").status_code == 303
    assert WORDS in signed_in(town.li).get(f"/desk/m/{matter.number}/").text
    early = do(town.li, desk, matter, "order", words=TO_DO, names_case="no")
    assert (early.status_code, "先给评价人打个电话" in early.text) == (400, True)
    said = {"how": "phone", "reached": "yes", "words": "灯还是不亮，请再去一趟"}
    assert do(town.li, desk, matter, "contact", **said).status_code == 303
    assert do(town.li, desk, matter, "order", words=TO_DO, names_case="no").status_code == 303
    assert do(town.li, desk, matter, "answer", outcome="fixed", words="好了").status_code == 409
    assert do(town.wang, below, matter, "put_right", words="灯头换了，夜里亮").status_code == 303
    answered = do(town.li, desk, matter, "answer", outcome="fixed", words="灯换好了，夜里试过，对不住")
    assert answered.status_code == 303
    assert "灯换好了" in signed_in(town.chen).get(mine.format(matter.number)).text
    assert "bad_review_answered" in told(town.guo)
    assert do(town.guo, desk, matter, "verify").status_code == 303
    matter.refresh_from_db()
    assert matter.state == State.CLOSED
    names = Counter(Fact.objects.filter(subject=matter.subject).values_list("name", flat=True))
    assert (names["matter.contacted"], names["matter.put_right"], names["matter.closed"]) == (1, 1, 1)


def test_those_graded_read_what_to_do_and_nothing_of_who_said_so(town: Town, now: datetime) -> None:
    matter = ordered(town, now)
    wang = signed_in(town.wang)
    page = wang.get(f"/w/graded/{matter.number}/").text
    assert TO_DO in page
    for secret in ("陈桂兰", WORDS, "三楼楼道灯不亮", "请再去一趟"):
        assert secret not in page
    assert "三楼楼道灯不亮" not in wang.get("/w/graded/").text
    notice = Notice.objects.get(recipient=town.wang, name="bad_review_ordered")
    assert set(notice.params) == {"number"}
    for address in ("/w/tasks/{}/", "/m/{}/"):
        assert wang.get(address.format(matter.number)).status_code == 404
    assert matter.about is not None
    story = wang.get(f"/w/tasks/{matter.about.number}/").text
    assert WORDS not in story
    assert "评价" not in story
    assert matter not in Matter.objects.seen_by(town.wang)


def test_where_the_reviewer_agreed_they_read_which_matter_it_is(town: Town, now: datetime) -> None:
    matter = ordered(town, now, names_case=True)
    page = signed_in(town.wang).get(f"/w/graded/{matter.number}/").text
    assert "三楼楼道灯不亮" in page
    assert WORDS not in page


def test_nobody_below_and_no_stranger_opens_it(town: Town, now: datetime) -> None:
    staff = person("社区干事小何")
    appoint(add_post("community_staff", town.community, actor=None, now=now), staff, actor=None, now=now)
    matter = ordered(town, now)
    for user in (town.stranger, town.leader, staff):
        client = signed_in(user)
        for address in ("/desk/m/{}/", "/w/tasks/{}/", "/m/{}/", "/w/graded/{}/"):
            assert client.get(address.format(matter.number)).status_code == 404, (user, address)
    assert signed_in(town.stranger).get("/desk/reviews/").status_code == 404
    with pytest.raises(NotFound):
        put_right(matter, By(town.leader, now, words="我来"))


def test_another_communitys_desk_and_worker_see_and_reach_nothing(town: Town, now: datetime) -> None:
    desk, worker = person("河沿值班小孙"), person("河沿网格员老赵")
    for user, kind, place in (
        (desk, "community_desk", town.other),
        (worker, "grid_worker", town.other_grid),
    ):
        appoint(add_post(kind, place, actor=None, now=now), user, actor=None, now=now)
    matter = ordered(town, now)
    for address in ("/desk/m/{}/", "/w/tasks/{}/", "/w/graded/{}/", "/m/{}/"):
        for user in (desk, worker):
            assert signed_in(user).get(address.format(matter.number)).status_code == 404, address
    assert "三楼楼道灯不亮" not in signed_in(desk).get("/desk/reviews/").text
    assert "路灯" not in signed_in(worker).get("/w/graded/").text
    for user in (town.stranger, town.chen):
        assert signed_in(user).get("/w/graded/").status_code == 404
    assert do(worker, "/w/graded/{}/", matter, "put_right", words="我换的").status_code == 404


def test_what_was_not_put_right_is_ordered_anew(town: Town, now: datetime) -> None:
    """The street says not yet: Li may say again what is to be put right, and Wang reads that."""
    matter = put_right(ordered(town, now), By(town.wang, now, words="换了"))
    matter = answer(matter, By(town.li, now, words="换好了"), outcome="fixed")
    matter = reject(matter, By(town.guo, now, words="夜里还是一闪一闪"))
    assert signed_in(town.wang).get(f"/w/graded/{matter.number}/").status_code == 404
    matter = order(matter, By(town.li, now, words="连灯座一起换"), names_case=False)
    assert "连灯座一起换" in signed_in(town.wang).get(f"/w/graded/{matter.number}/").text
    assert put_right(matter, By(town.wang, now, words="灯座换了")).state == State.IN_HAND


def test_a_name_that_was_to_be_kept_is_kept_on(town: Town, now: datetime) -> None:
    said = Report("灯不亮", town.lamp, place=town.grid, name_withheld=True)
    about = accept(raise_matter("report", By(town.chen, now), said), By(town.wang, now))
    about = verify(answer(about, By(town.wang, now, words="说过了"), outcome="advised"), By(town.li, now))
    review(about, By(town.chen, now), grade=1)
    assert Matter.objects.get(about=about).name_withheld


def test_the_level_above_sees_the_list_by_few_statements(
    town: Town, now: datetime, django_assert_num_queries: Any
) -> None:
    ordered(town, now)
    client = signed_in(town.guo)
    client.get("/desk/reviews/")
    with django_assert_num_queries(6):
        page = client.get("/desk/reviews/").text
    assert "三楼楼道灯不亮" in page
    assert "正在整改" in page
    assert "三楼楼道灯不亮" not in client.get("/desk/reviews/?tab=ended").text


def test_an_appeal_is_decided_one_level_up_and_a_granted_one_is_not_counted(
    town: Town, now: datetime
) -> None:
    matter = ordered(town, now)
    sent = do(town.wang, "/w/graded/{}/", matter, "appeal", words="灯是物业的，那几天停电")
    assert sent.status_code == 303
    with pytest.raises(NotFound):
        decide(matter, By(town.wang, now, words="同意"), granted=True)
    with pytest.raises(NotFound):
        appeal(matter, By(town.wang, now, words="再来一次"))
    matter.refresh_from_db()
    with pytest.raises(NotAllowed):
        decide(matter, By(town.li, now, words="同意"), granted=True)
    with pytest.raises(Refused, match="appeal_open"):
        answer(matter, By(town.li, now, words="是停电"), outcome="advised")
    decided = do(town.guo, "/desk/m/{}/", matter, "decide", granted="yes", words="停电有通知，不算网格的")
    assert decided.status_code == 303
    given = Review.objects.get()
    assert given.set_aside_at is not None
    rows = Fact.objects.filter(name="matter.reviewed")
    assert sum(row.n for row in rows) == 0
    assert Fact.objects.get(name="matter.appealed").outcome == "granted"
    assert "停电有通知" in signed_in(town.wang).get(f"/w/graded/{matter.number}/").text
    matter.refresh_from_db()
    assert answer(matter, By(town.li, now, words="那几天停电"), outcome="advised").state == State.ANSWERED


def test_whoever_was_graded_has_no_say_in_it(town: Town, now: datetime) -> None:
    """Li handles a matter himself: the street looks into the review, and Li cannot."""
    said = Report("社区大厅的灯不亮", town.lamp, place=town.community)
    about = accept(raise_matter("report", By(town.chen, now), said), By(town.li, now))
    about = answer(about, By(town.li, now, words="看过了"), outcome="advised")
    about = verify(about, By(town.chen, now))
    review(about, By(town.chen, now), grade=2)
    matter = Matter.objects.get(about=about)
    assert (matter.place, matter.words) == (town.street, "社区大厅的灯不亮")
    assert signed_in(town.li).get(f"/desk/m/{matter.number}/").status_code == 404
    with pytest.raises(NotFound):
        accept(matter, By(town.li, now))
    taken = accept(matter, By(town.guo, now))
    with pytest.raises(Refused, match="bad_post"):
        dispatch(taken, By(town.guo, now), to=town.desk_post)
    add = add_post("community_secretary", town.community, actor=None, now=now)
    appoint(add, person("社区书记老韩"), actor=None, now=now)
    offered = [each.post for each in hands(taken, town.guo, now).candidates]
    assert add in offered
    for post in offered:  # only to whom it may go
        dispatch(Matter.objects.get(pk=taken.pk), By(town.guo, now), to=post)


def test_a_colleague_of_the_desk_does_not_close_it(town: Town, now: datetime) -> None:
    other = person("社区值班老秦")
    post = add_post("community_desk", town.community, actor=None, now=now, serial=2)
    appoint(post, other, actor=None, now=now)
    matter = put_right(ordered(town, now), By(town.wang, now, words="换了"))
    matter = answer(matter, By(town.li, now, words="换好了"), outcome="fixed")
    with pytest.raises(NotAllowed):
        verify(matter, By(other, now))
    assert verify(matter, By(town.chen, now)).state == State.CLOSED


@pytest.mark.parametrize("grade", [3, 4, 5])
def test_a_middling_grade_raises_nothing(town: Town, now: datetime, grade: int) -> None:
    review(closed(town, now), By(town.chen, now), grade=grade)
    assert not BadReview.objects.exists()


def test_nobody_raises_one_by_hand(town: Town, now: datetime) -> None:
    said = Report("差评", town.lamp, place=town.grid)
    with pytest.raises(NotAllowed):
        raise_matter("bad_review", By(town.wang, now), said)
