"""`[serve]` in leadline.toml: what it may say, and every fault with its line and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.dashboard.service.admission.serve_settings import Public, Serving, read_serving
from leadline.data.errors import WorkspaceError
from leadline.data.workspace.settings import SETTINGS, read_settings
from leadline.data.workspace.workspace import Workspace

PEOPLE = '\n[access.people]\n"ana@example.com" = "owner"\n'
HEADER = '[serve.header]\nemail = "X-Forwarded-Email"\ntrusted_proxies = ["127.0.0.1", "10.0.0.0/24"]\n'
OIDC = (
    '[serve.oidc]\nmetadata = "https://id.example.com/x"\nclient_id = "leadline"\nclient_secret = "env:S"\n'
)
WHOLE = '[serve]\nhost = "0.0.0.0"\npublic = "https://leadline.example.com/drift/"\n'


def read(folder: Path, text: str) -> Serving:
    file = folder / SETTINGS
    file.write_text(text)
    return read_serving(Workspace(folder, read_settings(file)))


def test_without_it_this_machine_alone_is_served(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Serving("127.0.0.1")


def test_both_logins_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S", "secret")
    header = read(tmp_path, f'{WHOLE}login = "header"\n{HEADER}{PEOPLE}')
    assert (header.host, header.public) == ("0.0.0.0", Public("https://leadline.example.com", "/drift"))
    assert header.header is not None
    assert (header.header.email, len(header.header.trusted_proxies)) == ("x-forwarded-email", 2)
    oidc = read(tmp_path, f'{WHOLE}login = "oidc"\n{OIDC}{PEOPLE}')
    assert oidc.oidc is not None
    assert (oidc.oidc.client_secret, oidc.oidc.unverified_email) == ("secret", False)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (WHOLE, 2, "nobody signs in"),
        ('[serve]\nhost = "10.1.2.3"\n', 2, "write 127.0.0.1"),
        ('[serve]\npublic = "leadline.example.com"\n', 2, "no address that people could open"),
        ('[serve]\npublic = "https://a.example/x?y=1"\n', 2, "no address that people could open"),
        ('[serve]\npublic = "https://[::"\n', 2, "no address that people could open"),
        ('[serve]\nlogin = "google"\n', 2, 'write "oidc" or "header"'),
        (f'[serve]\nlogin = "header"\n{HEADER}{PEOPLE}', 2, "serve.public is missing"),
        (f'{WHOLE}login = "header"\n{HEADER}', 4, "nobody has a role"),
        (f'{WHOLE}login = "header"\n{PEOPLE}', 4, "[serve.header]"),
        (f'{WHOLE}login = "oidc"\n{OIDC}{PEOPLE}', 8, "which is not set here"),
        (f'{WHOLE}login = "oidc"\n{PEOPLE}', 4, "[serve.oidc]"),
        (f'{WHOLE}login = "header"\n{HEADER.replace("127.0.0.1", "proxy")}{PEOPLE}', 7, "no address"),
        (f'{WHOLE}login = "header"\n{HEADER.replace("10.0.0.0/24", "0.0.0.0/0")}{PEOPLE}', 7, "is everybody"),
        (
            f'{WHOLE}login = "header"\n{HEADER.replace("X-Forwarded-Email", "X: y")}{PEOPLE}',
            6,
            "no name of a header",
        ),
        (f'{WHOLE}login = "oidc"\n{OIDC}prompt = "ask"\n{PEOPLE}', 9, "write select_account or login"),
        ('[serve]\nhosts = "127.0.0.1"\n', 2, "did you mean host"),
    ],
)
def test_every_fault_has_its_line_and_what_to_write(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(WorkspaceError) as refused:
        read(tmp_path, text)
    assert f"leadline.toml, line {line}: " in str(refused.value)
    assert said in str(refused.value)
