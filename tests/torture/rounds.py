"""One fault a round, injected into the real server or command line; what must be there afterwards is compared.

Each round takes the torture, does its harm, and leaves a workspace that nobody has open. What may not happen raises
AssertionError.
"""

from __future__ import annotations

import datetime as dt
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from leadline.data.database.connection import rows_of
from leadline.data.warehouse import open_warehouse
from leadline.data.workspace.backup import back_up, restore
from leadline.data.workspace.workspace import DATABASE, open_workspace
from tests.dashboard.command_line import run as here
from tests.dashboard.serving import Served, serving
from tests.torture.clients import Client, Ended, full, obey_permissions, read_only, run, start
from tests.torture.gates import SERVED
from tests.torture.world import WORKFLOW, Compared, Export, World, copy_of

CLOCK = Path(__file__).with_name("clock.c")
DAYS_BACK = 20
AT_ONCE, SAME = 20, 3
"""clients that land at once, and those of them that bring a file which another one brings too"""
_SECONDS = {
    "ingest": 1.6,
    "undo": 1.4,
    "check": 3.0,
    "report": 5.0,
    "charter": 1.6,
    "backup": 2.0,
    "decide": 3.0,
}
"""about how long each takes here: when to kill it"""


class CanNotBeTried(Exception):  # noqa: N818 (no error: this machine lacks what the round needs)
    """Why this machine can't try a round."""


