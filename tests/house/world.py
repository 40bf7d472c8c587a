"""A small town with something in every drawer, so that every address has somebody to show it to."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from PIL import Image

from silin.accounts.models import User
from silin.assessment.drafting import open_draft
from silin.assessment.models import Veto
from silin.assessment.publishing import measure_due
from silin.assessment.sample import load_sample
from silin.assessment.tests.offices import fire, turn_vetoes
from silin.exchange.actions import make_webhook
from silin.facts.folding import fold
from silin.files.actions import keep
from silin.files.models import File
from silin.files.sounds import keep_sound
from silin.imports.actions import upload
from silin.imports.flow import get_sheet
from silin.kinds.bad_review.actions import order
from silin.kinds.dispute.actions import arrange, mediate, raise_dispute
from silin.kinds.dispute.settling import settle
from silin.kinds.rectification.raising import Problem, raise_rectification
from silin.matters.deeds import By
from silin.matters.handling import accept, answer, contact
from silin.matters.handover import hand_over
from silin.matters.models import Matter, OutsideSystem, SignRule
from silin.matters.outside import give_ticket, set_system
from silin.matters.raising import Report, raise_matter, settle_at_once
from silin.matters.review import review
from silin.matters.rules import AboutRule, add_rule
from silin.matters.signed import set_sign_rule
from silin.matters.triage import triage
from silin.matters.verifying import verify
from silin.matters.watching import put_on
from silin.notices.models import Notice, SmsTemplate
from silin.operation.tables import site
from silin.people.actions import add_post, appoint
from silin.people.asking import ask_correction
from silin.people.clients import AboutClient, make_client
from silin.people.models import PostKind, Retention
from silin.people.organisations import About, add_organisation
from silin.people.register import put_down_household, put_down_person
from silin.people.teams import AboutTeam, add_team
from silin.places.area_actions import add_area, add_member
from silin.places.facility_actions import add_block, add_facility
from silin.places.models import FacilityKind
from silin.places.net_actions import merge_net
from silin.places.stocks import count_territory
from tests.again import once
from tests.town import MONDAY, Town, build, forget_rules, person

LATER = date(2030, 1, 1)  # no rule of the world sends anything anywhere


def more(inhabited: World, n: int) -> None:
    """``n`` further matters of Chen's, released to the public, and homes, so that lists grow."""
    for hour in range(n):
        door, day = f"{n}{hour:02d}", MONDAY + timedelta(days=hour)
        home = put_down_household(inhabited.town.building, door=door, actor=None, now=MONDAY)
        put_down_person(home, "刘桂兰", phone="19900000009", actor=None, now=MONDAY)
        ask_correction(inhabited.town.chen, "people.Household.door", f"门牌 {door} 错了", now=day)
        by = By(inhabited.town.chen, MONDAY + timedelta(hours=2 + hour))
        said = Report(f"第 {hour} 盏路灯不亮", inhabited.town.lamp, place=inhabited.town.grid)
        matter = raise_matter("report", by, said)
        triage(matter, By(inhabited.town.li, by.now), public=True)
        put_on(matter, By(inhabited.town.li, by.now, words="好几处都不亮"), reason="again")
        number = f"BJ{n}{hour:02d}"
        give_ticket(matter, By(inhabited.town.li, by.now), system=inhabited.system, number=number)
        rectification(inhabited.town, by.now, f"S{n}.{hour}")
        fire(inhabited.town.community, inhabited.gao)


