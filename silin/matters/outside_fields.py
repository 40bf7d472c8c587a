"""What a column of an outside system's sheet may hold: our fields by name, and what each says of a matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from silin.accounts.models import User
from silin.history.models import Entry
from silin.lib.refusal import Words
from silin.lib.sheets.columns import in_all_languages
from silin.matters.forms import GRADES
from silin.matters.models import Matter, OutsideSystem, Review, State, Ticket
from silin.matters.showing import channel_words, spot_of
from silin.places.levels import Level
from silin.places.models import Place

AT_ONCE = 200
DONE = (State.ANSWERED, State.CLOSED)
ENDING = ("answer", "sign", "settle_at_once", "close", "triage", "merge")
DECORATION = re.compile(r"[\s*＊:：]|[(（【\[].*?[)）】\]]")


@dataclass(frozen=True)
class Told:
    """A matter with what a sheet says of it beside its own row.

    ``answer`` are the words by which it was settled, ``grade`` what its raiser thought, for whoever did not
    handle it; ``personal``: name and number of the raiser are told.
    """

    matter: Matter
    ticket: Ticket | None = None
    answer: str = ""
    grade: int | None = None
    personal: bool = False

    @property
    def done(self) -> bool:
        """Whether there is an answer."""
        return self.matter.state in DONE

    @property
    def raiser(self) -> User | None:
        """Whoever raised it, where that is told and they did not ask for silence."""
        return self.matter.raiser if self.personal and not self.matter.name_withheld else None


Say = Callable[[Told], str]


@dataclass(frozen=True)
class Field:
    """One of our fields: its name in a mapping, its title, by what headings offices call it.

    ``personal``: it says who raised a matter, and is told only to whoever may reveal it.
    """

    name: str
    title: Words
    say: Say
    also: tuple[str, ...] = ()
    personal: bool = False


def moment(at: datetime | None) -> str:
    """A moment as sheets carry it."""
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""


def yes_no(said: bool | None) -> str:
    """是 or 否; empty where nobody said."""
    return "" if said is None else str(_("yes") if said else _("no"))


def stands(told: Told) -> str:
    """Where it stands, in a few words: what it is, with whom, until when."""
    matter = told.matter
    words = [str(matter.get_state_display())]
    if not told.done and matter.holder is not None:
        words.append(_("with: %(post)s") % {"post": matter.holder})
    if not told.done and matter.is_open and matter.handle_due:
        words.append(_("due %(day)s") % {"day": moment(matter.handle_due)})
    return "，".join(words)


def result(told: Told) -> str:
    """How it ended and in whose words; empty while it goes on."""
    if not told.done:
        return ""
    return "：".join(filter(None, [str(told.matter.get_outcome_display()), told.answer]))


def body(told: Told) -> str:
    """Who handled it: the organisation, else the post."""
    post = told.matter.holder
    return "" if post is None else str(post.organisation or post)


def _ticket(column: str) -> Say:
    return lambda told: str(getattr(told.ticket, column)) if told.ticket else ""


def _type(told: Told) -> str:
    return (told.ticket.type_name if told.ticket else "") or str(told.matter.filed_as)


def _unit(told: Told) -> str:
    return (told.ticket.unit_name if told.ticket else "") or body(told)


def _due(told: Told) -> str:
    return moment((told.ticket.due_at if told.ticket else None) or told.matter.handle_due)


def _called(told: Told) -> str:
    return moment((told.ticket.called_at if told.ticket else None) or told.matter.raised_at)


def _above(level: Level) -> Say:
    def say(told: Told) -> str:
        place: Place | None = told.matter.place
        while place is not None and place.level != level:
            place = place.parent
        return place.short_name if place is not None else ""

    return say


def _where(told: Told) -> str:
    return " ".join(filter(None, [told.matter.place.short_name, spot_of(told.matter)]))


def _grade(told: Told) -> str:
    return str(dict(GRADES).get(told.grade, "")) if told.grade else ""


def _degrees(column: str) -> Say:
    def say(told: Told) -> str:
        value = getattr(told.matter, column)
        return "" if value is None else f"{value:.6f}"

    return say


FIELDS: dict[str, Field] = {
    each.name: each
    for each in (
        Field(
            "ticket",
            gettext_lazy("Number of the order"),
            _ticket("number"),
            (
                "工单编号",
                "工单号",
                "受理编号",
                "案件编号",
                "流水号",
                "编号",
                "诉求编号",
                "工单编码",
                "任务号",
            ),
        ),
        Field(
            "called",
            gettext_lazy("When they called"),
            _called,
            ("来电时间", "受理时间", "反映时间", "诉求时间", "登记时间", "上报时间", "创建时间"),
        ),
        Field(
            "caller",
            gettext_lazy("Who called"),
            lambda told: str(told.raiser or ""),
            ("来电人", "来电人姓名", "诉求人", "反映人", "市民姓名", "联系人", "姓名"),
            personal=True,
        ),
        Field(
            "phone",
            gettext_lazy("Their number"),
            lambda told: str(told.raiser.phone or "") if told.raiser else "",
            ("联系电话", "来电号码", "电话", "手机", "手机号", "联系方式", "诉求人电话", "主叫号码"),
            personal=True,
        ),
        Field(
            "title",
            gettext_lazy("What it is about"),
            lambda told: told.matter.title,
            ("诉求标题", "标题", "工单标题", "事项标题", "主题", "问题标题"),
        ),
        Field(
            "words",
            pgettext_lazy("order", "What was said"),
            lambda told: told.matter.words,
            (
                "诉求内容",
                "内容",
                "工单内容",
                "反映内容",
                "问题描述",
                "诉求描述",
                "来电内容",
                "详细描述",
                "描述",
            ),
        ),
        Field(
            "type",
            gettext_lazy("Their sort of matter"),
            _type,
            (
                "诉求类型",
                "诉求类别",
                "工单类型",
                "问题类型",
                "诉求分类",
                "工单分类",
                "类型",
                "类别",
                "问题分类",
            ),
        ),
        Field(
            "area",
            gettext_lazy("Which area"),
            _above(Level.COMMUNITY),
            ("区域", "所属区域", "所属街道", "所在区域", "街道", "社区", "所属社区", "镇街", "事发区域"),
        ),
        Field(
            "address",
            gettext_lazy("Address of it"),
            _where,
            ("地址", "诉求地址", "事发地址", "事发地点", "地点", "详细地址", "问题地址", "发生地址", "位置"),
        ),
        Field(
            "unit",
            gettext_lazy("Whom they sent it to"),
            _unit,
            ("承办单位", "责任单位", "派单单位", "主办单位", "接收单位"),
        ),
        Field(
            "due",
            gettext_lazy("When they want an answer"),
            _due,
            ("办理时限", "办结时限", "截止时间", "处理时限", "要求办结时间", "到期时间", "回复时限"),
        ),
        Field(
            "wants_call",
            gettext_lazy("Wants to be called back"),
            lambda told: yes_no(told.ticket.wants_call if told.ticket else None),
            ("是否回访", "需要回访", "是否需要回访", "是否回电"),
        ),
        Field(
            "withheld",
            gettext_lazy("Keeps their name"),
            lambda told: yes_no(told.matter.name_withheld),
            ("是否保密", "保密", "信息保密", "是否信息保密"),
        ),
        Field(
            "number",
            gettext_lazy("Our number"),
            lambda told: told.matter.shown_number,
            ("事项编号", "四邻编号", "社区编号"),
        ),
        Field(
            "category", gettext_lazy("Our category"), lambda told: str(told.matter.filed_as), ("事项类别",)
        ),
        Field(
            "grid",
            pgettext_lazy("place", "Our grid"),
            lambda told: told.matter.place.short_name,
            ("网格", "所属网格"),
        ),
        Field("street", gettext_lazy("Our street or town"), _above(Level.STREET)),
        Field("lon", gettext_lazy("Longitude"), _degrees("lon"), ("经度",)),
        Field("lat", gettext_lazy("Latitude"), _degrees("lat"), ("纬度",)),
        Field(
            "channel",
            gettext_lazy("How it came in"),
            lambda told: channel_words(told.matter.channel),
            ("来源", "来源渠道"),
        ),
        Field(
            "raised", gettext_lazy("Raised here"), lambda told: moment(told.matter.raised_at), ("登记日期",)
        ),
        Field(
            "stands",
            pgettext_lazy("answer", "Where it stands"),
            stands,
            ("办理情况", "办理状态", "工单状态", "状态"),
        ),
        Field(
            "result",
            pgettext_lazy("answer", "What came of it"),
            result,
            ("办理结果", "处理结果", "办理回复", "回复内容", "答复内容"),
        ),
        Field(
            "closed",
            gettext_lazy("Done on"),
            lambda told: moment(told.matter.answered_at or told.matter.closed_at) if told.done else "",
            ("办结时间", "完成时间", "回复时间", "答复时间"),
        ),
        Field("handled_by", gettext_lazy("Who handled it"), body, ("办理单位", "处理单位", "经办单位")),
        Field(
            "grade",
            gettext_lazy("How satisfied they were"),
            _grade,
            ("满意度", "评价", "满意情况", "回访结果"),
        ),
    )
}
ASKED = ("ticket", "called", "caller", "phone", "title", "words", "type", "area", "address", "unit", "due")
ANSWERS = ("stands", "result", "closed", "handled_by", "grade")
"""What goes back to a hotline."""

USUAL = ("number", "ticket", "raised", "category", "title", "words", "area", "address", "stands", "result")
"""What a sheet says where nobody has laid out its columns."""


def columns_of(system: OutsideSystem) -> list[list[str]]:
    """Its columns: as somebody has laid them out, else what usually matters."""
    names = (*ASKED, *ANSWERS) if system.is_hotline else USUAL
    return system.columns or [[str(FIELDS[name].title), name, ""] for name in names]


def is_personal(system: OutsideSystem) -> bool:
    """Whether its sheet has a column that says who raised a matter."""
    return any(field in FIELDS and FIELDS[field].personal for _heading, field, _fixed in columns_of(system))


def guess(heading: str) -> str:
    """The field that offices call so; empty where none."""
    wanted = plain(heading)
    for field in FIELDS.values():
        if wanted in {plain(each) for each in (*in_all_languages(field.title), *field.also)}:
            return field.name
    return ""


def plain(heading: str) -> str:
    """A heading without blanks, stars and what stands in brackets."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return DECORATION.sub("", folded) or folded.strip()


