"""What goes wrong under the command line ends here as one sentence on standard error."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from leadline.dashboard.service import failures
from leadline.data.errors import LeadlineError

USUAL_COLLECTION = gc.get_threshold()
"""of objects, before commands looked for garbage less often"""
SELDOM = 50_000
"""new objects until garbage is looked for while a command runs: what it imports are a hundred thousand objects that all
stay, and looking through them again and again took a quarter of every start"""


class OneSentence(click.Group):
    """Commands whose return values are exit statuses and whose errors are sentences with status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a newcomer meets them, not by letter."""
        return list(self.commands)

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        failures.log_into(None)
        gc.set_threshold(SELDOM)
        _speak_any_alphabet()
        failures.keep_logs_off_the_terminal()
        _tell_upgrades()
        extra["standalone_mode"] = False
        try:
            status = super().main(args, prog_name or "leadline", **extra)
            sys.stdout.flush()
        except click.exceptions.NoArgsIsHelpError as e:
            click.echo(e.message)
            status = 0
        except click.ClickException as e:
            status = complain(usage_sentence(e))
        except (click.Abort, KeyboardInterrupt):
            complain("Stopped.")
            status = 130
        except LeadlineError as e:
            status = complain(*failures.sentences(e))
        except BrokenPipeError:
            # the reader has seen enough ('leadline check | head'); nothing more can be written to it
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = 141
        except Exception as e:
            status = complain(failures.unexpected(e))
        sys.exit(status if isinstance(status, int) else 0)


def complain(*messages: str) -> int:
    """Each message on a line of standard error; returns the exit status of an error."""
    for message in messages:
        click.echo(" ".join(message.splitlines()).rstrip(), err=True)
    return 2


class _OnStandardError(logging.Handler):
    """What whoever typed the command should know at once: that the workspace was upgraded, and where its copy is."""

    def emit(self, record: logging.LogRecord) -> None:
        complain(record.getMessage())


def _tell_upgrades() -> None:
    """Once a process."""
    logger = logging.getLogger("leadline.data.database.upgrades")
    if not logger.handlers:
        logger.addHandler(_OnStandardError())


def usage_sentence(error: click.ClickException) -> str:
    """A mistake in the command itself as one sentence that says what to write instead."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "leadline"
    see = f"see '{command} --help'."
    if isinstance(error, click.exceptions.NoSuchCommand | click.exceptions.NoSuchOption):
        is_option = isinstance(error, click.exceptions.NoSuchOption)
        name = error.option_name if isinstance(error, click.exceptions.NoSuchOption) else error.command_name
        near = list(error.possibilities or ())
        hint = f"did you mean {' or '.join(near)}?" if near else see
        return f"'{command}' has no {'option' if is_option else 'command'} '{name}'; {hint}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"'{command}' needs {error.param.get_error_hint(context)}; {see}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{error.param.get_error_hint(context)}: {error.message.rstrip('.')}; {see}"
    return f"{error.format_message().rstrip('.')}; {see}"


def _speak_any_alphabet() -> None:
    """A terminal that can't show a sign shows a question mark, rather than the command failing over it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
