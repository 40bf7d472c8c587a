"""The one place where the environment is read: every SILIN_* variable, its default, and what is wrong.

Nothing here stops the program. What cannot be understood or is dangerous becomes a numbered ``Problem``;
``silin.checks`` hands the problems to Django and ``silin up`` refuses to start on any of them.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.fernet import Fernet

from silin import carriers
from silin.environment_maps import BASE_MAPS, check_base_map

Network = IPv4Network | IPv6Network

FRONTS = ("resident", "worker", "desk", "wall", "open")
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
SHORTEST_SECRET = 50
DATABASE_OPTIONS = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "options")

VARIABLES: dict[str, str] = {
    "SILIN_HOME": "data",
    "SILIN_DATABASE_URL": "",
    "SILIN_SECRET_KEY": "",
    "SILIN_HASH_KEY": "",
    "SILIN_DATA_KEYS": "",
    "SILIN_DEBUG": "no",
    "SILIN_DEMO": "no",
    "SILIN_DEMO_API_KEY": "silin_demo",
    "SILIN_FRONTS": " ".join(FRONTS),
    "SILIN_HOSTS": " ".join(LOCAL_HOSTS),
    "SILIN_ORIGINS": "",
    "SILIN_HTTPS": "no",
    "SILIN_TRUSTED_PROXIES": "",
    "SILIN_ADDRESS": "127.0.0.1",
    "SILIN_PORT": "8000",
    "SILIN_WORKERS": "2",
    "SILIN_THREADS": "4",
    "SILIN_LOG_FORMAT": "plain",
    "SILIN_LOG_LEVEL": "info",
    "SILIN_EMAIL_URL": "console:",
    "SILIN_EMAIL_FROM": "silin@localhost",
    "SILIN_SMS_BACKEND": "console",
    "SILIN_BASE_MAP": "none",
    "SILIN_BASE_MAP_KEY": "",
    "SILIN_BASE_MAP_SOURCE": "",
    "SILIN_MAP_APPROVAL": "",
    "SILIN_SMS_URL": "",
    "SILIN_SMS_METHOD": "POST",
    "SILIN_SMS_HEADERS": "{}",
    "SILIN_SMS_BODY": '{"phone": "$phone", "text": "$text"}',
    "SILIN_SMS_SECRET": "",
    "SILIN_SMS_SIGN": "$phone$time$nonce",
    "SILIN_SMS_SUCCESS": "",
    "SILIN_METRICS_TOKEN": "",
    "SILIN_METRICS_FROM": "",
    "SILIN_ADMIN_EMAIL": "",
    "SILIN_ADMIN_PASSWORD": "",
}
"""Every variable with its default as somebody would write it (docs/settings.md says what each is for)."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the settings: its number (``E004``; ``W001`` is a warning), what, and the cure."""

    number: str
    message: str
    hint: str


@dataclass
class Environment:
    """What the variables say, understood; ``problems`` holds what could not be."""

    values: Mapping[str, str]
    home: Path = field(default_factory=Path)
    secret_key: str = ""
    hash_key: str = ""
    data_keys: list[str] = field(default_factory=list)
    data_key_file: Path | None = None
    made: list[Path] = field(default_factory=list)
    database: dict[str, Any] = field(default_factory=dict)
    debug: bool = False
    demo: bool = False
    https: bool = False
    fronts: tuple[str, ...] = FRONTS
    hosts: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    trusted_proxies: tuple[Network, ...] = ()
    address: str = ""
    port: int = 0
    workers: int = 0
    threads: int = 0
    log_format: str = ""
    log_level: str = ""
    email: dict[str, Any] = field(default_factory=dict)
    sms_backend: str = ""
    base_map: str = "none"
    sms: dict[str, Any] = field(default_factory=dict)
    metrics_from: tuple[Network, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, number: str, message: str, hint: str) -> None:
        """Note a problem under its number."""
        self.problems.append(Problem(number, message, hint))

    def text(self, name: str) -> str:
        """The variable as it was written, or its default."""
        return self.values.get(name, "").strip() or VARIABLES[name]

    def words(self, name: str) -> list[str]:
        """The variable as a list: words parted by blanks or commas."""
        return self.text(name).replace(",", " ").split()

    def is_public(self) -> bool:
        """Whether somebody other than this machine is meant to reach the pages."""
        return any(host not in LOCAL_HOSTS for host in self.hosts)


def read(values: Mapping[str, str]) -> Environment:
    """Understand ``values`` (``os.environ``). Makes the home folder and the key files that are missing."""
    env = Environment(values)
    _read_known_names(env)
    _read_home(env)
    _read_keys(env)
    env.database = _read_database(env)
    env.debug, env.demo, env.https = (_yes(env, f"SILIN_{name}") for name in ("DEBUG", "DEMO", "HTTPS"))
    _read_doors(env)
    _read_fronts(env)
    _read_serving(env)
    env.email = _read_email(env)
    env.sms_backend = env.text("SILIN_SMS_BACKEND")
    env.base_map = _one_of(env, "SILIN_BASE_MAP", BASE_MAPS)
    check_base_map(env)
    env.sms = _read_sms(env)
    _read_together(env)
    return env


