"""Who may do what. Asked where something is written, so that no page can forget it; buttons only follow.

Roles stand in `leadline.toml`; people are known by the e-mail address that the login vouches for:

    [access]
    everyone = "reader"                  # whoever is not named below
    [access.people]
    "ana@example.com" = "analyst"

Without `[access]`, everybody who can open the dashboard may do everything: it is served on this computer alone
unless a login is configured. With a login, whoever is not named sees nothing unless `everyone` says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from leadline.data.documents.faults import shown
from leadline.data.documents.values import Value
from leadline.data.errors import LeadlineError
from leadline.data.workspace.settings import table_of
from leadline.data.workspace.workspace import Workspace

Act = Literal[
    "land", "undo", "agree", "acknowledge", "silence", "decide", "close", "review", "comment", "administer"
]
ACTS: tuple[Act, ...] = get_args(Act)
ACT_WORDS: dict[Act, str] = {
    "land": "land exports",
    "undo": "take imports back",
    "agree": "register charters",
    "acknowledge": "acknowledge alerts",
    "silence": "silence alerts",
    "decide": "record decisions",
    "close": "close the week",
    "review": "review outputs",
    "comment": "comment on alerts, assign them and annotate charts",
    "administer": "make tokens, erase people or delete what has expired",
}
COMMANDS: dict[str, Act] = {
    "ingest": "land",
    "inbox": "land",
    "undo": "undo",
    "retire": "undo",
    "charter": "agree",
    "retire_workflow": "agree",
    "acknowledge": "acknowledge",
    "silence": "silence",
    "decide": "decide",
    "close": "close",
    "token_new": "administer",
    "token_revoke": "administer",
    "erase": "administer",
    "retention": "administer",
}
"""what the commands of the command line that write do; all others read"""
NOBODY = "nobody"
_KEYS, _ADVICE = ("everyone", "people", "command_line"), "write [access] and under it everyone = 'reader'"
ROLES: dict[str, frozenset[Act]] = {
    NOBODY: frozenset(),
    "reader": frozenset(),
    "analyst": frozenset({"land", "undo", "acknowledge", "review", "comment"}),
    "lead": frozenset({"agree", "acknowledge", "silence", "decide", "close", "review", "comment"}),
    "owner": frozenset(ACTS),
}


class AccessError(LeadlineError):
    """This person's role does not allow it. One sentence."""


@dataclass(frozen=True)
class Person:
    """Who asks."""

    role: str
    name: str = ""
    """vouched for by the login; '' where there is none and people say who they are"""
    signed_in: bool | None = None
    """None where no login is configured"""

    @property
    def may_read(self) -> bool:
        """Whether there is anything to see for this person."""
        return self.signed_in is not False and self.role != NOBODY

    def may(self, act: Act) -> bool:
        return self.signed_in is not False and act in ROLES[self.role]


def person_of(workspace: Workspace, claims: Mapping[str, object]) -> Person:
    """Whom a login's claims are about; `is_logged_in` is missing there where no login is configured.

    Raises WorkspaceError where the workspace's roles are not readable.
    """
    signed_in = claims.get("is_logged_in")
    roles, everyone = _roles(workspace)
    if signed_in is None:
        return Person(everyone)
    if not signed_in:
        return Person(NOBODY, signed_in=False)
    address = str(claims.get("email") or "")
    is_verified = claims.get("email_verified") in (True, "true") or not _wants_verified(workspace, claims)
    # anybody may call themselves what they like; the address is what the login vouches for
    vouched = address if is_verified else "address not verified"
    called = " ".join(str(claims.get("name") or "").split())
    name = f"{called} ({vouched})" if called and vouched else called or vouched or "somebody signed in"
    role = roles.get(address.lower(), everyone) if is_verified else everyone
    return Person(role, name, signed_in=True)


def named_people(workspace: Workspace) -> tuple[str, ...]:
    """Addresses that have a role of their own. Raises WorkspaceError."""
    return tuple(_roles(workspace)[0])


