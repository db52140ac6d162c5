"""Results that are reckoned once, for everybody, and kept: a bounded number, those not asked for longest go first.

The work runs in a thread of its own. Whoever asks for the same result meanwhile waits for the same work; whoever
leaves the page is not held back by it, and finds it done on coming back. Values are handed out as they are, so they
have to be frozen.
"""

from __future__ import annotations

import contextvars
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from contextlib import nullcontext
from typing import Generic, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

T = TypeVar("T")
_AT_ONCE_SECONDS = 0.05
_LOOK_SECONDS = 0.1
"""how often a page that waits looks whether its reader has gone elsewhere"""


class Kept(Generic[T]):
    """At most `most` results by key. `words` are shown to who waits; '' shows nothing."""

    def __init__(self, most: int, words: str = "") -> None:
        self.most = most
        self._words = words
        self._guard = threading.Lock()
        self._results: OrderedDict[Hashable, Future[T]] = OrderedDict()
        self.reckoned = 0
        """how many results have been worked out since the process began"""

    def get(self, key: Hashable, work: Callable[[], T]) -> T:
        """The result under that key; `work` makes it where nobody has asked for it yet. Raises what `work` raises."""
        with self._guard:
            result = self._results.get(key)
            if result is None:
                result = self._results[key] = self._begun(key, work)
            self._results.move_to_end(key)
            while len(self._results) > self.most:
                self._results.popitem(last=False)
        _await(result, self._words)
        return result.result()

    def made(self, key: Hashable) -> T | None:
        """The result where it is there already."""
        with self._guard:
            result = self._results.get(key)
        return result.result() if result is not None and result.done() and not result.exception() else None

    def __contains__(self, key: Hashable) -> bool:
        """True where the result is there or under way."""
        with self._guard:
            return key in self._results

    def __len__(self) -> int:
        with self._guard:
            return len(self._results)

    def forget(self) -> None:
        """Keeps nothing any more."""
        with self._guard:
            self._results.clear()

    def _begun(self, key: Hashable, work: Callable[[], T]) -> Future[T]:
        result: Future[T] = Future()
        self.reckoned += 1
        here = contextvars.copy_context()

        def run() -> None:
            try:
                made = here.run(work)
            except BaseException as error:
                # what failed is tried again by the next who asks
                with self._guard:
                    if self._results.get(key) is result:
                        del self._results[key]
                result.set_exception(error)
            else:
                result.set_result(made)

        threading.Thread(target=run, name="leadline-work", daemon=True).start()
        return result


def give_way() -> None:
    """Ends this run of a page whose reader has gone elsewhere: Streamlit looks whenever the state is read."""
    if get_script_run_ctx(suppress_warning=True) is not None:
        _ = "gone" in st.session_state


def _await(result: Future[T], words: str) -> None:
    wait([result], timeout=_AT_ONCE_SECONDS)
    if result.done() or get_script_run_ctx(suppress_warning=True) is None:
        return
    with st.spinner(words, show_time=True) if words else nullcontext():
        while not result.done():
            wait([result], timeout=_LOOK_SECONDS)
            give_way()
