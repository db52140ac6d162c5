"""The console command's beginning: a gate is answered without what all the other commands bring along."""

from __future__ import annotations

import sys


def main() -> None:
    """`leadline …`."""
    if sys.argv[1:2] == ["gate"]:
        from leadline.dashboard.cli.errors import OneSentence
        from leadline.dashboard.cli.gate import gate

        OneSentence(
            "leadline", commands=[gate], context_settings={"help_option_names": ["-h", "--help"]}
        ).main()
    from leadline.dashboard.cli.main import main as every_command

    every_command()
