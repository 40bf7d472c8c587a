"""What is held about me: I see it, take it along, put it right, delete it; then it is nowhere any more."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from silin.accounts.actions import take_over
from silin.accounts.models import SecondFactor, User
from silin.files.actions import keep
from silin.files.models import File
from silin.history.models import Entry, Words
from silin.history.queries import check
from silin.imports.actions import commit, upload
from silin.imports.flow import get_sheet
from silin.imports.models import READ, Batch
from silin.imports.undoing import undo
from silin.lib import keyring
from silin.lib.held import kept_models
from silin.lib.personal import phone_hash
from silin.lib.refusal import Refused
from silin.lib.sheets.keeping import unpacked
from silin.lib.sheets.sheet import find_sheets
from silin.lib.sheets.writing import csv_lines
from silin.matters.bookkeeping import differences
from silin.matters.deeds import By
from silin.matters.handling import accept, answer
from silin.matters.joining import follow, join
from silin.matters.models import Matter
from silin.matters.queries import TABS
from silin.matters.raising import Report, raise_matter
from silin.matters.review import review
from silin.matters.triage import comment, release, triage
from silin.matters.verifying import verify
from silin.people import joining
from silin.people.actions import add_post, appoint
from silin.people.asking import ask_correction, decide
from silin.people.caring import look_in_on
from silin.people.erasing import erase
from silin.people.models import AttentionKind, Household, Person, Tombstone
from silin.people.register import put_down_household, put_down_person
from silin.people.retaining import retain, set_days
from silin.people.revealing import reveal
from tests.town import MONDAY, Town, build, person

NAME, PHONE = "欧阳翠萍", "19912345678"
SENTENCE = "我家住在槐树院朝南第三个窗户"
HOUR = timedelta(hours=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def picture() -> tuple[File, bytes]:
    out = io.BytesIO()
    Image.effect_noise((640, 480), 90).save(out, "JPEG")
    file = keep(io.BytesIO(out.getvalue()))
    return file, file.path().read_bytes()


def lived(town: Town) -> tuple[User, Matter, bytes]:
    """Somebody who has done everything that leaves words here."""
    user = person(NAME, phone=PHONE)
    home = put_down_household(town.building, door="301", actor=None, now=MONDAY)
    entry = put_down_person(home, NAME, phone=PHONE, birth_year=1950, actor=town.li, now=MONDAY)
    joining.join(entry, user, actor=town.li, now=MONDAY)
    file, data = picture()
    said = Report(SENTENCE, town.lamp, place=town.grid, spot=SENTENCE, photos=[file])
    matter = raise_matter("report", By(user, MONDAY), said)
    triage(matter, By(town.li, MONDAY), public=True)
    accept(matter, By(town.wang, MONDAY + HOUR))
    comment(matter, By(user, MONDAY + HOUR, words=f"就是{SENTENCE}"))
    words = f"给{NAME}打过电话{PHONE}，换好了"
    matter.refresh_from_db()
    answer(matter, By(town.wang, MONDAY + 2 * HOUR, words=words), outcome="advised")
    matter.refresh_from_db()
    verify(matter, By(town.li, MONDAY + 3 * HOUR))
    matter.refresh_from_db()
    review(matter, By(user, MONDAY + 4 * HOUR, words=SENTENCE), grade=5)
    kind = AttentionKind.objects.get(pk="disabled")
    look_in_on(entry, kind, agreed="said", actor=town.wang, now=timezone.now())
    asked = ask_correction(user, "people.Household.door", SENTENCE, now=timezone.now())
    decide(asked, "refused", f"{NAME}，门牌没错", actor=town.li, now=timezone.now())
    client = signed_in(user)
    client.post("/report/", {"words": SENTENCE, "draft": str(uuid4())})
    for right, row in ((("matters.name", matter), user), (("households.see", home), entry)):
        reveal(
            row,
            "phone",
            purpose="other",
            words=f"找{NAME}",
            right=right,
            actor=town.wang,
            now=timezone.now(),
            client_id=uuid4(),
        )
    return user, matter, data


def on_its_way(town: Town) -> None:
    """Tables that name the same person: brought in, with lines left out, taken back, and waiting."""
    home = [town.community.code, "柳巷家园", "5", "", "301"]
    good, bad = [*home, NAME, PHONE, "1951"], [*home, f"{NAME}之女", PHONE, "甲"]
    other = [*home, "欧阳建国", "", "1949"]
    done = brought_in(town, [good, other, bad])
    assert (done.new, done.changed, done.bad) == (1, 1, 1)
    back = brought_in(town, [[*home, NAME, "", "1952"], [*home, "欧阳小萍", "", ""]])
    Person.objects.filter(name=NAME).update(birth_year=1953)
    undo(back, by=None, now=timezone.now())
    sent(town, [[*home, NAME, "１９９ 1234 5678", "1954"]], name=f"{NAME}一家.csv")


def sent(town: Town, rows: list[list[str]], name: str = "居民.csv") -> Batch:
    lines = csv_lines(["社区代码", "小区", "楼号", "单元", "门牌", "姓名", "手机号", "出生年份"], rows)
    data = "".join(lines).encode()
    return upload(get_sheet("residents"), town.community, data, name=name, by=None, now=timezone.now())


def brought_in(town: Town, rows: list[list[str]]) -> Batch:
    return commit(sent(town, rows), by=None, now=timezone.now(), good_rows=True)


def opened(value: str) -> str:
    """What an encrypted value says; of a packed file what lies in it, and of one that was read its lines."""
    words = keyring.decrypt(value)
    if words.startswith(READ):
        return repr(unpacked(words.removeprefix(READ)))
    with contextlib.suppress(ValueError):
        data = base64.b64decode(words, validate=True)
        if not data.startswith(b"PK"):
            return data.decode()
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "".join(packed.read(name).decode() for name in packed.namelist())
    return words


def everything() -> Iterator[tuple[str, str]]:
    """Every value of every column of every table, as text, and what it says where it is encrypted."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    yield table, bytes(value).hex() if isinstance(value, memoryview | bytes) else str(value)
                    if str(value).startswith("gAAAA"):
                        yield table, opened(value)


