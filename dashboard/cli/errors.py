"""The edge of the command line: whatever goes wrong inside ends here as one sentence on standard error."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from leadline.data.errors import LeadlineError

LOG = "leadline.log"
USUAL_COLLECTION = gc.get_threshold()
SELDOM = 50_000
"""new objects until garbage is looked for while a command runs: what it imports are a hundred thousand objects that all
stay, and looking through them again and again took a quarter of every start"""
_log_folder: Path | None = None


class OneSentence(click.Group):
    """Commands whose return values are exit statuses and whose errors are sentences with status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a newcomer meets them, not by letter."""
        return list(self.commands)

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        global _log_folder
        _log_folder = None
        gc.set_threshold(SELDOM)
        _speak_any_alphabet()
        keep_logs_off_the_terminal()
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
            status = complain(*sentences(e))
        except BrokenPipeError:
            # the reader has seen enough ('leadline check | head'); nothing more can be written to it
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = 141
        except Exception as e:
            status = complain(unexpected(e))
        sys.exit(status if isinstance(status, int) else 0)


def log_into(folder: Path) -> None:
    """From here on, what nobody expected is written to that workspace's log."""
    global _log_folder
    _log_folder = folder


def complain(*messages: str) -> int:
    """Each message on a line of standard error; returns the exit status of an error."""
    for message in messages:
        click.echo(" ".join(message.splitlines()).rstrip(), err=True)
    return 2


def sentences(error: LeadlineError) -> tuple[str, ...]:
    """The error's sentence, or a line for each fault where a file has several."""
    return tuple(str(error).splitlines())


def unexpected(error: Exception, folder: Path | None = None) -> str:
    """Writes the stack trace to the workspace's log (else a temporary file); returns the sentence to show."""
    file = _write_down("".join(traceback.format_exception(error)), folder or _log_folder)
    details = (
        f"{file} holds the details for whoever looks after it" if file else "no disk had room for the details"
    )
    return (
        f"Something went wrong that Leadline did not expect ({type(error).__name__}); "
        f"nothing half-done was kept, and {details}."
    )


class _ToTheLog(logging.Handler):
    """What parts of Leadline report for whoever looks after it: to the log, never to the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):
            _write_down(self.format(record), _log_folder)


def keep_logs_off_the_terminal() -> None:
    """Once a process: without a handler of their own, warnings would go to standard error with their traces."""
    for name in ("leadline",):
        logger = logging.getLogger(name)
        if not any(isinstance(handler, _ToTheLog) for handler in logger.handlers):
            logger.addHandler(_ToTheLog())


def _write_down(told: str, folder: Path | None) -> Path | None:
    """Appends to the folder's log, else to a temporary file; says where. None where no disk has room."""
    stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    entry = f"{stamp} {' '.join(sys.argv)}\n{told}\n".encode(errors="replace")
    if folder is not None and folder.is_dir():
        with contextlib.suppress(OSError):
            file = folder / LOG
            return _append(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), entry, file)
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(prefix="leadline-", suffix=".log")
        return _append(handle, entry, Path(name))
    return None


def _append(handle: int, entry: bytes, file: Path) -> Path:
    with os.fdopen(handle, "ab") as log:
        log.write(entry)
    return file


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
