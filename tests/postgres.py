"""A real PostgreSQL for the tests, from Debian's package: made in a temporary folder, gone with the tests.

PostgreSQL refuses to run as root, so a root session starts it as the user ``postgres``. The session that
starts the cluster hands its address to its helpers (xdist workers, servers) in SILIN_TEST_POSTGRESQL.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

HANDED_ON = "SILIN_TEST_POSTGRESQL"
PATIENCE = 60
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200"}


def url() -> str:
    """The address of the running cluster's maintenance database; started when nobody has yet."""
    if HANDED_ON not in os.environ:
        os.environ[HANDED_ON] = _start()
    return os.environ[HANDED_ON]


def _start() -> str:
    folder = Path(tempfile.mkdtemp(prefix="silin-test-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    programs = _programs()
    owner = "postgres" if os.geteuid() == 0 else None
    if owner:
        account = pwd.getpwnam(owner)
        os.chown(folder, account.pw_uid, account.pw_gid)
    initdb = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        "silin",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    subprocess.run([*initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **_as(owner))
    options = [word for name, value in FAST.items() for word in ("-c", f"{name}={value}")]
    command = [
        programs / "postgres",
        "-D",
        folder / "data",
        "-k",
        folder,
        "-c",
        "listen_addresses=",
        *options,
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, preexec_fn=_die_with_parent, **_as(owner)
        )
    atexit.register(_stop, server, os.getpid())
    _wait(programs, folder, server)
    return f"postgresql://silin@/silin?host={folder}"


def _programs() -> Path:
    """The folder of the newest PostgreSQL from 15 on."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found and int(found[-1].parts[-3]) >= 15:
        return found[-1].parent
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    raise RuntimeError("The tests need PostgreSQL 15 or later: apt-get install postgresql")


def _as(owner: str | None) -> dict[str, object]:
    return {"user": owner, "group": owner, "extra_groups": []} if owner else {}


def _die_with_parent() -> None:
    """A killed test run leaves no server behind (PR_SET_PDEATHSIG of prctl(2) is 1)."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _wait(programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError("PostgreSQL did not start:\n" + (folder / "log").read_text())
        time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes], starter: int) -> None:
    if os.getpid() == starter:
        server.send_signal(signal.SIGQUIT)
        server.wait(10)