def _wants_verified(workspace: Workspace, claims: Mapping[str, object]) -> bool:
    """A proxy vouches for the address that it sends; a provider says of each whether it was verified."""
    return "iss" in claims and _serve(workspace, "oidc", "unverified_email") is not True


def _serve(workspace: Workspace, *keys: str) -> object:
    """What stands there under `[serve]`, as it stands; None where nothing does."""
    found: object = workspace.settings.values.get("serve")
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def require_reading(who: Person) -> None:
    """Raises AccessError where this person sees nothing here."""
    if who.signed_in is False:
        raise AccessError("Only people who are signed in see this workspace; sign in first.")
    if not who.may_read:
        raise AccessError(
            f"{who.name or 'Everybody'} has no role here; ask an owner of the workspace to name you in leadline.toml."
        )


def require(who: Person, act: Act, said: str = "") -> str:
    """The name to be written down for this act. Raises AccessError where the role does not allow it.

    `said`: who somebody says they are; it counts only where no login knows better.
    """
    if who.signed_in is False:
        raise AccessError(f"Only people who are signed in may {ACT_WORDS[act]}; sign in first.")
    if not who.may(act):
        raise AccessError(
            f"Your role here is “{who.role}”, which may not {ACT_WORDS[act]}; ask somebody with the role {able(act)}."
        )
    return who.name or said


def require_command(workspace: Workspace, command: str) -> None:
    """Raises AccessError where the command line, acting through the server, may not do that.

    It is the server's own account, and an owner unless `[access] command_line` says less.
    """
    table = workspace.settings.table("access", _KEYS, _ADVICE)
    told = table.values.get("command_line") if table is not None else None
    who = Person(_role("the command line", told) if told else "owner")
    if table is not None:
        table.faults.raise_if_any()
    act = COMMANDS.get(command)
    if who.role == NOBODY or (act is not None and not who.may(act)):
        what = ACT_WORDS[act] if act is not None else "read"
        raise AccessError(
            f"The command line may not {what} where it acts through this server: leadline.toml gives it the role "
            f"“{who.role}” (access.command_line)."
        )


def able(act: Act) -> str:
    """The roles that may do it: '“lead” or “owner”'."""
    return " or ".join(f"“{role}”" for role, acts in ROLES.items() if act in acts)


def _roles(workspace: Workspace) -> tuple[Mapping[str, str], str]:
    """Address in small letters -> role, and the role of everybody else."""
    told = workspace.settings.table("access", _KEYS, _ADVICE)
    unnamed = NOBODY if _serve(workspace, "login") is not None else None
    if told is None:
        return {}, unnamed or "owner"
    people: dict[str, Value] = {}
    advice = 'write [access.people] and lines such as "ana@example.com" = "analyst"'
    if "people" in told.values:
        people = table_of(told.values["people"], (), advice).values
    everyone = told.values.get("everyone")
    others = _role("everyone", everyone) if everyone else unnamed or ("reader" if people else "owner")
    roles: dict[str, str] = {}
    spelled: dict[str, str] = {}
    for written, value in people.items():
        address = written.strip().lower()
        if address in spelled:
            value.fault(
                f"access.people names {shown(written)} a second time (first as {shown(spelled[address])}), since "
                "capitals and blanks around it make no difference; keep one of the two lines."
            )
        elif "@" not in address:
            value.fault(f"access.people names {shown(written)}, which is no address; {advice}.")
        spelled.setdefault(address, written)
        roles[address] = _role(written, value)
    told.faults.raise_if_any()
    return roles, others


def _role(name: str, value: Value) -> str:
    """The role that is given there; a fault where there is no such role."""
    role = value.scalar(f"a role: {', '.join(ROLES)}")
    if role is not None and role not in ROLES:
        value.fault(f"access gives {name} the role {role!r}; the roles are {', '.join(ROLES)}.")
    return role or ""