@dataclass
class World:
    """The town, a private matter of Chen's with a photo, and one that Wang settled on the spot."""

    town: Town
    private: Matter
    settled: Matter
    photo: UUID
    notice: int
    sun: User
    he: User
    register: dict[str, int]
    organisation: UUID
    batch: int
    household: UUID
    team: UUID
    entry: UUID
    ask: UUID
    rule: int
    handover: UUID
    client: UUID
    webhook: UUID
    graded: Matter
    dispute: Matter
    task: Matter
    system: OutsideSystem
    gao: User
    veto: Veto

    def people(self) -> dict[str, User]:
        """Everybody who may have a reason to look, by their name in the stories."""
        names = ("chen", "wang", "leader", "li", "guo", "zhou")
        return {name: getattr(self.town, name) for name in names} | {
            "sun": self.sun,
            "he": self.he,
            "gao": self.gao,
        }

    def values(self) -> list[dict[str, str]]:
        """What the parts of an address may stand for, in the order in which they are tried."""
        shared = {"code": self.town.community.code, "uuid:pk": str(self.photo), "int:pk": str(self.notice)}
        shared["person"] = str(self.town.wang.pk)
        shared["name"] = "notices.send"
        shared |= {"household": str(self.household), "entry": str(self.entry)}
        shared |= {"ask": str(self.ask), "field": "people.Person.phone"}
        shared |= {"estate": str(self.town.building.estate_id), "building": str(self.town.building.pk)}
        shared |= {name: str(key) for name, key in self.register.items()} | {"figure": "lifts"}
        shared["uuid:post"] = str(self.town.worker_post.pk)
        shared["uuid:organisation"] = str(self.organisation)
        shared |= self._rows()
        shared["int:rule"] = str(self.rule)
        shared |= {"uuid:client": str(self.client), "uuid:webhook": str(self.webhook)}
        shared |= {"slug:system": "h12345", "str:indicator": "S1.1.1", "indicator": "S1.1.1"}
        shared["str:task"] = "S1"
        shared["uuid:veto"] = str(self.veto.pk)
        shared |= {"int:number": "2", "slug:sort": "indicator", "str:row": "S1.1.1"}
        shared |= {"handover": str(self.handover), "which": "raised", "count": "open", "form": "csv"}
        shared["category"] = self.town.lamp.pk
        shared["uuid:team"] = str(self.team)
        shared |= {"sheet": "grids", "batch": str(self.batch)}
        return [
            {**shared, "number": self.private.number},
            {**shared, "number": self.settled.number, "code": self.town.county.code},
            {**shared, "number": self.settled.number, "code": self.town.city.code},
            {**shared, "number": self.settled.number, "code": self.town.grid.code},
            {**shared, "number": self.graded.number},
            {**shared, "number": self.dispute.number},
            {**shared, "number": self.task.number},
        ]

    def _rows(self) -> dict[str, str]:
        """The first row of every set-up table."""
        return {
            f"row_of_{model._meta.model_name}": str(model._default_manager.order_by("pk")[0].pk)
            for model in site._registry
        }


def make() -> World:
    """The world, in the database at hand."""
    forget_rules()
    return once(("world", settings.SILIN_HOME), _write)


def _write() -> World:
    town = build()
    voice = keep_sound(io.BytesIO(b"ID3" + bytes(200)))
    words, photos = "楼道里的灯不亮，老人夜里看不见", [_picture("orange")]
    said = Report(words, town.lamp, place=town.grid, photos=photos, voice=voice)
    private = raise_matter("report", By(town.chen, MONDAY), said)
    later = MONDAY + timedelta(hours=1)
    seen = Report("垃圾桶倒了", town.lamp, place=town.grid)
    settled = settle_at_once("report", By(town.wang, later, words="扶好了"), seen, after=[_picture("green")])
    photo = private.photos.get()
    notice = Notice.objects.filter(recipient=town.wang).earliest("pk")
    sun, he = person("孙志远"), person("何静")
    for user, seat in ((sun, "system_admin"), (he, "security_admin")):
        appoint(add_post(seat, town.city, actor=None, now=MONDAY), user, actor=None, now=MONDAY)
    SmsTemplate.objects.create(name="sign_in_code", number="SMS_1", blanks="code")
    Retention.objects.create(field="people.Person.phone", keep_days=30)
    shop = add_organisation(town.grid, About("一家小店", "enterprise"), actor=None, now=MONDAY)
    home = put_down_household(town.building, door="301", actor=None, now=MONDAY)
    liu = put_down_person(home, "刘桂兰", phone="19900000009", actor=None, now=MONDAY)
    team = add_team(town.grid, AboutTeam("巡逻队", "patrol"), actor=None, now=MONDAY)
    asked = ask_correction(town.chen, "people.Household.door", "门牌写错了", now=MONDAY)
    keys = (_register(town), shop.pk, _batch(town), home.pk, team.pk, liu.pk, asked.pk)
    rule = _rule(town)
    _signs(town)
    system = hotline(MONDAY)
    left = hand_over(town.community, notes="夜里有雨", until=later, actor=town.li, now=MONDAY)
    made = (town, private, settled, photo.pk, notice.pk, sun, he)
    _measure()
    return World(
        *made, *keys, rule, left.pk, *_client(town), _graded(town), *_confined(town), system, *_office(town)
    )


def catalogue() -> None:
    """The sample of what communities are assessed by."""
    load_sample()


def _measure() -> None:
    """The town's figures of its month, and a draft of the next catalogue."""
    catalogue()
    open_draft(actor=None, now=MONDAY)
    count_territory(MONDAY)
    while fold():
        pass
    measure_due(MONDAY)


