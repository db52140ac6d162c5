"""What was erased of a person, and where the person still stands, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadline.dashboard.words.formats import counted, listed
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
