"""Spark through PySpark. LEADLINE_SPARK holds the master, such as spark://host:7077; spark-defaults.conf counts too."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from leadline.data.engines.source import Source
from leadline.data.errors import ConnectionLostError, WorkspaceError, first_line

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ADDRESS = "LEADLINE_SPARK"


class Spark:
    """A session on the workspace's clock. The application behind it ends with the process."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    def select(self, sql: str) -> list[tuple[Any, ...]]:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            return [tuple(row) for row in self._session.sql(sql).collect()]
        except PySparkException as e:
            raise WorkspaceError(f"Spark could not answer: {first_line(e)}.") from e
        except (Py4JError, OSError, AttributeError) as e:
            # the application is gone, or the Java side of it: pyspark's own objects are then None
            raise ConnectionLostError(f"Spark could not answer: {first_line(e)}.") from e

    def columns(self, source: Source) -> tuple[str, ...]:
        from pyspark.errors import PySparkException

        table = ".".join("`" + part.replace("`", "``") + "`" for part in source.table.split("."))
        try:
            return tuple(self._session.table(table).columns)
        except PySparkException as e:
            raise WorkspaceError(
                f"leadline.toml: [engine] {source.table} can't be read on Spark: {first_line(e)}."
            ) from e

    def close(self) -> None:
        """Leaves the application to others in this process."""


def connect(timezone: str) -> Spark:
    """Starts or joins a session. Raises WorkspaceError where that fails."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as e:
        raise WorkspaceError(
            "leadline.toml names Spark, whose driver is missing; install it with pip install 'leadline[spark]'."
        ) from e
    try:
        builder = SparkSession.builder.appName("Leadline")
        if master := os.environ.get(ADDRESS):
            builder = builder.master(master)
        session = builder.getOrCreate().newSession()
        session.conf.set("spark.sql.session.timeZone", timezone)
    except Exception as e:  # py4j raises what the Java side says, of any kind
        raise WorkspaceError(
            f"Spark can't be reached: {first_line(e)}. Set {ADDRESS} to its master, such as spark://host:7077."
        ) from e
    return Spark(session)
