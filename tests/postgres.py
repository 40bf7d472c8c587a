"""A real PostgreSQL for the tests, from Debian's package: made in a temporary folder, gone with the tests.

PostgreSQL refuses to run as root, so a root session starts it as the user ``postgres``. The session that
starts the cluster hands its address to its helpers (xdist workers, servers) in SILIN_TEST_POSTGRESQL.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

HANDED_ON = "SILIN_TEST_POSTGRESQL"
PATIENCE = 60
OLDEST = 15
USER = "silin"
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200"}


def url() -> str:
    """The address of the running cluster; started when nobody has yet."""
    if HANDED_ON not in os.environ:
        os.environ[HANDED_ON] = f"postgresql://{USER}@/silin?host={_start()}"
    return os.environ[HANDED_ON]


def programs() -> Path:
    """The folder of the newest PostgreSQL's programs. Raises ``RuntimeError`` where there is none."""
    found = {int(path.parts[-3]): path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
    if found and max(found) >= OLDEST:
        return found[max(found)]
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    raise RuntimeError(f"The tests need PostgreSQL {OLDEST} or later: apt-get install postgresql")


def _start() -> Path:
    """The folder of a running cluster's socket."""
    folder = Path(tempfile.mkdtemp(prefix="silin-test-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    owner = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    shutil.chown(folder, owner)
    initdb = f"initdb -D {folder}/data -U {USER} --auth=trust -E UTF8 --locale=C --no-sync"
    subprocess.run(_command(initdb), check=True, stdout=subprocess.DEVNULL, cwd=folder, user=_user(owner))
    options = " ".join(f"-c {name}={value}" for name, value in FAST.items())
    postgres = f"postgres -D {folder}/data -k {folder} -c listen_addresses= {options}"
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            _command(postgres),
            stdout=log,
            stderr=log,
            cwd=folder,
            user=_user(owner),
            preexec_fn=_die_with_parent,
        )
    atexit.register(_stop, server, os.getpid())
    _wait(folder, server)
    return folder


def _command(line: str) -> list[str]:
    program, *words = shlex.split(line)
    return [str(programs() / program), *words]


def _user(owner: str) -> int | None:
    """Whom to become: nobody else, unless we are root."""
    return pwd.getpwnam(owner).pw_uid if os.geteuid() == 0 else None


def _die_with_parent() -> None:
    """A killed test run leaves no server behind (PR_SET_PDEATHSIG of prctl(2) is 1)."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    ready = _command(f"pg_isready -q -h {folder}")
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError("PostgreSQL did not start:\n" + (folder / "log").read_text())
        time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes], starter: int) -> None:
    if os.getpid() == starter:
        server.send_signal(signal.SIGQUIT)
        server.wait(10)
