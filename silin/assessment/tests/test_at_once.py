"""Loops that measure and publish, and people who decide, at the same moment, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier

from django.db import connections

from silin.assessment.drafting import open_draft, publish, set_row, throw_away
from silin.assessment.falling_short import raise_due
from silin.assessment.models import AssessedPeriod, Catalogue, Scorecard, Veto
from silin.assessment.periods import Period
from silin.assessment.publishing import measure_due, publish_due
from silin.assessment.sample import load_sample
from silin.assessment.tests.offices import about, fire, open_office, turn_vetoes
from silin.assessment.tests.test_desk import closed, measured
from silin.assessment.vetoing import appeal, declare, rule, withdraw
from silin.history.models import Entry
from silin.history.rows import mark
from silin.kinds.rectification.models import Rectification
from silin.lib.ids import new_id
from silin.lib.refusal import Refused
from silin.lib.workdays import SHANGHAI
from silin.notices.models import Notice
from silin.people.actions import add_post, appoint
from silin.places.models import Place
from silin.places.stocks import count_territory
from tests.stories.test_at_once import at_once
from tests.town import MONDAY, build, person

ON_TIME = "S1.3.1"
NOVEMBER_5 = datetime(2026, 11, 5, 6, tzinfo=SHANGHAI)


def test_two_loops_that_publish_and_one_that_measures_leave_one_of_everything(live_db: str) -> None:
    town = build()
    load_sample()
    count_territory(datetime(2026, 9, 1, 12, tzinfo=SHANGHAI), as_of=MONDAY.date())
    closed(town.community.code, on_time=10, late=20)
    measured()
    closed(town.community.code, on_time=0, late=1)
    together = Barrier(3)

    def run(n: int) -> None:
        together.wait(20)
        try:
            if n == 0:
                measure_due(NOVEMBER_5)
            else:
                publish_due(NOVEMBER_5)
                raise_due(NOVEMBER_5)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, range(3)))
    october = AssessedPeriod.objects.get(pk="2026-10")
    assert october.published_at == NOVEMBER_5
    assert Entry.objects.filter(subject="assessment:2026-10", action="period_published").count() == 1
    places = Place.objects.filter(level__in=("city", "county", "street", "community")).count()
    assert Scorecard.objects.filter(period=october).count() == places
    references = list(Rectification.objects.filter(unit=town.community).values_list("reference", flat=True))
    assert "S1.3.1" in references
    assert len(references) == len(set(references))


def test_a_double_click_declares_one_veto(live_db: str) -> None:
    town = build()
    turn_vetoes(1)
    gao, key = open_office(town).gao, new_id()
    said = about(town.community)
    done = at_once([lambda: declare(said, key=key, actor=gao, now=MONDAY)] * 3)
    assert done == [Veto.objects.get()] * 3
    assert Entry.objects.filter(subject=f"veto:{key}").count() == 1
    assert Notice.objects.filter(name="veto_declared").count() == 1


def test_of_two_who_rule_at_once_one_decides_and_the_other_reads_so(live_db: str) -> None:
    town = build()
    turn_vetoes(1)
    office = open_office(town)
    third = person("宋洁")
    appoint(
        add_post("city_assessment", town.city, serial=9, actor=None, now=MONDAY),
        third,
        actor=None,
        now=MONDAY,
    )
    veto = appeal(fire(town.community, office.gao), words="不是我们", actor=town.li, now=MONDAY)
    done = at_once(
        [
            lambda: rule(veto, ruling="upheld", words="查实", actor=office.he, now=MONDAY),
            lambda: rule(veto, ruling="lifted", words="不实", actor=third, now=MONDAY),
        ]
    )
    assert sorted(type(each).__name__ for each in done) == ["Changed", "Veto"]
    veto.refresh_from_db()
    assert veto in done
    assert Entry.objects.filter(subject=veto.subject, action="rule").count() == 1
    told = set(Notice.objects.filter(recipient=town.li).values_list("name", flat=True))
    assert told & {"veto_upheld", "veto_lifted"} == {f"veto_{veto.ruling}"}


def test_who_appeals_while_it_is_withdrawn_is_either_first_or_told(live_db: str) -> None:
    town = build()
    turn_vetoes(1)
    office = open_office(town)
    veto = fire(town.community, office.gao)
    done = at_once(
        [
            lambda: appeal(veto, words="不是我们", actor=town.li, now=MONDAY),
            lambda: withdraw(veto, words="写错了", actor=office.gao, now=MONDAY),
        ]
    )
    refused = [each.code for each in done if isinstance(each, Refused)]
    veto.refresh_from_db()
    assert refused == (["withdrawn"] if veto.ruling else ["appealed"])
    assert bool(veto.ruling) != (veto.appealed_at is not None)


def test_colleagues_at_one_draft(live_db: str) -> None:
    load_sample()
    opened = at_once([lambda: open_draft(actor=None, now=NOVEMBER_5)] * 4)
    draft = Catalogue.objects.get(number=2)
    assert opened == [draft] * 4
    assert draft.indicators.count() == Catalogue.objects.get(number=1).indicators.count()
    seen = mark(draft.indicators.get(code=ON_TIME))

    def change(red: float) -> bool:
        row = draft.indicators.get(code=ON_TIME)
        row.red = red
        return set_row(row, actor=None, now=NOVEMBER_5, seen=seen)

    done = at_once([partial(change, red) for red in (60, 61, 62)])
    assert sorted(type(each).__name__ for each in done) == ["Changed", "Changed", "bool"]
    whole = draft.digest_of_rows()

    since = Period.parse("2026-12")
    issue = partial(publish, draft, effective_from=since, note="", seen=whole, actor=None, now=NOVEMBER_5)
    done = at_once([issue, issue, partial(throw_away, draft, actor=None, now=NOVEMBER_5)])
    assert sorted(each.code for each in done if isinstance(each, Refused)) == ["published", "published"]
    subjects = Entry.objects.filter(subject="catalogue:2")
    assert subjects.filter(action__in=("published", "draft_dropped")).count() == 1
    for catalogue in Catalogue.objects.published():
        assert catalogue.digest == catalogue.digest_of_rows()


def test_a_month_that_becomes_final_follows_the_version_that_counts_for_it(live_db: str) -> None:
    town = build()
    load_sample()
    count_territory(datetime(2026, 9, 1, 12, tzinfo=SHANGHAI), as_of=MONDAY.date())
    closed(town.community.code, on_time=10, late=20)
    measured()
    draft = open_draft(actor=None, now=MONDAY)
    row = draft.indicators.get(code=ON_TIME)
    row.red = 60
    set_row(row, actor=None, now=MONDAY)
    october, whole = Period.parse("2026-10"), draft.digest_of_rows()
    issue = partial(publish, draft, effective_from=october, note="", seen=whole, actor=None, now=NOVEMBER_5)
    _final, issued = at_once([partial(publish_due, NOVEMBER_5), issue])
    late = isinstance(issued, Refused)
    assert not late or issued.code == "too_early"
    period = AssessedPeriod.objects.select_related("catalogue").get(pk="2026-10")
    assert period.published_at == NOVEMBER_5
    assert period.catalogue == Catalogue.objects.in_force(october)
    assert period.catalogue.number == (1 if late else 2)
