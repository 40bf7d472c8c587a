"""The operator's guide is true: its commands are run in order, and what it installs names what exists."""

from __future__ import annotations

import getpass
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from silin import environment
from tests import servers
from tests.operations.guide import DEPLOY, GUIDE, UNTIL_STOPPED, Block, below, blocks, stale

BLOCKS = list(blocks(GUIDE.read_text()))
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMMUNITY, SERIAL = "620201001001", "01001"
WEST, SOUTH, SIDE = 98.27, 39.77, 0.01
ORGANISATIONS = f"地点代码,单位名称,单位类别\n{COMMUNITY},福民社区居民委员会,居（村）委会\n"
POSTS = f"""岗位种类,地点代码,任职人,手机号
网格员,{COMMUNITY}{SERIAL},沈阿根,19900000011
社区值班,{COMMUNITY},蒋国良,19900000013
"""


def outlines() -> str:
    """Two grids of one community, west and east."""

    def square(name: str, west: float) -> dict[str, object]:
        corners = [(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE), (0, 0)]
        ring = [[west + x, SOUTH + y] for x, y in corners]
        shape = {"type": "Polygon", "coordinates": [ring]}
        named = {"社区代码": COMMUNITY, "网格名称": name}
        return {"type": "Feature", "properties": named, "geometry": shape}

    features = [square("福民西网格", WEST), square("福民东网格", WEST + SIDE)]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


class Machine:
    """A machine on which the steps for root have been taken, and what the city brings in one folder."""

    def __init__(self, root: Path, port: int) -> None:
        self.root, self.port, self.desk = root, port, root / "desk"
        for folder in ("etc/silin", "var/lib/silin", "var/backups/silin", "opt/silin/bin", "bin", "desk"):
            (root / folder).mkdir(parents=True)
        (root / "media/keys").mkdir(parents=True)
        settings = below(root, (DEPLOY / "silin.env").read_text())
        (root / "etc/silin/silin.env").write_text(f"{settings}\nSILIN_PORT={port}\n")
        self._program("bin/silin", below(root, (DEPLOY / "silin").read_text()))
        self._program("opt/silin/bin/silin", f'#!/bin/sh\nexec {sys.executable} -m silin "$@"\n')
        files = {"网格.geojson": outlines(), "单位.csv": ORGANISATIONS, "岗位.csv": POSTS}
        for name, text in files.items():
            (self.desk / name).write_text(text, encoding="utf-8")

    def _program(self, name: str, text: str) -> None:
        (self.root / name).write_text(text.replace("account=silin", f"account={getpass.getuser()}"))
        (self.root / name).chmod(0o755)

    def start(self, block: Block) -> subprocess.Popen[str]:
        """Begin a block as somebody at a shell would who stops at the first mistake."""
        ours = {name: word for name, word in os.environ.items() if not name.startswith("SILIN_")}
        ours |= {"PATH": f"{self.root / 'bin'}:{ours['PATH']}", "PYTHONPATH": str(servers.ROOT)}
        ours |= {"SILIN_ADMIN_PASSWORD": "eleven-lamps-in-the-lane"}
        ours.pop("DJANGO_SETTINGS_MODULE", None)
        return subprocess.Popen(
            ["sh", "-eu", "-c", below(self.root, block.text)],
            env=ours,
            cwd=self.desk,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def serves(self, block: Block) -> None:
        """Begin a block that goes on until Ctrl-C, wait until pages are served, and press it."""
        process = self.start(block)
        try:
            servers.until(lambda: self.answers() or process.poll() is not None, servers.PATIENCE)
            assert process.poll() is None, process.communicate()
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=20)

    def answers(self) -> bool:
        """Whether the pages are served."""
        asked = Request(f"http://127.0.0.1:{self.port}/healthz", headers={"Host": "silin.example.org"})
        try:
            with urlopen(asked, timeout=5) as answer:
                return bool(answer.read() == b"ok\n")
        except OSError:
            return False


@pytest.mark.slow
def test_the_commands_of_the_guide_work_in_its_order(tmp_path: Path) -> None:
    machine, said = Machine(tmp_path, servers.free_port()), ""
    for block in BLOCKS:
        if not block.is_run:
            continue
        if UNTIL_STOPPED in block.needs:
            machine.serves(block)
            continue
        process = machine.start(block)
        said, _nothing = process.communicate(timeout=180)
        assert process.returncode == 0, f"operators.md:{block.line}\n{block.text}\n{said}"
    assert "Nothing to mend." in said
    assert f"{COMMUNITY}{SERIAL}" in (machine.desk / "网格.csv").read_text()
    assert (tmp_path / "var/backups/silin/by-hand.silin").is_file()


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"line {block.line}")
def test_every_command_of_the_guide_exists(block: Block) -> None:
    """Also of the blocks that need root or a network."""
    assert [wrong for words in block.commands() if (wrong := stale(words))] == []


def test_everything_to_install_is_in_the_guide() -> None:
    said = "\n".join(block.text for block in BLOCKS) + GUIDE.read_text()
    files = [str(path.relative_to(DEPLOY.parent)) for path in DEPLOY.rglob("*") if path.is_file()]
    assert [name for name in files if name not in said] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_name_commands_and_options_that_exist(unit: Path) -> None:
    text = unit.read_text()
    assert text.startswith("[Unit]\nDescription=Silin: ")
    if unit.suffix == ".timer":
        assert (DEPLOY / "systemd" / f"{unit.stem}.service").is_file()
        return
    [started] = re.findall(r"^ExecStart=.*?/opt/silin/bin/(silin .*?)'?$", text, re.M)
    assert stale(shlex.split(started)) == ""
    assert "EnvironmentFile=/etc/silin/silin.env" in text


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    for unit in UNITS:
        text = unit.read_text().replace("/opt/silin/bin/silin", sys.executable)
        (tmp_path / unit.name).write_text(text)
    names = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_setting_of_the_example_is_understood(tmp_path: Path) -> None:
    """Also those that are commented out: taking the sign away is all there is to do."""
    text = below(tmp_path, (DEPLOY / "silin.env").read_text())
    lines = re.findall(r"^#?(SILIN_\w+=.*)$", text, re.M)
    assert len(lines) > 10
    values = dict(line.split("=", 1) for line in lines)
    read = environment.read({name: shlex.split(value)[0] for name, value in values.items()})
    assert read.problems == []


def test_breach() -> None:
    text = "```sh\nsilin upp\n```\n\n```sh\n# as root\nsilin restore --nonsense x\ncp deploy/gone /etc\n```\n"
    first, second = blocks(text)
    assert (first.is_run, second.is_run, second.line) == (True, False, 5)
    assert all(stale(words) for block in (first, second) for words in block.commands())
    assert stale(["systemctl", "start", "silin-web", "silin-nobody"]) == "no unit silin-nobody"
    with pytest.raises(ValueError, match="when it rains"):
        list(blocks("```sh\n# when it rains\nsilin up\n```\n"))
