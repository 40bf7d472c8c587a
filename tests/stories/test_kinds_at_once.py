"""Two people at one dispute or one bad review at the same moment: real threads, both databases."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

from silin.accounts import tokens
from silin.facts.models import Fact
from silin.history.queries import check
from silin.kinds.bad_review.actions import appeal, decide, order, put_right
from silin.kinds.bad_review.models import BadReview
from silin.kinds.dispute.actions import arrange, grade, mediate, raise_dispute
from silin.kinds.dispute.models import Dispute
from silin.kinds.dispute.settling import settle
from silin.lib.refusal import Changed, NotAllowed, Refused
from silin.matters.bookkeeping import differences
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, contact
from silin.matters.models import Matter, Review, State
from silin.matters.raising import Report, raise_matter
from silin.matters.review import call_back, review, review_by_token
from silin.matters.verifying import verify
from silin.notices.models import Notice
from silin.people.actions import appoint
from tests.stories.test_at_once import HOUR, at_once
from tests.town import MONDAY, Town, build, person

LATER = MONDAY + timedelta(days=20)  # the time to put it right is over


def test_two_mediators_at_one_table(live_db: str) -> None:
    """Wang and who stands in for her arrange, hold and settle at once: each of these happens once."""
    town = build()
    other = person("代班的小周")
    appoint(town.worker_post, other, stand_in=True, actor=None, now=MONDAY)
    matter = accept(quarrel(town), By(town.wang, MONDAY))
    both = [By(each, MONDAY, words="都来了") for each in (town.wang, other)]
    posts = [town.worker_post]
    done = at_once([partial(arrange, matter, by, at=MONDAY, where="调解室", mediators=posts) for by in both])
    assert [each.code for each in done if isinstance(each, Refused)] == ["arranged"]
    done = at_once(
        [partial(mediate, matter, by, outcome=how) for by, how in zip(both, ("agreed", "again"), strict=True)]
    )
    assert [each.code for each in done if isinstance(each, Refused)] == ["not_arranged"]
    if not matter.meetings.filter(outcome="agreed").exists():
        arrange(matter, both[0], at=MONDAY, where="调解室", mediators=posts)
        mediate(matter, both[0], outcome="agreed")
    done = at_once(
        [partial(settle, matter, by, way=way) for by, way in zip(both, ("spoken", "written"), strict=True)]
    )
    assert sum(isinstance(each, Changed) for each in done) == 1
    matter.refresh_from_db()
    assert matter.state == State.ANSWERED
    assert facts(matter)["matter.answered"] == 1
    assert facts(matter)["matter.mediated"] == matter.meetings.count()
    assert_the_books_agree(matter)


def test_two_grade_one_dispute_and_the_graver_stays(live_db: str) -> None:
    """In either order: what Li grades red, Wang does not grade down without knowing it."""
    town = build()
    for _ in range(4):
        matter = accept(quarrel(town), By(town.wang, MONDAY))
        up, red = (By(each, MONDAY, words="动了手") for each in (town.wang, town.li))
        done = at_once([partial(grade, matter, up, risk="yellow"), partial(grade, matter, red, risk="red")])
        assert Dispute.objects.get(matter=matter).risk == "red"
        assert all(isinstance(each, Matter | NotAllowed) for each in done)
        assert facts(matter)["matter.graded"] == sum(isinstance(each, Matter) for each in done)
        assert_the_books_agree(matter)


def test_two_who_looked_at_the_same_risk_and_the_second_is_told(live_db: str) -> None:
    town = build()
    for _ in range(3):
        matter = accept(quarrel(town), By(town.wang, MONDAY))
        seen = [By(each, MONDAY, version=matter.version, words="怕闹大") for each in (town.wang, town.li)]
        done = at_once([partial(grade, matter, by, risk="yellow") for by in seen])
        assert sum(isinstance(each, Changed) for each in done) == 1
        assert facts(matter)["matter.graded"] == 1
        assert Notice.objects.filter(recipient=town.guo, name="dispute_graded", channel="inbox").exists()
        assert_the_books_agree(matter)


def test_a_link_is_used_while_somebody_calls_back(live_db: str) -> None:
    """Chen gives a grade by the link while Li has her on the telephone: one review, one bad review."""
    town = build()
    for _ in range(3):
        about = closed(town)
        link = Notice.objects.filter(recipient=town.chen, name="matter_closed", channel="sms").latest("pk")
        secret = tokens.filled(link.link, MONDAY).split("/")[2]
        done = at_once(
            [
                partial(review_by_token, secret, grade=1, words="没修好", now=MONDAY + HOUR),
                partial(call_back, about, By(town.li, MONDAY + HOUR, words="没修好"), grade=2),
            ]
        )
        assert sum(isinstance(each, Refused) for each in done) == 1
        assert Review.objects.filter(matter=about).count() == Matter.objects.filter(about=about).count() == 1
        assert_the_books_agree(about)


def test_an_appeal_while_the_desk_calls_and_answers(live_db: str) -> None:
    """A call to the reviewer and an appeal both count; nobody answers over an appeal that came first."""
    town = build()
    for _ in range(4):
        matter = ordered(town)
        calls = By(town.li, LATER, words="又打了一回，灯还是不亮")
        appeals = By(town.wang, LATER, words="那几天停电")
        done = at_once(
            [
                partial(contact, matter, calls, how="phone", reached=True),
                partial(appeal, matter, appeals),
            ]
        )
        assert not [each for each in done if isinstance(each, Refused)]
        matter = ordered(town)
        answers = By(town.li, LATER, words="换好了")
        ended, appealed = at_once(
            [partial(answer, matter, answers, outcome="fixed"), partial(appeal, matter, appeals)]
        )
        assert isinstance(ended, Refused) != isinstance(appealed, Refused)
        matter.refresh_from_db()
        waits = BadReview.objects.get(matter=matter).waits_for_decision
        assert (matter.state == State.ANSWERED) != waits
        assert_the_books_agree(matter)


def test_an_appeal_is_decided_once(live_db: str) -> None:
    """The street grants it while the city dismisses it and Wang reports it put right: one decision counts."""
    town = build()
    for _ in range(4):
        matter = appeal(ordered(town), By(town.wang, MONDAY + HOUR, words="那几天停电"))
        done = at_once(
            [
                partial(decide, matter, By(town.guo, MONDAY + HOUR, words="确实停电"), granted=True),
                partial(decide, matter, By(town.zhou, MONDAY + HOUR, words="灯座坏了"), granted=False),
                partial(put_right, matter, By(town.wang, MONDAY + HOUR, words="灯座换了")),
            ]
        )
        assert sum(isinstance(each, Refused) for each in done[:2]) == 1
        assert facts(matter)["matter.appealed"] == 1
        assert matter.about is not None
        row = BadReview.objects.get(matter=matter)
        assert facts(matter.about)["matter.reviewed"] == (0 if row.granted else 1)
        assert_the_books_agree(matter)


def quarrel(town: Town) -> Matter:
    """Chen's, with the flat above."""
    said = Report("楼上漏水两家说不到一起", town.lamp, place=town.grid)
    return raise_dispute(By(town.chen, MONDAY), said, parties="陈桂兰、刘志强")


