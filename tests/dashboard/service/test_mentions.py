"""Who is named on an alert hears of it by mail, and nobody else does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from leadline.dashboard.service import mail, mentions
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.workspace import open_workspace
from leadline.metrics.agreement.alerts import alerts, assign, comment
from leadline.metrics.agreement.catalog import load_catalog
from leadline.metrics.agreement.entries import entries
from leadline.metrics.agreement.record_review import sync_alerts
from tests.dashboard.receivers import mailbox
from tests.dashboard.serving import free_port
from tests.metrics.shown import review, rule, workflow

KNOWN = ("ana@example.com", "ben@example.com", "ben@example.org")


@pytest.mark.parametrize(
    ("text", "found", "unknown"),
    [
        ("@ana please look", ("ana@example.com",), ()),
        ("ask @ANA@example.com. Thanks", ("ana@example.com",), ()),
        ("@ben or @ben@example.org", ("ben@example.org",), ("ben",)),
        ("write to ana@example.com", (), ()),
        ("@ana @ana @eve", ("ana@example.com",), ("eve",)),
    ],
)
def test_names_are_those_of_known_people(text: str, found: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert mentions.named_in(text, KNOWN) == (found, unknown)


def test_whom_a_comment_or_an_assignment_names_is_mailed_and_the_ledger_says_so(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leadline.toml").write_text(
        '[notify]\nlink = "https://leadline.example.com"\n'
        '[access.people]\n"ana@example.com" = "lead"\n"ben@example.com" = "analyst"\n'
    )
    workspace = open_workspace(tmp_path)
    sync_alerts(warehouse, review(workflow(rule("breached"))), dt.datetime(2024, 7, 1))
    (alert,) = alerts(warehouse)
    said = comment(warehouse, alert.id, "@ana is it the brief?\r\nBcc: eve@example.com", by="Kim\nKeys")
    catalog = load_catalog(None)
    monkeypatch.delenv(mail.VARIABLE, raising=False)
    assert "no mail server" in mentions.tell(warehouse, workspace, said, alert, catalog).problem
    port = free_port()
    monkeypatch.setenv(mail.VARIABLE, f"smtp://127.0.0.1:{port}?from=leadline@example.com")
    with mailbox(port) as box:
        assert mentions.tell(warehouse, workspace, said, alert, catalog).mailed == ("ana@example.com",)
        asked = assign(warehouse, alert.id, "Ben Berg (ben@example.com)", by="Ana")
        assert mentions.tell(warehouse, workspace, asked, alert, catalog).mailed == ("ben@example.com",)
    assert box.recipients == ["ana@example.com", "ben@example.com"]
    first = box.mails[0]
    assert first["subject"].startswith(f"Kim Keys mentioned you on {alert.id}: ")
    assert first["bcc"] is None
    assert f"https://leadline.example.com/alerts?alert={alert.id}" in first.get_content()
    kinds = [entry.kind for entry in entries(warehouse, ("mention_sent", "mention_failed"))]
    assert kinds == ["mention_failed", "mention_sent", "mention_sent"]
