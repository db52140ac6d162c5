"""What deploy/ holds works as it stands there: container and compose file step by step, units, the example for Caddy.

No container is needed. The step that installs is `test_packaging`'s; nginx stands before the real server in
`test_header_login`.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from tests.dashboard.serving import LEADLINE, free_port

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SERVED = '[serve]\nhost = "0.0.0.0"\npublic = "https://leadline.example.com"\nlogin = "oidc"\n' + (
    '[serve.oidc]\nmetadata = "https://id.example.com/x"\nclient_id = "leadline"\n'
    'client_secret = "env:LEADLINE_OIDC_SECRET"\n[access]\neveryone = "reader"\n'
)


def _instructions(file: Path) -> dict[str, str]:
    """Of a container file; lines that go on are one, and none is given twice."""
    lines = re.sub(r"\\\n", "", file.read_text()).splitlines()
    told = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    assert len({name for name, _ in told}) == len(told)
    return dict(told)


def test_the_container_makes_a_workspace_serves_it_and_is_found_healthy(tmp_path: Path) -> None:
    pytest.importorskip("authlib", reason="pip install 'leadline[team]' to sign in with a provider")
    steps = _instructions(DEPLOY / "Containerfile")
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    leadline, caddy = compose["leadline"], compose["caddy"]
    assert (DEPLOY / leadline["build"]["context"] / leadline["build"]["dockerfile"]).samefile(
        DEPLOY / "Containerfile"
    )
    # what the step that installs rests on
    assert {"/src/constraints.txt", "/src[team]"} <= set(shlex.split(steps["RUN"]))
    workspace = steps["VOLUME"]
    assert leadline["volumes"] == [f"workspace:{workspace}"]
    port, ours = steps["EXPOSE"], str(free_port())
    assert shlex.split(caddy["command"])[-1] == f"leadline:{port}"
    (secret,) = leadline["environment"]
    name, _, folder = steps["ENV"].partition("=")
    assert folder == workspace
    environment = {"PATH": os.environ["PATH"], name: str(tmp_path / "w"), secret: "x"}

    def here(said: str) -> list[str]:
        places = {
            "/opt/leadline/bin/leadline": str(LEADLINE),
            "/opt/leadline/bin/python": str(LEADLINE.with_name("python")),
        }
        return [places.get(word, word.replace(port, ours)) for word in json.loads(said)]

    subprocess.run(
        [*here(steps["ENTRYPOINT"]), "init", str(tmp_path / "w")],
        env=environment,
        check=True,
        capture_output=True,
    )
    (tmp_path / "w" / "leadline.toml").write_text(SERVED)
    command = [*here(steps["ENTRYPOINT"]), *here(steps["CMD"])]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as runs:
        try:
            give_up = time.monotonic() + 60
            while subprocess.run(
                here(steps["HEALTHCHECK"].removeprefix("CMD ")), stderr=subprocess.DEVNULL, check=False
            ).returncode:
                assert runs.poll() is None, runs.communicate()
                assert time.monotonic() < give_up
                time.sleep(0.3)
        finally:
            runs.kill()


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, of the Leadline that is installed here."""
    for file in DEPLOY.glob("leadline*.*"):
        (tmp_path / file.name).write_text(
            file.read_text().replace("/opt/leadline/bin/leadline", str(LEADLINE))
        )
    return tmp_path


def test_systemd_finds_nothing_wrong_with_the_units(units: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    files = sorted(units.glob("leadline*.*"))
    assert len(files) == 3
    ran = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert (ran.returncode, [line for line in ran.stderr.splitlines() if "leadline" in line]) == (0, [])


def test_the_weekly_backup_is_written(units: Path) -> None:
    subprocess.run([LEADLINE, "init", units / "w"], check=True, capture_output=True)
    (told,) = re.findall(r"^ExecStart=(.*)$", (units / "leadline-backup.service").read_text(), re.MULTILINE)
    (units / "b").mkdir()
    command = shlex.split(
        told.replace("%%", "%")
        .replace("/var/lib/leadline-backups", str(units / "b"))
        .replace("/var/lib/leadline", str(units / "w"))
    )
    subprocess.run(command, check=True, capture_output=True)
    (made,) = (units / "b").iterdir()
    assert re.fullmatch(r"\d{4}-W\d\d\.backup", made.name)


def test_caddy_understands_its_example(tmp_path: Path) -> None:
    if (caddy := shutil.which("caddy")) is None:
        pytest.skip("caddy is not installed here")
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [caddy, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"]
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0
