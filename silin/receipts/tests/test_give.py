"""A client id is answered once, and the same answer comes back however often it is asked."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from silin.accounts.models import User
from silin.lib.refusal import Refused
from silin.receipts.actions import give
from silin.receipts.models import Receipt

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
PAYLOAD = {"words": "灯不亮", "at": NOW, "hours": 1.0}


def kept(client_id: UUID) -> Any:
    """The answer in the book, None where there is none."""
    return Receipt.objects.filter(pk=client_id).values_list("answer", flat=True).first()


def ask(client_id: UUID, **other: Any) -> dict[str, Any]:
    said = {
        "actor": None,
        "action": "raise",
        "payload": PAYLOAD,
        "answer": {"number": "K7QM3XZP"},
        "now": NOW,
    }
    return give(client_id, **{**said, **other})


@pytest.mark.django_db
def test_a_new_id_is_given_the_answer_itself() -> None:
    sent, answer = uuid4(), {"number": "K7QM3XZP", "id": uuid4()}
    assert kept(sent) is None
    assert ask(sent, answer=answer) is answer
    assert kept(sent) == {"number": "K7QM3XZP", "id": str(answer["id"])}
    receipt = Receipt.objects.get()
    assert (receipt.client_id, receipt.action, receipt.actor, receipt.at) == (sent, "raise", None, NOW)
    assert "灯" not in str(receipt.__dict__)


@pytest.mark.django_db
def test_the_same_id_again_is_given_the_first_answer() -> None:
    sent = uuid4()
    ask(sent)
    second = {"number": "AAAABBBB"}
    again = ask(sent, answer=second, payload=dict(reversed(PAYLOAD.items())) | {"hours": 1})
    assert again == {"number": "K7QM3XZP"}
    assert again is not second
    assert Receipt.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"payload": {"words": "水不来"}}, {"action": "close"}, {"actor": "wang"}])
def test_the_same_id_for_something_else_is_refused(other: dict[str, Any]) -> None:
    sent = uuid4()
    ask(sent)
    if "actor" in other:
        other = {"actor": User.objects.create(name="王")}
    with pytest.raises(Refused) as refusal:
        ask(sent, **other)
    assert (refusal.value.code, refusal.value.status) == ("id_reused", 409)
    assert kept(sent) == {"number": "K7QM3XZP"}


@pytest.mark.django_db
def test_what_a_receipt_costs() -> None:
    sent = uuid4()
    for statements in (["INSERT"], ["INSERT", "SELECT"]):
        with CaptureQueriesContext(connection) as seen:
            ask(sent)
        assert [query["sql"].split()[0] for query in seen] == statements


@pytest.mark.django_db
def test_a_deed_that_fails_takes_its_receipt_with_it() -> None:
    sent = uuid4()
    with transaction.atomic():
        ask(sent)
        transaction.set_rollback(True)
    assert kept(sent) is None


def test_of_many_at_once_one_is_first_and_all_hear_its_answer(live_db: str) -> None:
    sent, heard = uuid4(), []
    together = threading.Barrier(6)

    def send(n: int) -> None:
        try:
            together.wait(20)
            with transaction.atomic():
                heard.append(ask(sent, answer={"number": n}))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[n]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 6
    assert all(answer == kept(sent) for answer in heard)
