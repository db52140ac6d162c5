"""Facts on Spark: two workers on this machine, tables as a lakehouse has them, the command line as it is used."""

from __future__ import annotations

import csv
import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leadline.data.samples.stories import LEAD_HANDLING, START, WEEKS
from tests.dashboard.command_line import run
from tests.data.engines.warehouses import EVERY, JUDGED, Table, elsewhere, landed, story_end, tables
from tests.scenarios import CHARTER, END, SCENARIOS

pyspark = pytest.importorskip("pyspark", reason="needs the extra 'spark'")
if shutil.which("java") is None:
    pytest.skip("needs Java, which is not installed here", allow_module_level=True)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::FutureWarning:pyspark"),  # it warns of pandas 3, which is not used
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # py4j leaves its sockets to the collector
]

TYPES = {"double": "decimal(18, 2)"}
QUICKLY_WARM = "-XX:TieredStopAtLevel=1"
"""for Java: code that runs a hundred times is not worth the second compiler"""
MISSING = "\\N"


def local_cluster(lake: Path, java: str = "") -> Any:
    """A master and two workers on this machine, which keep their tables in that folder."""
    from pyspark.sql import SparkSession

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = (
            SparkSession.builder.master("local-cluster[2,1,1024]")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.driver.extraJavaOptions", java)
            .config("spark.executor.extraJavaOptions", java)
            .config("spark.sql.warehouse.dir", str(lake))
            .getOrCreate()
        )
    session.sparkContext.setLogLevel("OFF")
    return session


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    session = local_cluster(tmp_path_factory.mktemp("lake"), QUICKLY_WARM)
    yield session
    session.stop()


def load(session: Any, schema: str, found: list[Table], folder: Path) -> None:
    """Written as Parquet by DuckDB: rows that go through Python's workers on the cluster take minutes."""
    session.sql(f"create schema {schema}")
    for table in found:
        kinds = {name: TYPES.get(kind, kind) for name, kind in table.columns.items()}
        written, parquet = folder / f"{table.name}.csv", folder / f"{table.name}.parquet"
        with written.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([MISSING if v is None else v for v in row] for row in table.rows)
        duckdb.sql(
            f"copy (select * from read_csv('{written}', header = false, nullstr = '{MISSING}', columns = {kinds})) "
            f"to '{parquet}' (format parquet)"
        )
        session.read.parquet(str(parquet)).coalesce(2).write.saveAsTable(f"{schema}.{table.name}")


def same_from_both(
    tmp_path: Path, session: Any, schema: str, exports: list[Path], charter: str, day: str
) -> None:
    here = landed(tmp_path / "here", exports, charter)
    found = tables(here)
    load(session, schema, found, tmp_path)
    there = elsewhere(tmp_path / "there", charter, "spark", schema, found)
    first, second = (run("check", "--json", "--as-of", day, workspace=w) for w in (here, there))
    assert first == second
    assert json.loads(first.out)["workflows"][0]["pairs"]


def test_a_story_is_told_alike_by_duckdb_and_two_workers_of_spark(tmp_path: Path, cluster: Any) -> None:
    assert cluster.sparkContext.master == "local-cluster[2,1,1024]"
    end = story_end(START, WEEKS)
    exports = LEAD_HANDLING.write(tmp_path / "exports", end)
    same_from_both(tmp_path, cluster, "story", exports, LEAD_HANDLING.charter, end.isoformat())


@pytest.mark.skipif(not EVERY, reason="a story asks all that a scenario does; make parity judges them all")
def test_scenarios_are_judged_alike_by_duckdb_and_spark(
    tmp_path: Path, cluster: Any, subtests: pytest.Subtests
) -> None:
    for name in JUDGED:
        with subtests.test(name):
            exports = SCENARIOS[name].write(tmp_path / name / "exports")
            same_from_both(tmp_path / name, cluster, name, exports, CHARTER, END.isoformat())