def laid_out(system: OutsideSystem, told: Told) -> list[str]:
    """What the columns of the system hold for one matter."""
    return [
        FIELDS[field].say(told) if field in FIELDS else fixed for _heading, field, fixed in columns_of(system)
    ]


def headings(system: OutsideSystem) -> list[str]:
    """Its headings, in its order."""
    return [heading for heading, _field, _fixed in columns_of(system)]


def as_text(system: OutsideSystem, told: Told) -> str:
    """The same for one matter as lines, to be put into the clipboard."""
    cells = zip(headings(system), laid_out(system, told), strict=True)
    return "\n".join(f"{heading}：{cell}" for heading, cell in cells)


def telling(
    pairs: Iterable[tuple[Matter, Ticket | None]], reader: User, *, personal: bool = False
) -> Iterator[Told]:
    """Each matter with its answer and grade, in order. Two statements for each two hundred."""
    waiting = iter(pairs)
    while some := list(islice(waiting, AT_ONCE)):
        done = [matter for matter, _ticket in some if matter.state in DONE]
        words, grades = _answers(done), _grades(done, reader)
        for matter, ticket in some:
            yield Told(matter, ticket, words.get(matter.subject, ""), grades.get(matter.subject), personal)


def _answers(matters: Sequence[Matter]) -> dict[str, str]:
    """The last words by which each was settled, by subject."""
    subjects = [matter.subject for matter in matters]
    rows = Entry.objects.filter(subject__in=subjects, action__in=ENDING, after__in=DONE)
    rows = rows.select_related("words").order_by("subject", "seq")
    return {row.subject: row.words.text for row in rows if hasattr(row, "words")}


def _grades(matters: Sequence[Matter], reader: User) -> dict[str, int]:
    """What raisers thought of it, by subject; nothing of what the reader handled."""
    keys = [matter.pk for matter in matters if matter.handler_id != reader.pk]
    rows = Review.objects.filter(matter__in=keys, set_aside_at=None).values_list("matter", "grade")
    return {f"matter:{key}": grade for key, grade in rows}
