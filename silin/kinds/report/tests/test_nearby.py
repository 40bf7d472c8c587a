"""Somebody else has reported it already; somebody says it into the phone, or does not want to be named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from silin.files.models import File
from silin.kinds.report.actions import forget
from silin.kinds.report.models import Draft
from silin.kinds.report.tests.conftest import photo
from silin.kinds.report.tests.test_reporting import POINT, WORDS, begin, place, send
from silin.matters.deeds import By
from silin.matters.models import Follower, Matter
from silin.matters.raising import Report, raise_matter
from silin.matters.triage import release
from tests.town import Town

SOUND = b"ID3\x04" + bytes(3000)


def recorded(data: bytes = SOUND) -> SimpleUploadedFile:
    return SimpleUploadedFile("语音.mp3", data, "audio/mpeg")


def known(town: Town, *, public: bool = True) -> Matter:
    """The same lamp, reported by Chen."""
    report = Report("5 号楼门口的路灯坏了", town.lamp, building=town.building)
    matter = raise_matter("report", By(town.chen, timezone.now()), report)
    return release(matter, By(town.li, timezone.now())) if public else matter


def test_a_visitor_says_me_too_instead_and_nothing_typed_is_lost(client: Client, town: Town) -> None:
    matter = known(town)
    draft = begin(client, WORDS, photos=photo())
    answer = place(client, draft)
    assert answer["Location"].startswith("/report/near/")
    page = client.get(answer["Location"]).text
    assert "5 号楼门口的路灯坏了" in page
    assert "陈桂兰" not in page
    done = client.post("/report/near/", {"client_id": draft, "join": matter.number})
    assert done.status_code == 303
    assert "已算上您" in client.get(done["Location"]).text
    row = Follower.objects.get()
    assert (row.matter, row.me_too, row.words, matter.photos.count()) == (matter, True, WORDS, 1)
    assert (Matter.objects.count(), Draft.objects.count()) == (1, 0)


def test_none_of_these_goes_on_and_the_map_shows_them_while_it_moves(client: Client, town: Town) -> None:
    known(town)
    draft = begin(client)
    fragment: Any = {"X-Fragment": "near"}
    found = client.get("/report/near/", {"draft": draft, **POINT}, headers=fragment)
    assert "路灯坏了" in found.text
    seen = place(client, draft, at="here", seen="yes", **POINT)
    assert seen["Location"].startswith("/report/check/")
    elsewhere = place(client, draft, at=f"building:{town.building.pk}", seen="yes", **POINT)
    assert elsewhere["Location"].startswith("/report/near/")


def test_what_is_not_released_is_not_offered(client: Client, town: Town) -> None:
    known(town, public=False)
    assert place(client, begin(client))["Location"].startswith("/report/check/")


def test_many_guests_at_one_address_are_stopped(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter, draft = known(town), begin(client)
    monkeypatch.setattr("silin.accounts.signing_in.GUESTS_AN_HOUR", 1)
    assert client.post(f"/near/{matter.number}/", {"do": "follow"}).status_code == 303
    assert client.post("/report/near/", {"client_id": draft, "join": matter.number}).status_code == 429
    assert client.post(f"/near/{matter.number}/", {"do": "unfollow"}).status_code == 303
    assert (Follower.objects.count(), Draft.objects.count()) == (0, 1)


def test_what_is_taken_away_again_is_gone_for_good(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    draft = begin(client, WORDS, photos=photo(), voice=recorded())
    taken = {file.pk: file for file in File.objects.all()}
    sound = Draft.objects.get().voice_id
    [shown] = set(taken) - {sound}
    client.post("/report/", {"client_id": draft, "words": WORDS, "voice": recorded(SOUND + b"2")})
    assert not taken[str(sound)].path().exists()
    client.post("/report/", {"client_id": draft, "words": WORDS, "drop_voice": "1"})
    client.post("/report/", {"client_id": draft, "words": WORDS, "drop": shown})
    assert not File.objects.exists()
    assert not taken[shown].path().exists()


def test_files_of_a_draft_go_with_it_unless_a_matter_shows_them(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    draft = begin(client, WORDS, photos=photo(), voice=recorded())
    place(client, draft)
    send(client, draft)
    forget(timezone.now() + timedelta(days=2))
    assert (Draft.objects.count(), File.objects.count()) == (0, 2)
    begin(client, "树枝挡住了窗户", photos=[photo(), photo(colour="#348")], voice=recorded(SOUND + b"3"))
    assert File.objects.count() == 4
    forget(timezone.now() + timedelta(days=31))
    assert (Draft.objects.count(), File.objects.count()) == (0, 2)
    assert all(file.path().exists() for file in File.objects.all())


def test_a_voice_note_instead_of_words(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    draft = str(uuid4())
    lie = client.post("/report/", {"client_id": draft, "words": "", "voice": recorded(b"MZ not a sound")})
    assert lie.status_code == 400
    answer = client.post("/report/", {"client_id": draft, "words": "", "voice": recorded()})
    assert answer.status_code == 303
    draft = answer["Location"].partition("draft=")[2]
    place(client, draft)
    number = send(client, draft, category="street_light")["Location"].split("/")[3]
    whole = client.get(f"/m/{number}/voice/")
    assert (whole.status_code, whole.content, whole["Content-Type"]) == (200, SOUND, "audio/mpeg")
    part = client.get(f"/m/{number}/voice/", headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, SOUND[:2])
    worker, stranger = Client(), Client()
    worker.force_login(town.wang)
    stranger.force_login(town.stranger)
    assert "<audio" in worker.get(f"/w/tasks/{number}/").text
    assert worker.get(f"/m/{number}/voice/").status_code == 200
    release(Matter.objects.get(), By(town.li, timezone.now()))
    assert stranger.get(f"/m/{number}/voice/").status_code == 404
    assert Client().get(f"/m/{number}/voice/").status_code == 404


def test_a_name_that_is_kept_is_for_the_desk_alone(client: Client, town: Town) -> None:
    client.force_login(town.chen)
    draft = begin(client)
    place(client, draft)
    receipt = client.get(send(client, draft, name_withheld="on")["Location"]).text
    assert "<svg" in receipt.split('class="section qr"')[1]
    matter = Matter.objects.get()
    worker, desk = Client(), Client()
    worker.force_login(town.wang)
    desk.force_login(town.li)
    page = worker.get(f"/w/tasks/{matter.number}/").text
    assert "陈桂兰" not in page
    assert "199****0002" not in page
    assert worker.get(f"/w/tasks/{matter.number}/call/").status_code == 404
    assert "陈桂兰" in desk.get(f"/desk/m/{matter.number}/").text
    assert desk.get(f"/desk/m/{matter.number}/call/").status_code == 200