def _read_known_names(env: Environment) -> None:
    for name in sorted(env.values):
        if name.startswith("SILIN_") and not name.startswith("SILIN_TEST_") and name not in VARIABLES:
            near = get_close_matches(name, VARIABLES, n=1)
            hint = f"Did you mean {near[0]}?" if near else "docs/settings.md lists every variable."
            env.refuse("E001", f"There is no variable {name}.", hint)


def _read_home(env: Environment) -> None:
    env.home = Path(env.text("SILIN_HOME")).expanduser().resolve()
    try:
        env.home.mkdir(parents=True, exist_ok=True)
        writable = os.access(env.home, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        hint = "Give SILIN_HOME a folder that this user may write to; data, keys and files live there."
        env.refuse("E002", f"The home folder {env.home} cannot be written to.", hint)


def _read_keys(env: Environment) -> None:
    env.secret_key = _key(env, "SILIN_SECRET_KEY", "secret.key", "E003")
    env.hash_key = _key(env, "SILIN_HASH_KEY", "hash.key", "E004")
    made = _kept(env, "data.keys", lambda: Fernet.generate_key().decode())
    env.data_keys = (env.values.get("SILIN_DATA_KEYS", "") or made).replace(",", " ").split()
    path = env.home / "data.keys"
    env.data_key_file = path if not env.values.get("SILIN_DATA_KEYS") and path.is_file() else None
    for number, key in enumerate(env.data_keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            hint = "A data key is 32 bytes in base64; silin keys add makes one."
            env.refuse("E005", f"Data key {number} is no key.", hint)


def _key(env: Environment, name: str, file: str, number: str) -> str:
    key = env.values.get(name, "").strip() or _kept(env, file, lambda: secrets.token_urlsafe(64))
    if len(key) < SHORTEST_SECRET or len(set(key)) < 10:
        hint = (
            f"Leave it out and Silin makes one in {file}, or give {SHORTEST_SECRET} drawn characters or more."
        )
        env.refuse(number, f"{name} can be guessed.", hint)
    return key


def _kept(env: Environment, name: str, make: Callable[[], str]) -> str:
    """The words of a key file in the home folder, made (once, whoever comes first) when it is missing."""
    path = env.home / name
    draft = env.home / f".{name}.{secrets.token_hex(4)}"
    try:
        if not path.exists():
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(make())
            if _link_first(draft, path):
                env.made.append(path)
        if path.stat().st_mode & 0o077:
            env.refuse("E006", f"Others on this machine may read {path}.", f"chmod 600 {path}")
        return path.read_text().strip()
    except OSError:
        return make()


def _link_first(draft: Path, path: Path) -> bool:
    """Whether it was us who gave the file its name."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _read_database(env: Environment) -> dict[str, Any]:
    url = env.text("SILIN_DATABASE_URL") or f"sqlite:///{env.home}/silin.sqlite3"
    hint = "Write sqlite:////full/path/silin.sqlite3 or postgresql://user:password@host:5432/name."
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:
        env.refuse("E007", "SILIN_DATABASE_URL is no address of a database.", hint)
        return sqlite(env.home / "silin.sqlite3")
    name = unquote(parts.path)
    if parts.scheme == "sqlite" and len(name) > 1 and not parts.netloc:
        return sqlite(Path(name.removeprefix("/")) if not name.startswith("//") else Path(name[1:]))
    if parts.scheme not in ("postgresql", "postgres") or len(name) < 2:
        env.refuse("E007", "SILIN_DATABASE_URL is no address of a database.", hint)
        return sqlite(env.home / "silin.sqlite3")
    options = dict(parse_qsl(parts.query))
    for option in sorted(set(options) - set(DATABASE_OPTIONS)):
        known = ", ".join(DATABASE_OPTIONS)
        env.refuse("E007", f"SILIN_DATABASE_URL has an unknown option {option}.", f"Known options: {known}.")
    login = {"USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or "")}
    host = options.pop("host", parts.hostname or "")
    return postgresql(name[1:], host=host, port=port, options=options, **login)


def sqlite(path: Path) -> dict[str, Any]:
    """Django's description of a SQLite file that forgets no answered write, shared by several processes."""
    pragmas = (
        "journal_mode=WAL",
        "synchronous=FULL",
        "mmap_size=268435456",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "secure_delete=ON",
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": " ".join(f"PRAGMA {pragma};" for pragma in pragmas),
        },
    }


def postgresql(name: str, *, host: str, port: str, options: dict[str, str], **login: str) -> dict[str, Any]:
    """Django's description of a PostgreSQL database: kept connections, prepared statements."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "HOST": host,
        "PORT": port,
        **login,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3, **options},
    }


def _yes(env: Environment, name: str) -> bool:
    text = env.text(name).lower()
    if text not in ("yes", "no", "true", "false", "on", "off", "1", "0"):
        env.refuse("E008", f"{name} is neither yes nor no.", "Write yes or no.")
    return text in ("yes", "true", "on", "1")


def _read_doors(env: Environment) -> None:
    env.hosts = env.words("SILIN_HOSTS")
    if any("*" in host or "/" in host for host in env.hosts):
        hint = "Name each host as it stands in the address line, without https:// and without a port."
        env.refuse("E009", "SILIN_HOSTS names a host that is no host, or all of them.", hint)
    env.origins = env.words("SILIN_ORIGINS")
    for origin in env.origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or "*" in origin:
            hint = "Write the scheme, the host and nothing behind it: https://silin.example.org"
            env.refuse("E010", f"SILIN_ORIGINS: {origin} is no origin.", hint)
    env.trusted_proxies = tuple(_networks(env, "SILIN_TRUSTED_PROXIES"))
    env.metrics_from = tuple(_networks(env, "SILIN_METRICS_FROM"))


def _networks(env: Environment, name: str) -> Iterable[Network]:
    for word in env.words(name):
        try:
            network = ip_network(word)
        except ValueError:
            network = None
        if network is None or network.prefixlen == 0:
            hint = "Name the address or network of each: 10.0.0.5 or 10.0.0.0/24. Never trust everybody."
            env.refuse("E011", f"{name}: {word} is no address.", hint)
        else:
            yield network


def _read_fronts(env: Environment) -> None:
    words = env.words("SILIN_FRONTS")
    for word in words:
        if word not in FRONTS:
            env.refuse("E012", f"SILIN_FRONTS: there is no front {word}.", f"The fronts: {' '.join(FRONTS)}.")
    env.fronts = tuple(front for front in FRONTS if front in words)


def _read_serving(env: Environment) -> None:
    env.address = env.text("SILIN_ADDRESS")
    env.port = _number(env, "SILIN_PORT", 1, 65535)
    env.workers = _number(env, "SILIN_WORKERS", 1, 64)
    env.threads = _number(env, "SILIN_THREADS", 1, 64)
    env.log_format = _one_of(env, "SILIN_LOG_FORMAT", ("plain", "json"))
    env.log_level = _one_of(env, "SILIN_LOG_LEVEL", ("debug", "info", "warning", "error")).upper()


def _number(env: Environment, name: str, least: int, most: int) -> int:
    text = env.text(name)
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    env.refuse("E013", f"{name} is {text}.", f"Write a whole number from {least} to {most}.")
    return int(VARIABLES[name])


def _one_of(env: Environment, name: str, words: tuple[str, ...]) -> str:
    text = env.text(name).lower()
    if text in words:
        return text
    env.refuse("E014", f"{name} is {text}.", f"Write one of: {', '.join(words)}.")
    return VARIABLES[name]


def _read_email(env: Environment) -> dict[str, Any]:
    found, problems = carriers.read_email(env.text("SILIN_EMAIL_URL"))
    for problem in problems:
        env.refuse(*problem)
    return {**found, "DEFAULT_FROM_EMAIL": env.text("SILIN_EMAIL_FROM")}


def _read_sms(env: Environment) -> dict[str, Any]:
    """What ``silin.lib.sms_over_http`` sends, and how it knows that the carrier took it."""
    texts = {name: env.text(f"SILIN_SMS_{name}") for name in carriers.SMS}
    texts["METHOD"] = _one_of(env, "SILIN_SMS_METHOD", ("post", "get", "put")).upper()
    found, problems = carriers.read_sms(texts, env.sms_backend)
    for problem in problems:
        env.refuse(*problem)
    return found


def _read_together(env: Environment) -> None:
    """What is right alone and wrong together."""
    open_to_others = env.https or env.is_public() or not _is_loopback(env.address)
    beside = "is on beside a production setting (SILIN_HTTPS, a public host or an address others can reach)."
    if env.demo and open_to_others:
        hint = "The demo lets anybody sign in as anybody. Take SILIN_DEMO away, or serve this machine alone."
        env.refuse("E016", f"SILIN_DEMO {beside}", hint)
    if env.debug and open_to_others:
        hint = "Debug pages show settings and data to whoever asks. Take SILIN_DEBUG away."
        env.refuse("E017", f"SILIN_DEBUG {beside}", hint)
    if env.https and any(origin.startswith("http://") for origin in env.origins):
        hint = "Write https:// before each origin."
        env.refuse("E018", "SILIN_HTTPS is on and SILIN_ORIGINS names an origin without it.", hint)
    if env.https and not env.trusted_proxies:
        hint = (
            "Only a named proxy is believed that a visitor came by HTTPS; everybody else is sent round in "
            "circles. Name the one that holds the certificate: SILIN_TRUSTED_PROXIES=127.0.0.1"
        )
        env.refuse("E020", "SILIN_HTTPS is on and SILIN_TRUSTED_PROXIES names no proxy.", hint)
    if env.is_public() and not env.https and not env.demo:
        hint = "Put a proxy with a certificate in front and set SILIN_HTTPS=yes: cookies then travel closed."
        env.refuse("W001", "A public host is served without HTTPS.", hint)
    if env.is_public() and not env.origins:
        hint = "Links in text messages begin with the first origin: SILIN_ORIGINS=https://silin.example.org"
        env.refuse("W002", "A public host is served and SILIN_ORIGINS is empty: links lack their host.", hint)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"
