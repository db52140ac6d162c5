"""Who may do what: without a login, with one, and by the roles of leadline.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leadline.dashboard.service.access import ACTS, AccessError, Person
from leadline.dashboard.views import access, actions
from leadline.dashboard.views.access import person, require
from leadline.dashboard.views.page import Page
from leadline.data.errors import WorkspaceError
from leadline.data.warehouse import Warehouse
from leadline.data.workspace.settings import SETTINGS, Settings, read_settings
from leadline.data.workspace.workspace import Workspace

ROLES = {"everyone": "reader", "people": {"Ana@Example.com": "analyst", "lea@example.com": "lead"}}


def with_roles(said: Any = None) -> Workspace:
    return Workspace(Path("nowhere"), Settings(values={} if said is None else {"access": said}))


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the login say this."""

    def say(**claims: object) -> None:
        monkeypatch.setattr(access, "_claims", lambda: claims)

    say()
    return say


def test_without_login_and_roles_everybody_may_do_everything(signed_in: Any) -> None:
    assert all(person(with_roles()).may(act) for act in ACTS)
    assert require(with_roles(), "decide", "Ann") == "Ann"


def test_a_wall_display_may_be_made_a_reader_without_any_login(signed_in: Any) -> None:
    who = person(with_roles({"everyone": "reader"}))
    assert not any(who.may(act) for act in ACTS)


def test_the_login_decides_the_role_and_the_name(signed_in: Any) -> None:
    signed_in(is_logged_in=True, email="ana@example.com", name="Ana")
    assert person(with_roles(ROLES)) == Person("analyst", "Ana (ana@example.com)", signed_in=True)
    assert require(with_roles(ROLES), "land", "somebody else") == "Ana (ana@example.com)"


def test_an_address_that_was_not_verified_gives_no_role(signed_in: Any) -> None:
    claims = {
        "is_logged_in": True,
        "iss": "https://id.example.com",
        "email": "ana@example.com",
        "name": "Ana",
    }
    for said in ({}, {"email_verified": False}, {"email_verified": None}):
        signed_in(**claims, **said)
        assert person(with_roles(ROLES)) == Person("reader", "Ana (address not verified)", signed_in=True)
    signed_in(**claims, email_verified=True)
    assert person(with_roles(ROLES)).role == "analyst"
    trusting = with_roles(ROLES)
    trusting.settings.values["serve"] = {"login": "oidc", "oidc": {"unverified_email": True}}
    signed_in(**claims)
    assert person(trusting).role == "analyst"


def test_with_a_login_whoever_is_not_named_sees_nothing(signed_in: Any) -> None:
    workspace = with_roles({"people": ROLES["people"]})
    workspace.settings.values["serve"] = {"login": "header"}
    signed_in(is_logged_in=True, email="somebody@example.com")
    assert not person(workspace).may_read
    with pytest.raises(AccessError, match="has no role here"):
        access.require_reading(workspace)
    signed_in(is_logged_in=True, email="ana@example.com")
    access.require_reading(workspace)


def test_where_people_are_named_whoever_is_not_named_is_a_reader(signed_in: Any) -> None:
    signed_in(is_logged_in=True, email="somebody@example.com")
    assert person(with_roles({"people": ROLES["people"]})).role == "reader"


def test_whoever_is_not_signed_in_may_only_be_told_so(signed_in: Any) -> None:
    signed_in(is_logged_in=False)
    with pytest.raises(AccessError, match="sign in first"):
        require(with_roles(), "land")


def test_a_role_that_may_not_is_told_which_roles_may(signed_in: Any) -> None:
    signed_in(is_logged_in=True, email="ana@example.com")
    with pytest.raises(
        AccessError, match="may not record decisions; ask somebody with the role “lead” or “owner”"
    ):
        require(with_roles(ROLES), "decide")


@pytest.mark.parametrize(
    "said",
    [
        ["reader"],
        "",
        {"everyone": "king"},
        {"everyone": ""},
        {"everyone": ["reader"]},
        {"people": ["ana"]},
        {"people": {"ana@example.com": "king"}},
    ],
)
def test_roles_that_cannot_be_read_are_one_sentence_and_never_a_permission(signed_in: Any, said: Any) -> None:
    with pytest.raises(WorkspaceError, match=r"^leadline.toml: access"):
        require(with_roles(said), "land")


def test_a_misspelt_table_of_people_is_never_a_permission(signed_in: Any) -> None:
    with pytest.raises(WorkspaceError, match=r'"access.poeple" is not a key .* did you mean people'):
        require(with_roles({"poeple": ROLES["people"]}), "land")


def test_every_role_that_is_none_is_told_at_once_with_its_line(signed_in: Any, tmp_path: Path) -> None:
    file = tmp_path / SETTINGS
    file.write_text('[access]\neveryone = "king"\n[access.people]\n"ana@example.com" = "queen"\n')
    with pytest.raises(WorkspaceError) as refused:
        require(Workspace(tmp_path, read_settings(file)), "land")
    assert str(refused.value).splitlines()[1:] == [
        "  leadline.toml, line 2: access gives everyone the role 'king'; "
        "the roles are nobody, reader, analyst, lead, owner.",
        "  leadline.toml, line 4: access gives ana@example.com the role 'queen'; "
        "the roles are nobody, reader, analyst, lead, owner.",
    ]


def test_an_address_that_is_spelled_twice_or_is_none_gives_no_role_and_is_told_with_its_line(
    signed_in: Any, tmp_path: Path
) -> None:
    file = tmp_path / SETTINGS
    file.write_text(
        '[access.people]\n"ana@example.com" = "reader"\n"Ana@Example.com" = "owner"\n" ana@example.com " = "lead"\n'
        '"" = "owner"\n"everyone" = "owner"\n'
    )
    signed_in(is_logged_in=True, email="ana@example.com")
    with pytest.raises(WorkspaceError) as refused:
        person(Workspace(tmp_path, read_settings(file)))
    said = str(refused.value).splitlines()[1:]
    assert [line.split(":")[1] for line in (one.replace(", line ", ":") for one in said)] == [
        "3",
        "4",
        "5",
        "6",
    ]
    assert said[0] == (
        '  leadline.toml, line 3: access.people names "Ana@Example.com" a second time (first as "ana@example.com"), '
        "since capitals and blanks around it make no difference; keep one of the two lines."
    )
    assert 'line 5: access.people names "", which is no address; write [access.people]' in said[2]


def test_what_is_written_is_refused_whatever_a_page_shows(
    signed_in: Any, warehouse: Warehouse, workspace: Workspace
) -> None:
    closed = Workspace(workspace.path, Settings(values={"access": {"everyone": "reader"}}))
    with pytest.raises(AccessError, match="take imports back"):
        actions.take_back(Page(closed, warehouse, "light"), 1)
