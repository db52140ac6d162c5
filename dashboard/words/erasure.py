"""What was erased of a person or has expired, and where it still stands, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from leadline.dashboard.words.formats import counted, day, listed
from leadline.data.landing.expired import SET_ASIDE, Expired
from leadline.data.templates import kind_words


def erased_words(rows: Mapping[str, int], set_aside: int) -> str:
    """'Erased 2 rows of deals, 1 row of leads and 1 line that was set aside.'"""
    told = [f"{counted(count, 'row')} of {kind_words(name)}" for name, count in rows.items()]
    if set_aside:
        told.append(f"{counted(set_aside, 'line')} that had been set aside")
    return f"Erased {told[0] if len(told) == 1 else ', '.join(told[:-1]) + ' and ' + told[-1]}."


def still_words(told: Mapping[str, Any]) -> Iterator[str]:
    """What the ledger notes anew, and what is left to do, a sentence each."""
    if told["imports"]:
        numbers = listed([str(number) for number in told["imports"]])
        word = "import" if len(told["imports"]) == 1 else "imports"
        yield f"The digest of {word} {numbers} was noted anew without those rows."
    for file in told["backups"]:
        yield f"The backup {file} was made before and may hold the person: write a new one and delete it."
    for file in told["copies"]:
        yield f"{file} is the database as it was before an upgrade and may hold the person: delete it."
    for file in told["files"]:
        yield f"{file} names the person: delete it, or take them out of it."
    for file in told["unread"]:
        yield f"{file} could not be looked through: open it and see whether it names the person."
    if told["ledger"]:
        numbers = ", ".join(map(str, told["ledger"]))
        yield (
            f"The ledger names the person in row {numbers}, where somebody wrote it down; taking it out would break "
            "the chain of what was decided."
        )
    yield (
        "Erase them where exports come from too, or the next export brings them back. Backups that lie elsewhere hold "
        "them still. Old bytes stay in the database's file until it is written anew: 'leadline backup', then 'leadline "
        "restore --replace'."
    )


def expired_words(told: Mapping[str, Any]) -> Iterator[str]:
    """What is older than agreed, or was, a line a template; then what is to be done."""
    if not told["is_agreed"]:
        yield 'Nothing expires here: leadline.toml has no [retention]; write it, and below such as leads = "3 years".'
        return
    word = "deleted" if told["deleted"] else "would go"
    for each in told["expired"]:
        of, until = _named(each["what"]), day(dt.date.fromisoformat(each["before"]))
        older = each["versions"] - each["rows"]
        versions = f", with {counted(older, 'earlier version')}" if older else ""
        baseline = f"; {counted(each['of_baselines'], 'row')} of a baseline" if each["of_baselines"] else ""
        yield f"{of} from before {until}: {counted(each['rows'], 'row')} {word}{versions}{baseline}."
    if not any(each["rows"] for each in told["expired"]):
        return
    if not told["deleted"]:
        yield "Nothing was deleted. 'leadline retention --delete' does it, and can't be undone."
        return
    for file in told["backups"]:
        yield f"The backup {file} was made before and holds them: write a new one and delete it."
    yield (
        "An export that holds them brings them back until this is run again. Old bytes stay in the database's file "
        "until it is written anew: 'leadline backup', then 'leadline restore --replace'."
    )


def baselines_sentence(found: Sequence[Expired]) -> str:
    """Why nothing is deleted where verdicts are held against it."""
    of = listed(
        [f"{counted(each.of_baselines, 'row')} of {_named(each.what)}" for each in found if each.of_baselines]
    )
    return (
        f"Nothing was deleted: {of} belong to a baseline, and without them nothing can be judged against it. Agree on "
        "a newer baseline in the charter (watch.baseline), or add --baselines."
    )


def _named(what: str) -> str:
    return "lines that were set aside" if what == SET_ASIDE else kind_words(what)