def traces(words: list[str]) -> set[str]:
    """Where any of ``words`` stands, as it is or as JSON writes it."""
    wanted = {form for word in words for form in (word, json.dumps(word)[1:-1], word.encode().hex())}
    return {table for table, value in everything() if any(word in value for word in wanted)}


def bytes_on_disk(place: Path, data: bytes) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file() and data in path.read_bytes()]


@pytest.fixture
def here(db: None) -> Town:
    return build()


def test_a_resident_sees_what_is_held_and_who_looked(here: Town) -> None:
    user, _matter, _data = lived(here)
    page = signed_in(user).get("/me/privacy/").content.decode()
    assert NAME in page
    assert PHONE not in page
    assert "199****5678" in page
    for words in ("存着我的哪些信息", "本人同意", "社区的法定职责", "网格员", "看过您的号码", f"找{NAME}"):
        assert words in page, words
    assert "王淑琴" not in page
    other = signed_in(here.chen).get("/me/privacy/").content.decode()
    assert NAME not in other
    assert Client().get("/me/privacy/").status_code == 404


def test_everything_can_be_taken_along(here: Town) -> None:
    user, _matter, _data = lived(here)
    answer = signed_in(user).get("/me/privacy/export/")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    told = json.loads(archive.read("silin.json"))
    said = {each["value"] for drawer in told["held"] for row in drawer["rows"] for each in row}
    assert {NAME, PHONE, SENTENCE, "301", "1950"} <= said
    assert len(told["looked"]) == 2
    readable = archive.read("silin.html").decode()
    assert PHONE in readable
    assert "<script" not in readable


def test_own_fields_are_put_right(here: Town) -> None:
    user, _matter, _data = lived(here)
    client = signed_in(user)
    wrong = client.post("/me/privacy/", {"name": NAME, "phone": "12"})
    assert wrong.status_code == 400
    assert (
        client.post("/me/privacy/", {"name": "欧阳萍", "phone": PHONE, "birth_year": "1951"}).status_code
        == 302
    )
    entry = Person.objects.get(user=user)
    assert (entry.name, entry.birth_year) == ("欧阳萍", 1951)
    assert signed_in(here.chen).post("/me/privacy/", {"name": "谁"}).status_code == 404