def _office(town: Town) -> tuple[User, Veto]:
    """Gao of the assessment office, and a veto on Li's community."""
    gao = person("高雅琳")
    appoint(add_post("city_assessment", town.city, actor=None, now=MONDAY), gao, actor=None, now=MONDAY)
    turn_vetoes(1)
    return gao, fire(town.community, gao)


def _confined(town: Town) -> tuple[Matter, Matter]:
    """A quarrel, and something to be put right."""
    return _dispute(town), rectification(town, MONDAY, "S1.2.3")


def _dispute(town: Town) -> Matter:
    """A quarrel of Chen's about which both sides have agreed in writing."""
    said = Report("楼上漏水两家说不到一起", town.lamp, place=town.grid)
    wang = By(town.wang, MONDAY, words="都来了")
    matter = accept(raise_dispute(By(town.chen, MONDAY), said, parties="陈桂兰、刘志强"), wang)
    matter = arrange(matter, wang, at=MONDAY, where="调解室", mediators=[town.worker_post])
    return settle(mediate(matter, wang, outcome="agreed"), wang, way="written")


def rectification(town: Town, now: datetime, reference: str) -> Matter:
    """What Guo of the street wants put right in Li's community by a far day."""
    said = Problem("楼道堆物", "两个单元的楼道里堆满纸箱。", town.community, reference, deadline=LATER)
    return raise_rectification(By(town.guo, now), said)


def _client(town: Town) -> tuple[UUID, UUID]:
    """The hotline of the community, which comes in with a key and is told what happens."""
    about = AboutClient("12345 热线", "hotline", town.community, ["read", "feed"])
    client = make_client(about, actor=None, now=MONDAY)[0]
    webhook = make_webhook(client, "https://hotline.example/silin", actor=None, now=MONDAY)
    return client.pk, webhook.pk


def _rule(town: Town) -> int:
    """Street lights of the county go to the street's centre first."""
    about = AboutRule(town.county, PostKind.objects.get(pk="street_duty"), category=town.lamp)
    return add_rule(about, day=LATER, actor=None, now=MONDAY).number


def hotline(now: datetime) -> OutsideSystem:
    """The hotline 12345."""
    row = OutsideSystem(code="h12345", name="12345 热线", name_en="12345", kind="hotline")
    row.valid_from = now.date()
    return set_system(row, actor=None, now=now)


def _signs(town: Town) -> None:
    """A bureau whose head signs, from some day on."""
    bureau = add_organisation(town.street, About("街道城管所", "bureau"), actor=None, now=MONDAY)
    head = add_post("street_clerk", town.street, serial=9, organisation=bureau, actor=None, now=MONDAY)
    row = SignRule(organisation=bureau, head=head, valid_from=LATER)
    set_sign_rule(row, actor=None, now=MONDAY)


def _graded(town: Town) -> Matter:
    """A bad review of Chen's that Wang is to put right."""
    said = Report("楼道窗户关不上", town.lamp, place=town.grid)
    matter = accept(raise_matter("report", By(town.chen, MONDAY), said), By(town.wang, MONDAY))
    matter = answer(matter, By(town.wang, MONDAY, words="说过了"), outcome="advised")
    review(verify(matter, By(town.chen, MONDAY)), By(town.chen, MONDAY), grade=1)
    matter = accept(Matter.objects.get(about=matter), By(town.li, MONDAY))
    matter = contact(matter, By(town.li, MONDAY, words="还是关不上"), how="phone", reached=True)
    return order(matter, By(town.li, MONDAY, words="换合页"), names_case=False)


def _register(town: Town) -> dict[str, int]:
    """A shop in a block, an area that acts as county, an older net of the grid: the keys by address part."""
    by: dict[str, Any] = {"actor": None, "now": MONDAY}
    block = add_block(town.community, "柳巷北侧", **by)
    kind = FacilityKind.objects.get(pk="shop")
    shop = add_facility(town.grid, {"kind": kind, "name": "老王五金", "block": block}, **by)
    day = MONDAY.date()
    area = add_area(town.city, code="99GX", name="高新区", active_from=day, **by)
    member = add_member(area, town.other, day, **by)
    merge_net(town.grid, "fire", "消防一格", "看消防通道", day, **by)
    rows = {"block": block, "facility": shop, "area": area, "member": member}
    return {name: row.pk for name, row in rows.items()}


def _batch(town: Town) -> int:
    """A file of grids with a mistake, sent by Zhou for Guo's street."""
    lines = ["社区代码,网格名称", f"{town.community.code},第三网格", "1,哪里的网格"]
    data = "\n".join(lines).encode()
    return upload(get_sheet("grids"), town.street, data, name="grids.csv", by=town.zhou, now=MONDAY).pk


def _picture(colour: str) -> File:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    return keep(out)