def closed(town: Town) -> Matter:
    """A light of Chen's that Wang says is explained, and Guo believes it."""
    matter = raise_matter("report", By(town.chen, MONDAY), Report("灯不亮", town.lamp, place=town.grid))
    matter = accept(matter, By(town.wang, MONDAY))
    return verify(
        answer(matter, By(town.wang, MONDAY, words="说过了"), outcome="advised"), By(town.guo, MONDAY)
    )


def ordered(town: Town) -> Matter:
    """A bad review about it: Li has called and said what is to be put right."""
    about = review(closed(town), By(town.chen, MONDAY, words="没修好"), grade=1)
    matter = accept(Matter.objects.get(about=about), By(town.li, MONDAY))
    matter = contact(matter, By(town.li, MONDAY, words="灯还是不亮"), how="phone", reached=True)
    return order(matter, By(town.li, MONDAY, words="夜里再去看一回"), names_case=False)


def facts(matter: Matter) -> Counter[str]:
    """How often each fact of the matter counts."""
    counted: Counter[str] = Counter()
    for name, n in Fact.objects.filter(subject=matter.subject).values_list("name", "n"):
        counted[name] += n
    return counted


def assert_the_books_agree(matter: Matter) -> None:
    assert check(matter.subject) == []
    assert list(differences()) == []
