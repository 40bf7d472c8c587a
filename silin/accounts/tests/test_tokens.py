"""Secrets that work once, for one person, for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from silin.accounts.models import OneTimeToken
from silin.accounts.tokens import CODE_LASTS, find, forget, issue, issue_code, redeem
from silin.lib.ids import ALPHABET
from silin.lib.refusal import Refused
from silin.lib.workdays import SHANGHAI

NOW = datetime(2026, 3, 3, 12, tzinfo=SHANGHAI)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
db = pytest.mark.django_db


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.message
    return refused.value.code


def wrong(code: str, n: int = 1) -> str:
    return f"{(int(code) + n) % 1_000_000:06}"


@db
def test_a_link_works_once() -> None:
    secret = issue("review", "matter:7", WEEK, NOW)
    assert len(secret) == 16
    assert set(secret) <= set(ALPHABET)
    token = redeem("review", secret, NOW + SECOND)
    assert (token.subject, token.used_at) == ("matter:7", NOW + SECOND)
    assert refusal(lambda: redeem("review", secret, NOW)) == "token_used"
    assert refusal(lambda: find("review", secret, NOW)) == "token_used"


@db
def test_only_hashes_are_kept() -> None:
    secret, code = issue("review", "matter:7", WEEK, NOW), issue_code("sign_in", "somebody", NOW)
    kept = str(list(OneTimeToken.objects.values()))
    assert secret not in kept
    assert code not in [token.secret_hash for token in OneTimeToken.objects.all()]
    assert {len(token.secret_hash) for token in OneTimeToken.objects.all()} == {64}


@db
def test_a_slip_may_be_typed_by_hand() -> None:
    secret = issue("review", "matter:7", WEEK, NOW)
    typed = f" {secret[:4].lower()}-{secret[4:8]} {secret[8:]} "
    assert find("review", typed, NOW).subject == redeem("review", typed, NOW).subject == "matter:7"


@db
def test_looking_does_not_use_it_up() -> None:
    secret = issue("review", "matter:7", WEEK, NOW)
    assert find("review", secret, NOW).used_at is None
    assert redeem("review", secret, NOW, subject="matter:7").used_at == NOW


@db
def test_links_end() -> None:
    secret = issue("review", "matter:7", WEEK, NOW)
    assert refusal(lambda: redeem("review", secret, NOW + WEEK)) == "token_expired"
    assert redeem("review", secret, NOW + WEEK - SECOND)


@db
@pytest.mark.parametrize("secret", ["", "K7QM3XZPK7QM3XZP", "路灯", "K7" * 5000, "\x00", "123456"])
def test_unknown_secrets(secret: str) -> None:
    issue("review", "matter:7", WEEK, NOW)
    assert refusal(lambda: redeem("review", secret, NOW)) == "token_unknown"
    assert refusal(lambda: redeem("review", secret, NOW, subject="matter:7")) == "token_unknown"


@db
def test_a_link_is_good_for_its_own_purpose_and_subject_only() -> None:
    secret = issue("review", "matter:7", WEEK, NOW)
    assert refusal(lambda: redeem("sign_in", secret, NOW)) == "token_unknown"
    assert refusal(lambda: redeem("review", secret, NOW, subject="matter:8")) == "token_unknown"
    assert redeem("review", secret, NOW)


@db
def test_a_code_works_once_for_its_subject() -> None:
    code = issue_code("sign_in", "somebody", NOW)
    assert len(code) == 6
    assert code.isdigit()
    assert refusal(lambda: redeem("sign_in", code, NOW)) == "token_unknown"
    assert refusal(lambda: redeem("sign_in", code, NOW, subject="another")) == "token_unknown"
    spaced = f"{code[:3]} {code[3:]}"
    assert redeem("sign_in", spaced, NOW, subject="somebody").used_at == NOW
    assert refusal(lambda: redeem("sign_in", code, NOW, subject="somebody")) == "token_used"


@db
def test_codes_end_after_ten_minutes() -> None:
    code = issue_code("sign_in", "somebody", NOW)
    late = NOW + CODE_LASTS
    assert timedelta(minutes=10) == CODE_LASTS
    assert refusal(lambda: redeem("sign_in", code, late, subject="somebody")) == "token_expired"
    assert redeem("sign_in", code, late - SECOND, subject="somebody")


@db
def test_a_new_code_replaces_the_old_one() -> None:
    old = issue_code("sign_in", "somebody", NOW)
    new = issue_code("sign_in", "somebody", NOW + SECOND)
    if old != new:
        assert refusal(lambda: redeem("sign_in", old, NOW + SECOND, subject="somebody")) == "token_unknown"
    assert redeem("sign_in", new, NOW + SECOND, subject="somebody")


@db
def test_five_wrong_tries_kill_a_code() -> None:
    code = issue_code("sign_in", "somebody", NOW)
    for n in range(1, 6):
        assert refusal(partial(redeem, "sign_in", wrong(code, n), NOW, "somebody")) == "token_unknown"
    right = refusal(lambda: redeem("sign_in", code, NOW, subject="somebody"))
    assert (
        right == refusal(lambda: redeem("sign_in", wrong(code), NOW, subject="somebody")) == "token_expired"
    )
    assert OneTimeToken.objects.get().tries == 5


@db
def test_the_fifth_try_may_be_the_right_one() -> None:
    code = issue_code("sign_in", "somebody", NOW)
    for n in range(1, 5):
        with pytest.raises(Refused):
            redeem("sign_in", wrong(code, n), NOW, subject="somebody")
    assert redeem("sign_in", code, NOW, subject="somebody").tries == 5


@db
def test_old_tokens_are_forgotten() -> None:
    issue("review", "old", timedelta(0), NOW - timedelta(days=31))
    issue("review", "fresh", timedelta(0), NOW - timedelta(days=29))
    forget(NOW)
    assert [token.subject for token in OneTimeToken.objects.all()] == ["fresh"]


def all_at_once(act: Callable[[int], object], people: int) -> list[str]:
    """What ``people`` threads are told that act at the same moment: ``ok`` or the code of a refusal."""
    start, told = threading.Barrier(people), [""] * people

    def one(n: int) -> None:
        start.wait()
        try:
            act(n)
            told[n] = "ok"
        except Refused as refused:
            told[n] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_of_many_who_click_at_once_one_wins(live_db: str) -> None:
    secret = issue("review", "matter:7", WEEK, NOW)
    told = all_at_once(lambda n: redeem("review", secret, NOW), 8)
    assert told == ["ok"] + ["token_used"] * 7


def test_of_many_who_type_a_code_at_once_one_wins(live_db: str) -> None:
    code = issue_code("sign_in", "somebody", NOW)
    told = all_at_once(lambda n: redeem("sign_in", code, NOW, subject="somebody"), 8)
    assert told == ["ok"] + ["token_used"] * 7


def test_many_guesses_at_once_are_still_five(live_db: str) -> None:
    code = issue_code("sign_in", "somebody", NOW)
    told = all_at_once(lambda n: redeem("sign_in", wrong(code, n + 1), NOW, subject="somebody"), 12)
    assert told == ["token_expired"] * 7 + ["token_unknown"] * 5
    assert OneTimeToken.objects.get().tries == 5