@dataclass
class Torture:
    """The workspace, the running server if there is one, and what was done so far."""

    world: World
    chance: random.Random
    brief: bool = False
    """a few clients instead of twenty, and no more processes than a round needs"""
    compared: Compared = field(default_factory=Compared)
    faults: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    _serving: ExitStack = field(default_factory=ExitStack)
    _served: Served | None = None

    def served(self) -> Served:
        """The running server, started where there is none."""
        if self._served is None:
            self._served = self._serving.enter_context(serving(self.world.folder, obey_permissions))
            self.world.gate.compare_served(self._served)
        return self._served

    def unserved(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends the server, if there is one."""
        if self._served is not None:
            self._served.process.send_signal(how)
            self._served.process.wait(timeout=60)
            self._served = None
        self._serving.close()

    def round(self, kind: str) -> None:
        """One round of that kind, and the comparison after it."""
        ROUNDS[kind](self)
        self.unserved()
        self.compare()
        self.faults[kind] += 1

    def compare(self, folder: Path | None = None) -> None:
        """Every row of the workspace, or of a copy of it that nobody has open."""
        seen = self.world.settle(folder)
        self.compared += seen
        assert (seen.lost, seen.doubled) == (0, 0), seen

    def command(self, export: Export | None = None) -> Command:
        """A command that nobody has given yet; `export`: an ingest of this."""
        kinds = ["ingest", "ingest", "check", "report", "charter", "backup", "decide"]
        if landed := self.world.landed():
            kinds += ["undo"]
        kind = "ingest" if export is not None else self.chance.choice(kinds)
        if kind == "ingest":
            export = export or self.world.export()
            return Command(self, ("ingest", export.file), export, "landed")
        if kind == "undo":
            export = self.chance.choice(landed)
            return Command(self, ("undo", str(export.import_id)), export, "undone")
        if kind == "charter":
            return Command(self, ("charter", self.world.charter()))
        if kind == "decide":
            said = self.world.gate.next()
            until = dt.date.today() + dt.timedelta(days=30)
            said_why = ("--reason", "the torture", "--next", until.isoformat())
            return Command(self, ("decide", WORKFLOW, said, *said_why), becomes=said)
        out = self.world.beside / f"{kind}-{len(self.faults)}-{self.chance.randrange(10**9)}"
        if kind == "report":
            return Command(self, ("report", "--out", out.with_suffix(".html")))
        if kind == "backup":
            return Command(self, ("backup", out.with_suffix(".backup")))
        return Command(self, ("check",))


@dataclass
class Command:
    """One command, and what its end says about the workspace."""

    torture: Torture
    words: tuple[str | Path, ...]
    export: Export | None = None
    becomes: str = ""

    @property
    def kind(self) -> str:
        return str(self.words[0])

    def start(self, **how: object) -> Client:
        """Begins it; from here on its outcome is open."""
        if self.export is not None:
            self.export.state = "unknown"
        if self.kind == "decide":
            self.torture.world.gate.begun = self.becomes
        return start(*self.words, workspace=self.torture.world.folder, **how)  # type: ignore[arg-type]

    def run(self, **how: object) -> Ended:
        return self.ended(self.start(**how).wait())

    def a_moment(self) -> float:
        """Seconds after its start at which to disturb it."""
        return self.torture.chance.uniform(0.2, 1.0) * _SECONDS[self.kind]

    def ended(self, ended: Ended) -> Ended:
        """Takes the command at its word: what it says is done is done, what it refuses has left no trace."""
        ended.assert_done_or_refused()
        self.torture.endings["refused" if ended.refused else "done"] += 1
        if self.export is not None:
            if not ended.refused:
                self.export.state = self.becomes  # type: ignore[assignment]
            elif "see what has landed" not in ended.err:
                self.export.state = "landed" if self.becomes == "undone" else "absent"
        if self.kind == "decide" and not ended.refused:
            self.torture.world.gate.decided = self.becomes
        if self.kind == "charter" and not ended.refused:
            self.torture.world.registered.append(self.torture.world.charters[-1])
        if self.kind in ("report", "backup") and not ended.refused:
            assert Path(self.words[-1]).stat().st_size > 0
        return ended


def server_killed(torture: Torture) -> None:
    """The server dies while a command works through it: the command finds out what became of its work."""
    served = torture.served()
    command = torture.command()
    client = command.start()
    time.sleep(command.a_moment())
    torture.unserved(signal.SIGKILL)
    assert served.process.returncode == -signal.SIGKILL
    ended = command.ended(client.wait())
    assert not ended.refused, ended


def command_killed(torture: Torture) -> None:
    """The command line dies at work in a workspace that nobody serves."""
    _cut_off(torture, torture.command())


def client_killed(torture: Torture) -> None:
    """The command line dies while the server works for it; the server lives on."""
    served = torture.served()
    _cut_off(torture, torture.command())
    torture.command(torture.world.export()).run()
    assert served.process.poll() is None


def _cut_off(torture: Torture, command: Command) -> None:
    client = command.start()
    time.sleep(command.a_moment())
    client.kill()
    torture.endings["cut off"] += 1


def disk_full(torture: Torture) -> None:
    """No file of a command may grow beyond some size: it is done, or refused and without a trace."""
    size = torture.world.folder.joinpath(DATABASE).stat().st_size
    export = torture.world.export(2000) if torture.chance.random() < 0.7 else None
    torture.command(export).run(largest=int(size * torture.chance.choice((0.003, 0.01, 0.03, 0.1, 0.5, 1.0))))


def disk_full_under_a_server(torture: Torture) -> None:
    """The disk of a server is full for a while; when it has room again, the same server works on."""
    served = torture.served()
    size = torture.world.folder.joinpath(DATABASE).stat().st_size
    with full(served.process, int(size * torture.chance.choice((0.0, 0.003, 0.01, 0.03, 1.0)))):
        torture.command().run()
        torture.command(torture.world.export(2000)).run()
    ended = torture.command(torture.world.export()).run()
    assert ended.status == 1, ended


def disk_full_for_real(torture: Torture) -> None:
    """A copy of the workspace on a disk of its own, which another file fills up to a random rest."""
    with _small_disk() as disk:
        folder = copy_of(torture.world.folder, disk / "team")
        free = shutil.disk_usage(disk).free
        rest = torture.chance.choice((0, 4096, 65_536, 300_000, 700_000))
        (disk / "other").write_bytes(bytes(max(0, free - rest)))
        export = torture.world.export(2000)
        with ExitStack() as stack:
            if torture.chance.random() < 0.5:
                (disk / "other").unlink()
                stack.enter_context(serving(folder, obey_permissions))
                (disk / "other").write_bytes(bytes(max(0, shutil.disk_usage(disk).free - rest)))
            ended = run("ingest", export.file, workspace=folder)
            run("check", workspace=folder)
            (disk / "other").unlink()
            again = run("ingest", export.file, workspace=folder)
            assert again.status == 1, again
        torture.endings["refused" if ended.refused else "done"] += 1
        export.state = "landed"
        torture.compare(folder)
        export.state, export.import_id = "absent", None


@contextmanager
def _small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="leadline-disk-") as name:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", name], capture_output=True, check=False
        )
        if mounted.returncode:
            raise CanNotBeTried("mounting a small disk needs root")
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def read_only_workspace(torture: Torture) -> None:
    """Nobody may write in the workspace: every command is refused, by itself and through a server."""
    with read_only(torture.world.folder):
        for command in _one_of_each(torture):
            assert command.run().refused
    if torture.brief:
        return
    torture.served()
    with read_only(torture.world.folder):
        torture.command(torture.world.export()).run()
    assert not torture.command(torture.world.export()).run().refused


def _one_of_each(torture: Torture) -> Sequence[Command]:
    return (torture.command(torture.world.export()), Command(torture, ("check",)))


def corrupted_file(torture: Torture) -> None:
    """A copy whose database is damaged: a command refuses it or tells the truth; a backup brings it back."""
    world = torture.world
    with tempfile.TemporaryDirectory(prefix="leadline-damaged-") as name:
        saved, folder = Path(name) / "team.backup", Path(name) / "team"
        with open_warehouse(open_workspace(world.folder)) as warehouse:
            back_up(warehouse, saved, rows_of)
        copy_of(world.folder, folder)
        _damage(folder / DATABASE, torture.chance)
        for words in (("imports", "--json"), ("doctor",), ("check",), ("ingest", str(world.export().file))):
            ended = start(*words, workspace=folder).wait()
            assert "Traceback" not in ended.out + ended.err, ended
            assert "did not expect" not in ended.out + ended.err, ended
            torture.endings["refused" if ended.refused else "done"] += 1
        world.exports.pop()
        restore(saved, folder, rows_of, replace=True)
        torture.compare(folder)


def _damage(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    how = chance.choice(("a byte", "a page", "cut short", "emptied", "something else"))
    if how == "a byte":
        content[chance.randrange(len(content))] ^= 0xFF
    elif how == "a page":
        begin = chance.randrange(len(content))
        content[begin : begin + 4096] = bytes(4096)
    elif how == "cut short":
        del content[chance.randrange(len(content)) :]
    else:
        content = bytearray(b"" if how == "emptied" else b"lead_id,created_at\n" * 1000)
    file.write_bytes(content)


def corrupted_log(torture: Torture) -> None:
    """The log of a killed server is damaged, cut short or gone: what was committed is there, or missed aloud."""
    torture.served()
    torture.command(torture.world.export()).run()
    torture.unserved(signal.SIGKILL)
    log = torture.world.folder / f"{DATABASE}.wal"
    assert log.stat().st_size > 0
    with tempfile.TemporaryDirectory(prefix="leadline-damaged-") as name:
        folder = copy_of(torture.world.folder, Path(name) / "team")
        content = bytearray((folder / log.name).read_bytes())
        how = torture.chance.choice(("a byte", "cut short", "gone"))
        if how == "a byte":
            content[torture.chance.randrange(len(content))] ^= 0xFF
        elif how == "cut short":
            del content[torture.chance.randrange(len(content) - 1) :]
        (folder / log.name).write_bytes(content)
        if how == "gone":
            (folder / log.name).unlink()
        ended = run("imports", workspace=folder)
        assert ended.refused, (how, ended)
        torture.endings["refused"] += 1


def clock_back(torture: Torture) -> None:
    """The clock has jumped back: an export is the newest all the same, or is refused."""
    library = clock_library(torture.world.beside)
    back = torture.chance.choice((1, 30, 3600, 86_400, DAYS_BACK * 86_400))
    late = {"LD_PRELOAD": str(library), "CLOCK_BACK": str(back)}
    torture.command(torture.world.export()).run(**late)
    if not torture.brief:
        torture.command().run(**late)


def clock_library(folder: Path) -> Path:
    """`clock.c`, compiled. Raises CanNotBeTried where there is no compiler, or no such preloading."""
    library = folder / "clock.so"
    if not library.exists():
        compiler = shutil.which("cc")
        if compiler is None or not Path("/proc/self/maps").exists():
            raise CanNotBeTried("setting a process's clock back needs Linux and a C compiler")
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-o", library, CLOCK, "-ldl"], check=True, capture_output=True
        )
    return library


def many_at_once(torture: Torture) -> None:
    """Many clients land at once through one server; the server may die in the middle of it."""
    torture.served()
    dies, at_once = torture.brief or torture.chance.random() < 0.5, SAME + 1 if torture.brief else AT_ONCE
    exports = [torture.world.export(120) for _ in range(at_once - SAME)]
    commands = [torture.command(export) for export in (*exports, *(exports * SAME)[:SAME])]
    with ThreadPoolExecutor(at_once) as pool:
        clients = list(pool.map(lambda command: command.start(), commands))
        if dies:
            time.sleep(torture.chance.uniform(0.5, 6.0 * at_once / AT_ONCE + 1.0))
            torture.unserved(signal.SIGKILL)
        ends = list(pool.map(lambda client: client.wait(), clients))
    # those that were refused first: whoever brings the same file and lands it has the last word
    for command, ended in sorted(zip(commands, ends, strict=True), key=lambda pair: not pair[1].refused):
        command.ended(ended)
        assert dies or ended.status == 1, ended


ROUNDS: dict[str, Callable[[Torture], None]] = {
    "server killed": server_killed,
    "command killed": command_killed,
    "client killed": client_killed,
    "disk full": disk_full,
    "disk full under a server": disk_full_under_a_server,
    "disk full for real": disk_full_for_real,
    "read-only workspace": read_only_workspace,
    "corrupted file": corrupted_file,
    "corrupted log": corrupted_log,
    "clock back": clock_back,
    "twenty at once": many_at_once,
}


def begin(folder: Path, seed: int) -> Torture:
    """A workspace of a team, with a charter and two exports."""
    chance = random.Random(seed)
    world = World(folder / "team", chance)
    assert here("init", workspace=world.folder).status == 0
    (world.folder / "leadline.toml").write_text(SERVED, encoding="utf-8")
    assert here("charter", world.charter(), workspace=world.folder).status == 0
    world.registered += world.charters
    world.gate.token = here("token", "new", "agent", "--may", "gate", workspace=world.folder).out.split()[-1]
    for _ in range(2):
        export = world.export()
        assert here("ingest", export.file, workspace=world.folder).status == 1
        export.state = "landed"
    return Torture(world, chance, compared=world.settle())
