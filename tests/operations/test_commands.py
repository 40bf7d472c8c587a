"""``silin check``, ``createadmin``, ``import`` and the command line itself."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.utils import timezone

from silin.accounts.clients import find_client
from silin.accounts.models import User
from silin.cli import COMMANDS, main
from silin.cli.progress import Progress
from silin.history.actions import record
from silin.lib import appendonly
from silin.notices.actions import Message, queue
from silin.notices.sending import send_due
from silin.people.models import Holding
from silin.places.models import Place
from tests import databases

PASSWORD = "four neighbours"
DIVISIONS = """\
code,name,level,parent
990100000000,临川市,city,
990102000000,东城区,county,990100000000
990102001000,柳巷街道,street,990102000000
990102001001,柳巷社区居委会,community,990102001000
"""


@pytest.fixture
def divisions(tmp_path: Path) -> Path:
    path = tmp_path / "divisions.csv"
    path.write_text(DIVISIONS)
    return path


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    said = capsys.readouterr().out
    assert stopped.value.code == 0
    assert all(command in said for command in COMMANDS)
    assert "Exit codes: 0 done, 1 refused or something found, 2 not understood." in said


@pytest.mark.parametrize("words", [[], ["up", "--nonsense"], ["import"], ["--nonsense"]])
def test_what_is_not_understood_ends_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert COMMANDS[command][1:20] in " ".join(capsys.readouterr().out.split())


def test_every_other_word_goes_to_django(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["showmigrations", "accounts"]) == 0
    assert "[X] 0001_initial" in capsys.readouterr().out


def test_check_finds_nothing(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "Nothing to mend." in capsys.readouterr().out


def test_check_misses_a_trigger_and_migrate_mends_it(
    live_db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table = appendonly.tables()[0]
    with connection.cursor() as cursor:
        on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "{table}_no_update"{on}')
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert f"silin.E109: An append-only book can be changed: {table}_no_update is missing." in said
    assert "cure: silin migrate" in said
    main(["migrate", "--verbosity=0"])
    assert main(["check"]) == 0


def test_check_names_the_broken_line(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("add", "appoint"):
        with transaction.atomic():
            record(subject="post:7", action=action, actor=None, now=timezone.now())
    _tamper("UPDATE history_entry SET action = 'end' WHERE subject = 'post:7' AND seq = 1")
    assert main(["check", "--no-books"]) == 1, "a trigger is missing now"
    main(["migrate", "--verbosity=0"])
    capsys.readouterr()
    assert main(["check"]) == 1
    assert "silin.E111: The history of post:7 does not hold from line 1" in capsys.readouterr().out


def _tamper(statement: str) -> None:
    """What somebody does who owns the database: take the trigger away and change a line."""
    on = ' ON "history_entry"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "history_entry_no_update"{on}')
        cursor.execute(statement)


def test_check_names_messages_that_nobody_got(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    now = timezone.now()
    told = Message("new_device", User.objects.create(name="陈"), {}, "/me/", channel="sms")  # at night too
    queue([told], now=now)
    send_due(now)
    assert main(["check"]) == 0
    said = capsys.readouterr().out
    assert "silin.W112: Message " in said
    assert "陈" not in said


def test_check_misses_the_table_of_the_cache(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache")
    assert main(["check"]) == 1
    assert "silin.E104" in capsys.readouterr().out
    main(["migrate", "--verbosity=0"])
    assert main(["check"]) == 0


def test_check_of_a_database_that_is_away(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    with databases.pointed_at(databases.nowhere()):
        assert main(["check"]) == 1
    assert "silin.E101: The database cannot be reached" in capsys.readouterr().out


def test_import_then_createadmin(
    live_db: str, divisions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "divisions", str(divisions), "--rows", "4"]) == 0
    assert "4 added" in capsys.readouterr().out
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)
    assert main(["createadmin", "--email", "Zhou@example.org", "--name", "周敏"]) == 0
    assert "is administrator of 临川市" in capsys.readouterr().out
    user = authenticate(username="Zhou@example.org", password=PASSWORD)
    assert isinstance(user, User)
    assert user.has_perm("places.edit", Place.objects.get(code="990102001001"))


def test_a_second_administrator_takes_nobodys_post(
    live_db: str, divisions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["import", "divisions", str(divisions)])
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)
    for email in ("zhou@example.org", "sun@example.org"):
        assert main(["createadmin", "--email", email]) == 0
    holdings = Holding.objects.filter(post__kind="city_admin", valid_until=None)
    assert holdings.count() == 2
    assert holdings.values("post").distinct().count() == 2


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("nobody", PASSWORD, "e-mail"),
        ("zhou@example.org", "1234567890", ""),
        ("zhou@example.org", "short", ""),
    ],
)
def test_createadmin_refuses(
    live_db: str, divisions: Path, monkeypatch: pytest.MonkeyPatch, email: str, password: str, said: str
) -> None:
    main(["import", "divisions", str(divisions)])
    monkeypatch.setattr("getpass.getpass", lambda _: password)
    assert main(["createadmin", "--email", email]) == 1
    assert not User.objects.exists()


def test_where_nobody_can_be_asked_it_says_so_and_makes_nobody(
    live_db: str, divisions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nobody(_words: str) -> str:
        raise EOFError

    main(["import", "divisions", str(divisions)])
    monkeypatch.setattr("getpass.getpass", nobody)
    assert main(["createadmin", "--email", "zhou@example.org"]) == 1
    assert "silin createadmin --help" in capsys.readouterr().err
    assert not User.objects.exists()


def test_createadmin_without_a_city_says_what_comes_first(
    live_db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["createadmin", "--email", "zhou@example.org"]) == 1
    assert "First: silin import divisions FILE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (DIVISIONS.replace(",990102001000\n", ",990102009000\n"), ["--missing", "refuse"]),
        (DIVISIONS + DIVISIONS.splitlines()[-1] + "\n", ["--missing", "refuse"]),
        (DIVISIONS.replace("street", "county"), ["--missing", "refuse"]),
        (DIVISIONS, ["--rows", "5"]),
    ],
)
def test_a_faulty_file_changes_nothing(
    live_db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: str, words: list[str]
) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text(lines)
    assert main(["import", "divisions", str(path), *words]) == 1
    assert capsys.readouterr().err
    assert not Place.objects.exists()


def test_a_file_that_is_not_there(live_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "divisions", "/nowhere.csv"]) == 1
    assert "/nowhere.csv: No such file or directory" in capsys.readouterr().err


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, file = Terminal(), io.StringIO()
    for progress in (Progress(terminal), Progress(file)):
        for done in range(0, 101, 10):
            progress(done, 100, "matters")
    assert "\r\x1b[K" + "█" * 15 + "·" * 15 + " 50/100 matters" in terminal.getvalue()
    assert file.getvalue() == "0/100 matters\n100/100 matters\n"


def test_client_lets_a_system_in_and_prints_its_key_once(
    live_db: str, divisions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", "divisions", str(divisions)])
    wanted = ["client", "12345 热线", "--kind", "hotline", "--place", "990102001001", "--scopes"]
    capsys.readouterr()
    assert main([*wanted, "read,raise", "--until", "2099-01-01"]) == 0
    key = capsys.readouterr().out.splitlines()[-1]
    client = find_client(key, timezone.now())
    assert (str(client), client.scopes) == ("12345 热线", ["read", "raise"])
    assert main([*wanted, "everything"]) == 1
    assert main(["client", "某系统", "--kind", "hotline", "--place", "1", "--scopes", "read"]) == 1
    assert "no place with the code 1" in capsys.readouterr().err