def taken_out(user: User, matter: Matter) -> str:
    """Every table that somebody at a desk can take out of here, and ``matter`` as it is found there."""
    desk, found = signed_in(user), []
    for sheet in find_sheets():
        found.append(desk.get(f"/desk/imports/{sheet.key}/export/", {"form": "csv"}))
    for asked in ({"q": matter.number}, *({"tab": tab} for tab in TABS)):
        found.append(desk.get("/desk/list.csv", asked))
    return "".join(b"".join(answer).decode() for answer in found if answer.status_code == 200)


def test_after_a_deletion_nothing_is_left_anywhere(here: Town) -> None:
    user, matter, data = lived(here)
    on_its_way(here)
    assert NAME in taken_out(here.li, matter)
    assert len(found := traces([NAME, PHONE, SENTENCE])) > 5
    assert "imports_batch" in found
    assert bytes_on_disk(Path(settings.SILIN_HOME), data)
    seen = signed_in(user)
    assert seen.post("/me/privacy/delete/", {}).status_code == 400
    answer = seen.post("/me/privacy/delete/", {"sure": "on"})
    assert answer["Location"] == "/me/privacy/gone/"
    assert traces([NAME, PHONE, SENTENCE, phone_hash(PHONE)]) == set()
    assert bytes_on_disk(Path(settings.SILIN_HOME), data) == []
    exported = taken_out(here.li, matter)
    assert matter.shown_number in exported
    assert not any(said in exported for said in (NAME, PHONE, SENTENCE))
    assert not File.objects.exists()
    assert not user.search_keys.exists()
    assert check() == []
    assert [bool(each.rows) for each in Batch.objects.order_by("pk")] == [True, False, False]
    assert [each.state for each in Batch.objects.order_by("pk")] == ["committed", "undone", "dropped"]
    assert {"accounts.User", "people.Person", "matters.Matter"} <= set(
        Tombstone.objects.values_list("model", flat=True)
    )
    assert Entry.objects.filter(subject=f"user:{user.pk}", action="erase").exists()
    for who, there in ((here.li, f"/desk/m/{matter.number}/"), (here.wang, f"/w/tasks/{matter.number}/")):
        page = signed_in(who).get(there)
        assert page.status_code == 200
        assert "已删去" in page.content.decode()


def test_a_session_left_open_somewhere_ends(here: Town) -> None:
    user, _matter, _data = lived(here)
    elsewhere = signed_in(user)
    erase(user, now=timezone.now())
    assert elsewhere.get("/me/privacy/").status_code == 404
    again = person("", phone=PHONE)
    assert again.pk != user.pk


def test_what_belongs_to_others_stays(here: Town) -> None:
    user, _matter, _data = lived(here)
    home = Household.objects.get()
    put_down_person(home, "欧阳建国", actor=here.li, now=MONDAY)
    theirs = raise_matter("report", By(here.chen, MONDAY), Report("楼道灯坏了", here.lamp, place=here.grid))
    erase(user, now=timezone.now())
    home.refresh_from_db()
    assert home.door == "301"
    assert Person.objects.get().name == "欧阳建国"
    theirs.refresh_from_db()
    assert theirs.words == "楼道灯坏了"


def test_whoever_is_gone_met_nothing_too_and_nobody_names_them(here: Town) -> None:
    user, guest = person(NAME, phone=PHONE), User.objects.guest()
    own = raise_matter("report", By(guest, MONDAY), Report(SENTENCE, here.lamp, place=here.grid))
    comment(own, By(guest, MONDAY + HOUR, words=f"就是{SENTENCE}"))
    take_over(guest, user, MONDAY + HOUR)
    found = Report("楼道灯坏了", here.lamp, place=here.grid, channel="worker")
    theirs = raise_matter("report", By(here.wang, MONDAY), found)
    for each in (own, theirs):
        release(each, By(here.li, MONDAY + HOUR))
    file, data = picture()
    join(theirs, By(user, MONDAY + HOUR, words=SENTENCE), photos=[file])
    join(own, By(here.chen, MONDAY + HOUR, words=f"{NAME}家门口我也看见了"))
    follow(theirs, here.chen, MONDAY + HOUR)
    erase(user, now=timezone.now())
    assert traces([NAME, PHONE, SENTENCE]) == set()
    assert bytes_on_disk(Path(settings.SILIN_HOME), data) == []
    theirs.refresh_from_db()
    assert (theirs.follows, theirs.me_toos) == (1, 0)
    assert list(differences()) == []


