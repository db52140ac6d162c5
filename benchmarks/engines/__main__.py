"""`python -m benchmarks.engines`: the questions of one review, put to DuckDB, PostgreSQL and Spark over the same rows.

The story of lead handling, and the same enlarged. Each question is asked once unmeasured and then RUNS times of each
engine; answers must be the same. Printed: seconds for all questions (the median run), and the ratio to DuckDB, which
answers from its facts, without kept counts. What is not installed is left out, and said.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from leadline.data.database.session import Row
from leadline.data.engines import engine
from leadline.data.samples.stories import LEAD_HANDLING, START, WEEKS
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.review import review
from tests.data.engines.warehouses import Table, elsewhere, landed, story_end, tables

RUNS = 3
TIMES = tuple(int(word) for word in sys.argv[1:] if word.isdigit()) or (1, 20)
"""how often the story's rows are repeated, each time with identities of their own"""
LEFT_OUT = {word.removeprefix("-") for word in sys.argv[1:] if word.startswith("-")}
"""engines that are not asked: `-spark`"""
Question = tuple[str, dict[str, Any]]
Ask = Callable[[str, dict[str, Any]], list[Row]]


def main() -> int:
    end = story_end(START, WEEKS)
    with tempfile.TemporaryDirectory(prefix="leadline-engines-") as name, ExitStack() as stack:
        folder = Path(name)
        loaders = {
            kind: stack.enter_context(starter())
            for kind, starter in _STARTERS.items()
            if kind not in LEFT_OUT
        }
        for times in TIMES:
            place = folder / str(times)
            exports = [enlarged(file, times) for file in LEAD_HANDLING.write(place / "exports", end)]
            here = landed(place / "here", exports, LEAD_HANDLING.charter)
            found = tables(here)
            rows = sum(len(table.rows) for table in found)
            with open_warehouse(open_workspace(here)) as own:
                questions = questions_of(own, end)
                answers, usual = measured(own.select, questions)
                print(f"{rows:,} rows, {len(questions)} questions", flush=True)
                print(f"  duckdb    {usual:8.2f} s", flush=True)
            for kind, load in loaders.items():
                if load is None:
                    continue
                load(found, f"bench_{times}", place)
                there = elsewhere(place / kind, LEAD_HANDLING.charter, kind, f"bench_{times}", found)
                with open_warehouse(open_workspace(there)) as warehouse:
                    asked = engine.engine_of(warehouse)
                    assert asked is not None
                    told, took = measured(asked.select, questions)
                for (sql, _), ours, theirs in zip(questions, answers, told, strict=True):
                    # another engine has no imports to number
                    assert "import_id" in sql or theirs == ours, f"{kind} answers otherwise: {sql}"
                print(f"  {kind:9} {took:8.2f} s  {took / usual:6.1f} ×", flush=True)
    return 0


def enlarged(file: Path, times: int) -> Path:
    """The export with its rows repeated; the two identities, its own and the lead's, made unique."""
    heading, *rows = file.read_text(encoding="utf-8").splitlines()
    names = heading.split(",")
    places = {0, *(place for place, name in enumerate(names) if name == "lead_id")}
    with file.open("w", encoding="utf-8") as written:
        written.write(heading + "\n")
        for number in range(times):
            for row in rows:
                cells = row.split(",")
                written.write(
                    ",".join(
                        f"{cell}-{number}" if place in places and cell else cell
                        for place, cell in enumerate(cells)
                    )
                    + "\n"
                )
    return file


def questions_of(warehouse: Warehouse, end: Any) -> list[Question]:
    """What one review asks of facts, each question once."""
    asked: dict[str, Question] = {}

    def noting(of: Warehouse, sql: str, values: dict[str, Any]) -> list[Row]:
        asked.setdefault(repr((sql, sorted(values.items()))), (sql, values))
        return of.select(sql, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("leadline.metrics.cohorts.ask", noting)
        patch.setattr(
            "leadline.metrics.cohorts.answer", lambda *_: None
        )  # of kept counts, which no other engine has
        review(warehouse, warehouse.workspace, end)
    return [(sql, values) for sql, values in asked.values() if "landed." not in sql]


def measured(ask: Ask, questions: list[Question]) -> tuple[list[list[Row]], float]:
    """Answers, and the seconds of the median run over all questions."""
    answers = [ask(sql, values) for sql, values in questions]
    runs = []
    for _ in range(RUNS):
        began = time.perf_counter()
        for sql, values in questions:
            ask(sql, values)
        runs.append(time.perf_counter() - began)
    return answers, statistics.median(runs)


@contextmanager
def _postgres() -> Iterator[Callable[[list[Table], str, Path], None] | None]:
    try:
        from tests.data.engines import test_postgres as there
        from tests.data.engines.postgres_server import postgres_server

        with postgres_server() as server:
            os.environ["LEADLINE_POSTGRES"] = server.address
            yield lambda found, schema, folder: there.load(server.address, schema, found)
    except pytest.skip.Exception as e:
        print(f"postgres is left out: {e}")
        yield None


@contextmanager
def _spark() -> Iterator[Callable[[list[Table], str, Path], None] | None]:
    try:
        from tests.data.engines import test_spark as there
    except pytest.skip.Exception as e:
        print(f"spark is left out: {e}")
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="leadline-lake-") as lake:
        session = there.local_cluster(Path(lake))
        try:
            yield lambda found, schema, folder: there.load(session, schema, found, folder)
        finally:
            session.stop()


_STARTERS = {"postgres": _postgres, "spark": _spark}

if __name__ == "__main__":
    sys.exit(main())
