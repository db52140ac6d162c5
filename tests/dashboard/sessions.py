"""A session at the real server without a browser: Streamlit's own messages over its websocket."""

from __future__ import annotations

import http.client
import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

PATIENCE_SECONDS = 300.0
SOON_SECONDS = 0.3
"""after which somebody who leaves a page leaves it"""
SHOWN = ("markdown", "heading", "table", "plotly_chart", "dataframe", "alert", "imgs", "text", "code")
"""kinds of elements that a person reads"""


@dataclass
class Run:
    """What the server sent for one run of a page."""

    first: float | None = None
    """seconds until something to read came; None where nothing did"""
    seconds: float = 0.0
    """seconds until the page was whole"""
    elements: dict[tuple[int, ...], Any] = field(default_factory=dict)
    """place on the page -> the element that stands there in the end"""
    blocks: dict[tuple[int, ...], Any] = field(default_factory=dict)
    """place on the page -> the container that stands there"""
    bytes: int = 0
    spinners: list[str] = field(default_factory=list)
    """what long work said of itself meanwhile"""
    progress: list[str] = field(default_factory=list)
    """what its bar said, in order"""

    def text(self) -> str:
        """Everything to read, without the marks of escaping."""
        told = []
        for element in self.elements.values():
            kind = element.WhichOneof("type")
            if kind in ("markdown", "heading", "alert", "text"):
                told.append(getattr(element, kind).body)
        return _plain("\n".join(told))

    def all(self, kind: str) -> list[Any]:
        """Elements of a kind, such as 'button'."""
        return [getattr(e, kind) for e in self.elements.values() if e.WhichOneof("type") == kind]

    def counted(self) -> dict[str, int]:
        """How many elements of each kind the page has."""
        kinds = [str(element.WhichOneof("type")) for element in self.elements.values()]
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


