"""Settings: what is understood, what is refused and under which number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from silin import environment
from silin.environment import Environment

LONG = "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"


def read(home: Path, **values: str) -> Environment:
    return environment.read({"SILIN_HOME": str(home), **{f"SILIN_{name}": v for name, v in values.items()}})


def numbers(env: Environment) -> list[str]:
    return [problem.number for problem in env.problems]


def test_the_defaults_are_good(tmp_path: Path) -> None:
    env = read(tmp_path / "new" / "home")
    assert numbers(env) == []
    assert env.database["NAME"] == tmp_path / "new" / "home" / "silin.sqlite3"
    assert (env.demo, env.debug, env.https, env.port, env.workers) == (False, False, False, 8000, 2)
    assert env.fronts == environment.FRONTS


def test_sqlite_forgets_no_answered_write(tmp_path: Path) -> None:
    options = read(tmp_path).database["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "mmap_size="):
        assert pragma in options["init_command"]


def test_keys_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert (first.secret_key, first.hash_key) == (second.secret_key, second.hash_key)
    assert first.data_keys == second.data_keys
    assert first.secret_key != first.hash_key
    Fernet(first.data_keys[0])
    assert {path.name for path in tmp_path.iterdir()} == {"secret.key", "hash.key", "data.keys"}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())


def test_a_new_data_key_stands_before_the_old_ones(tmp_path: Path) -> None:
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    assert read(tmp_path, DATA_KEYS=", ".join(keys)).data_keys == keys


@pytest.mark.parametrize(
    ("url", "name", "host", "options"),
    [
        ("postgresql://u:p%40w@db:5433/city", "city", "db", {}),
        ("postgres:///city?host=/run/postgresql", "city", "/run/postgresql", {}),
        ("postgresql://db/city?sslmode=require", "city", "db", {"sslmode": "require"}),
    ],
)
def test_postgresql(tmp_path: Path, url: str, name: str, host: str, options: dict[str, Any]) -> None:
    env = read(tmp_path, DATABASE_URL=url)
    assert numbers(env) == []
    assert (env.database["NAME"], env.database["HOST"]) == (name, host)
    assert env.database["OPTIONS"].items() >= {"server_side_binding": True, **options}.items()


def test_passwords_may_hold_any_sign(tmp_path: Path) -> None:
    database = read(tmp_path, DATABASE_URL="postgresql://u:p%40w@db:5433/city").database
    assert (database["USER"], database["PASSWORD"], database["PORT"]) == ("u", "p@w", "5433")


def test_sqlite_elsewhere(tmp_path: Path) -> None:
    env = read(tmp_path, DATABASE_URL="sqlite:////var/lib/silin/city.sqlite3")
    assert env.database["NAME"] == Path("/var/lib/silin/city.sqlite3")
    assert numbers(env) == []


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({"HOTS": "a"}, "E001"),
        ({"SECRET_KEY": "secret"}, "E003"),
        ({"SECRET_KEY": "a" * 80}, "E003"),
        ({"HASH_KEY": "short"}, "E004"),
        ({"DATA_KEYS": "not-a-key"}, "E005"),
        ({"DATABASE_URL": "mysql://db/city"}, "E007"),
        ({"DATABASE_URL": "postgresql://db:port/city"}, "E007"),
        ({"DATABASE_URL": "postgresql://db/"}, "E007"),
        ({"DATABASE_URL": "postgresql://db/city?password=x"}, "E007"),
        ({"DATABASE_URL": "sqlite://city.sqlite3"}, "E007"),
        ({"DEMO": "maybe"}, "E008"),
        ({"HOSTS": "*"}, "E009"),
        ({"HOSTS": "https://silin.example.org"}, "E009"),
        ({"ORIGINS": "silin.example.org"}, "E010"),
        ({"ORIGINS": "https://silin.example.org/desk/"}, "E010"),
        ({"ORIGINS": "https://*.example.org"}, "E010"),
        ({"TRUSTED_PROXIES": "proxy"}, "E011"),
        ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "E011"),
        ({"FRONTS": "resident kitchen"}, "E012"),
        ({"PORT": "99999"}, "E013"),
        ({"WORKERS": "many"}, "E013"),
        ({"WORKERS": "²"}, "E013"),
        ({"LOG_FORMAT": "xml"}, "E014"),
        ({"LOG_LEVEL": "loud"}, "E014"),
        ({"EMAIL_URL": "mail.example.org"}, "E015"),
        ({"DEMO": "yes", "HTTPS": "yes"}, "E016"),
        ({"DEMO": "yes", "HOSTS": "silin.example.org"}, "E016"),
        ({"DEMO": "yes", "ADDRESS": "0.0.0.0"}, "E016"),
        ({"DEMO": "yes", "ADDRESS": "::"}, "E016"),
        ({"DEMO": "yes", "ADDRESS": "demo.example.org"}, "E016"),
        ({"DEBUG": "yes", "HOSTS": "silin.example.org"}, "E017"),
        ({"DEBUG": "yes", "ADDRESS": "192.168.1.5"}, "E017"),
        ({"HTTPS": "yes"}, "E020"),
        ({"HTTPS": "yes", "ORIGINS": "http://silin.example.org"}, "E018"),
        ({"HOSTS": "silin.example.org"}, "W001"),
        ({"HOSTS": "silin.example.org", "HTTPS": "yes"}, "W002"),
    ],
)
def test_refused(tmp_path: Path, values: dict[str, str], number: str) -> None:
    env = read(tmp_path, **values)
    assert number in numbers(env)
    assert all(problem.message and problem.hint for problem in env.problems)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "localhost", "::1", "[::1]"])
def test_the_demo_serves_this_machine(tmp_path: Path, address: str) -> None:
    assert numbers(read(tmp_path, DEMO="yes", DEBUG="yes", ADDRESS=address)) == []


def test_a_slip_of_the_pen_is_told_the_right_name(tmp_path: Path) -> None:
    assert read(tmp_path, HOTS="a").problems[0].hint == "Did you mean SILIN_HOSTS?"


def test_a_home_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    env = read(tmp_path / "file" / "home")
    assert numbers(env) == ["E002"]
    assert len(env.secret_key) >= 50


def test_a_key_file_that_others_may_read(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "data.keys").chmod(0o644)
    assert numbers(read(tmp_path)) == ["E006"]


def test_production_is_not_refused(tmp_path: Path) -> None:
    env = read(
        tmp_path,
        SECRET_KEY=LONG,
        HOSTS="silin.example.org",
        ORIGINS="https://silin.example.org",
        HTTPS="yes",
        TRUSTED_PROXIES="10.0.0.5 10.1.0.0/24",
        FRONTS="open, resident",
        EMAIL_URL="smtp+tls://u:p@mail.example.org",
    )
    assert numbers(env) == []
    assert env.fronts == ("resident", "open")
    assert env.email["EMAIL_PORT"] == 587
    assert [network.num_addresses for network in env.trusted_proxies] == [1, 256]
