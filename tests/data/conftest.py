"""One warehouse for many small cases: opening one takes longer than landing a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from leadline.data.landing.land import list_imports, undo
from leadline.data.warehouse import Warehouse, open_warehouse
from leadline.data.workspace.workspace import Workspace
from tests.conftest import SMALL


@pytest.fixture(scope="module")
def opened_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with open_warehouse(Workspace(tmp_path_factory.mktemp("shared") / "workspace", SMALL)) as opened:
        yield opened


@pytest.fixture
def emptied(opened_once: Warehouse) -> Iterator[Warehouse]:
    """A warehouse in which nothing stands; what a test lands is taken back after it."""
    yield opened_once
    for record in reversed(list_imports(opened_once)):
        if record.undone_at is None:
            undo(opened_once, record.import_id)