class Session:
    """One person's page. Made by `session_at`."""

    def __init__(self, port: int, connection: ClientConnection, cookie: str = "") -> None:
        self._port = port
        self._cookie = cookie
        self._socket = connection
        self._widgets: dict[str, WidgetState] = {}
        self._page, self._query = "", ""
        self._page_hash = ""
        self._session = ""
        self._known: dict[str, ForwardMsg] = {}
        self.last = Run()

    def open(self, page: str = "", query: str = "") -> Run:
        """Goes to a page by its path, as a link does; runs until it is whole."""
        self._page, self._query, self._page_hash = page, query, ""
        self._widgets = {}
        return self._rerun()

    def again(self) -> Run:
        """Runs the page as it stands."""
        return self._rerun()

    def press(self, label: str, leave_for: str | None = None) -> Run:
        """Presses the button whose label begins so.

        `leave_for`: a page to go to without waiting for what the button does.
        """
        button = next(b for b in self.last.all("button") if b.label.startswith(label))
        return self._done(WidgetState(id=button.id, trigger_value=True), leave_for)

    def choose(self, kind: str, value: Mapping[str, Any]) -> Run:
        """Gives the first widget of a kind a value: `choose('selectbox', {'string_value': 'x'})`."""
        widget = self.last.all(kind)[0]
        self._widgets[widget.id] = WidgetState(id=widget.id, **value)
        return self._rerun()

    def upload(self, file: Path, leave_for: str | None = None) -> Run:
        """Drops a file into the page's first uploader; `leave_for` as in `press`."""
        uploader = self.last.all("file_uploader")[0]
        urls = self._file_urls(file.name)
        mark = "leadline-test-boundary"
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="{file.name}"; filename="{file.name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        ).encode()
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)) as asked:
            asked.request("GET", "/_stcore/health")
            token = re.search(r"_streamlit_xsrf=([^;]+)", str(asked.getresponse().headers))
            assert token
            asked.close()
            asked.request(
                "PUT",
                urls.upload_url,
                head + file.read_bytes() + f"\r\n--{mark}--\r\n".encode(),
                {
                    "Content-Type": f"multipart/form-data; boundary={mark}",
                    "X-Xsrftoken": token[1],
                    "Cookie": "; ".join(filter(None, [self._cookie, f"_streamlit_xsrf={token[1]}"])),
                },
            )
            answer = asked.getresponse()
            assert answer.status in (200, 204), (answer.status, answer.read())
        state = WidgetState(id=uploader.id)
        state.file_uploader_state_value.uploaded_file_info.append(
            UploadedFileInfo(name=file.name, size=file.stat().st_size, file_id=urls.file_id, file_urls=urls)
        )
        self._widgets[uploader.id] = state
        return self._done(None, leave_for)

    def _done(self, pressed: WidgetState | None, leave_for: str | None) -> Run:
        if leave_for is None:
            return self._rerun(pressed)
        self._ask(pressed)
        time.sleep(SOON_SECONDS)
        return self.open(leave_for)

    def _file_urls(self, name: str) -> FileURLs:
        asked = BackMsg()
        asked.file_urls_request.request_id = "1"
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self._session
        self._socket.send(asked.SerializeToString())
        while True:
            message = self._receive()
            if message.WhichOneof("type") == "file_urls_response":
                return message.file_urls_response.file_urls[0]

    def _rerun(self, pressed: WidgetState | None = None) -> Run:
        began = time.perf_counter()
        self._ask(pressed)
        return self._until_whole(began)

    def _ask(self, pressed: WidgetState | None = None) -> None:
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_name, state.page_script_hash = (
            self._query,
            self._page,
            self._page_hash,
        )
        state.context_info.timezone = "UTC"
        state.context_info.color_scheme = "light"
        state.context_info.url = f"http://127.0.0.1:{self._port}/{self._page}"
        state.widget_states.widgets.extend([*self._widgets.values(), *([pressed] if pressed else [])])
        self._socket.send(asked.SerializeToString())

    def _until_whole(self, began: float) -> Run:
        run = Run()
        while True:
            message = self._receive(run)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                run.elements.clear()
                run.blocks.clear()
                self._page_hash = message.new_session.page_script_hash
                self._session = message.new_session.initialize.session_id or self._session
            elif kind == "navigation":
                self._page_hash = message.navigation.page_script_hash
            elif kind == "delta":
                self._place(run, message, began)
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                run.seconds = time.perf_counter() - began
                self.last = run
                return run

    def _place(self, run: Run, message: ForwardMsg, began: float) -> None:
        kind = message.delta.WhichOneof("type")
        place = tuple(message.metadata.delta_path)
        if kind == "new_transient":
            run.spinners += [
                e.spinner.text
                for e in message.delta.new_transient.elements
                if e.WhichOneof("type") == "spinner"
            ]
        elif kind == "add_block":
            run.blocks[place] = message.delta.add_block
        elif kind == "new_element":
            element = message.delta.new_element
            run.elements[place] = element
            if element.WhichOneof("type") == "spinner":
                run.spinners.append(element.spinner.text)
            if element.WhichOneof("type") == "progress":
                run.progress.append(_plain(element.progress.text))
            if run.first is None and element.WhichOneof("type") in SHOWN:
                run.first = time.perf_counter() - began

    def _receive(self, run: Run | None = None) -> ForwardMsg:
        received = self._socket.recv(timeout=PATIENCE_SECONDS)
        assert isinstance(received, bytes)
        if run:
            run.bytes += len(received)
        message = ForwardMsg()
        message.ParseFromString(received)
        if message.WhichOneof("type") == "ref_hash":
            known = self._known[message.ref_hash]
            known.metadata.CopyFrom(message.metadata)
            return known
        if message.hash:
            self._known[message.hash] = message
        return message


def _plain(text: str) -> str:
    return re.sub(r"[\\\u2060]", "", text)


@contextmanager
def session_at(
    port: int, cookie: str = "", public: str = "", peer: str = "127.0.0.1", token: str = "", **headers: str
) -> Iterator[Session]:
    """A session of its own, closed at the end of the block.

    `cookie`: of a browser that may look; `public`: 'leadline.example.com/path' where it is known so; `peer`: the
    address on this machine that it comes from; `token`: Streamlit's against foreign pages, beside its cookie.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with (
        socket.create_connection(("127.0.0.1", port), source_address=(peer, 0)) as opened,
        connect(
            f"ws://{public or f'127.0.0.1:{port}'}/_stcore/stream",
            sock=opened,
            max_size=None,
            open_timeout=PATIENCE_SECONDS,
            compression=None,
            subprotocols=["streamlit", token] if token else None,
            additional_headers={**named, **({"Cookie": cookie} if cookie else {})},
        ) as connection,
    ):
        yield Session(port, connection, cookie)
        with suppress(Exception):
            connection.close()
