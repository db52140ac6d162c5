"""What has Leadline work without hands: lines for cron, units for systemd."""

from __future__ import annotations

import shlex

KINDS = ("cron", "systemd")
_JOBS = (
    ("inbox", "5,20,35,50 * * * *", "*:5/15", "inbox --once", "land what lies in the inbox"),
    ("check", "30 6 * * *", "*-*-* 06:30", "check --notify", "review, and tell what is new"),
    (
        "weekly",
        "0 7-9 * * 1",
        "Mon *-*-* 07..09:00",
        "weekly",
        "the weekly message, also when nothing is new",
    ),
)
"""name, when for cron, when for systemd, command, what for: never two in one minute, as one holds the workspace. The
message has three tries; who has had it is left out."""


def schedule_text(kind: str, program: str, workspace: str, zone: str) -> str:
    """The text that is printed, ready to be used. `zone`: the workspace's, in which its Monday begins."""
    return _cron(program, workspace, zone) if kind == "cron" else _systemd(program, workspace, zone)


def _cron(program: str, workspace: str, zone: str) -> str:
    lines = [
        "# Leadline: add these with 'crontab -e'. Where cron does not know CRON_TZ, times are the machine's.",
        f"CRON_TZ={zone}",
        "# Addresses and tokens stand in variables:",
        "# LEADLINE_SMTP=smtps://USER:PASSWORD@mail.example.com:465?from=leadline@example.com",
        "# LEADLINE_NOTIFY_URLS=slack://TokenA/TokenB/TokenC",
    ]
    for _, when, _, command, what in _JOBS:
        # cron takes a bare % for the end of the line
        told = f"{shlex.quote(program)} {command} --workspace {shlex.quote(workspace)}".replace("%", r"\%")
        lines += [f"# {what}", f"{when} {told}"]
    return "\n".join(lines) + "\n"


def _systemd(program: str, workspace: str, zone: str) -> str:
    parts = [
        "# Leadline: two files for each, in ~/.config/systemd/user/, then for each timer\n"
        "# systemctl --user enable --now leadline-NAME.timer ; addresses and tokens stand in ~/.config/leadline.env.\n"
    ]
    for name, _, when, command, what in _JOBS:
        started = f"{_quoted(program)} {command} --workspace {_quoted(workspace)}"
        # 'check' ends with 3 and 4, and 'inbox' with 1, where there is something to look at
        parts.append(
            f"# leadline-{name}.service\n[Unit]\nDescription=Leadline: {what}\n\n[Service]\nType=oneshot\n"
            f"EnvironmentFile=-%h/.config/leadline.env\nExecStart={started}\nSuccessExitStatus=1 3 4\n\n"
            f"# leadline-{name}.timer\n[Unit]\nDescription=Leadline: {what}\n\n[Timer]\nOnCalendar={when} {zone}\n"
            "Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
        )
    return "\n".join(parts)


def _quoted(text: str) -> str:
    """As systemd reads it: '%' and '$' mean something there."""
    told = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{told}"' if told != text or " " in text or "'" in text else text
