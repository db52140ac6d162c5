"""The exports of the README's tour, landed and agreed from Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import leadline
from leadline.dashboard.service.new_workspace import make_workspace
from leadline.data.samples import tour

CONTACTS = {
    "template": "leads",
    "columns": {
        "Contact No": "lead_id",
        "Enquiry Received": "created_at",
        "Came Through": "channel",
        "First Answer": "first_response_at",
    },
    "constants": {"workflow": "lead-routing"},
}
OPPORTUNITIES = """\
template: deals
columns:
  Deal No: deal_id
  Contact No: lead_id
  Opened: created_at
  Decided: closed_at
  Result: stage
  Contract Value: amount
  Currency: currency
constants: {workflow: lead-routing}
values:
  stage: {Signed: won, Declined: lost, In talks: open}
"""
CHARTER = """\
workflow: lead-routing
name: "Lead <script>alert(1)</script> agent"
owner: Head of Demand Generation
deployed_on: 2024-01-01
watch:
  proxies: [response_time]
  outcomes: [close_rate]
stopping_rules:
  - {id: divergence, when: diverging, action: pause}
"""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[leadline.OpenedWorkspace]:
    """The tour's workspace, open."""
    folder = tmp_path_factory.mktemp("tour")
    make_workspace(folder / "team")
    (folder / "opportunities.yaml").write_text(OPPORTUNITIES, encoding="utf-8")
    (folder / "charter.yaml").write_text(CHARTER, encoding="utf-8")
    with leadline.open(folder / "team") as opened:
        opened.land(tour.FOLDER / tour.CONTACTS, mapping=CONTACTS)
        opened.land(tour.FOLDER / tour.OPPORTUNITIES, mapping=folder / "opportunities.yaml")
        opened.register(folder / "charter.yaml")
        yield opened


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three leads, of which one has no day."""
    file: Path = tmp_path_factory.mktemp("export") / "leads.csv"
    file.write_text("lead_id,created_at\nL1,2024-01-02\nL2,2024-01-03\nL3,<b>soon</b>\n", encoding="utf-8")
    return file