def test_whoever_holds_a_post_gives_it_up_first(here: Town) -> None:
    answer = signed_in(here.wang).post("/me/privacy/delete/", {"sure": "on"})
    assert answer.status_code == 409
    assert User.objects.get(pk=here.wang.pk).name == "王淑琴"


def test_the_file_of_the_database_forgets_too(live_db: str) -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL keeps its rows in files of its own; its tables are searched above
    town = build()
    user, _matter, _data = lived(town)
    erase(user, now=timezone.now())
    connection.close()
    for path in Path(live_db).parent.glob(Path(live_db).name + "*"):
        found = path.read_bytes()
        assert all(word.encode() not in found for word in (NAME, PHONE, SENTENCE)), path


def test_what_is_past_its_time_goes_at_night(here: Town) -> None:
    user, matter, _data = lived(here)
    entry = Person.objects.get(user=user)
    Person.objects.filter(pk=entry.pk).update(left_on=MONDAY.date())
    Matter.objects.filter(pk=matter.pk).update(closed_at=MONDAY)
    retain(MONDAY + timedelta(days=300))
    entry.refresh_from_db()
    assert (entry.name, entry.phone) == (NAME, PHONE)
    assert retain(MONDAY + timedelta(days=367)) > 0
    entry.refresh_from_db()
    assert (entry.name, entry.phone, entry.phone_hash, entry.birth_year) == ("", "", "", None)
    matter.refresh_from_db()
    assert matter.words == SENTENCE
    safe = person("钱卫")
    appoint(add_post("security_admin", here.city, actor=None, now=MONDAY), safe, actor=None, now=MONDAY)
    set_days("matters.Matter.words", 400, actor=safe, now=MONDAY)
    retain(MONDAY + timedelta(days=401))
    matter.refresh_from_db()
    assert (matter.words, matter.search) == ("", "")
    retain(MONDAY + timedelta(days=1100))
    assert retain(MONDAY + timedelta(days=1100)) == 0
    assert Tombstone.objects.filter(why="retention", model="people.Person").exists()
    assert check() == []
    with pytest.raises(LookupError):
        set_days("people.Person.shoe_size", 3, actor=None, now=MONDAY)


def test_every_model_that_leads_to_an_account_says_what_it_holds_or_why_not() -> None:
    held = {kept.label for kept in kept_models()}
    assert {"accounts.User", "people.Person", "matters.Matter", "history.Words", "notices.Notice"} <= held


def test_words_of_an_office_stay_when_somebody_has_left_it(here: Town) -> None:
    matter = raise_matter("report", By(here.chen, MONDAY), Report("灯不亮", here.lamp, place=here.grid))
    accept(matter, By(here.wang, MONDAY))
    comment(matter, By(here.wang, MONDAY, words="明天上午来"))
    here.wang.holdings.update(valid_until=MONDAY.date())
    user = User.objects.get(pk=here.wang.pk)
    erase(user, now=timezone.now())
    assert Words.objects.filter(text="明天上午来").exists()
    with pytest.raises(Refused, match="has_post"):
        erase(here.li, now=timezone.now())


def test_the_secret_of_a_second_factor_is_named_and_never_said(here: Town) -> None:
    SecondFactor.objects.create(user=here.chen, secret="JBSWY3DPEHPK3PXP")
    client = signed_in(here.chen)
    archive = zipfile.ZipFile(io.BytesIO(client.get("/me/privacy/export/").content))
    for told in (client.get("/me/privacy/").content, archive.read("silin.json"), archive.read("silin.html")):
        assert "JBSW" not in told.decode()
        assert "••••" in told.decode()
