"""A file as it was brought -> a copy that the engine may read, with its fingerprint and what its bytes say.

Nothing is interpreted here beyond 'is this text at all'. What is no text table is refused with what to do instead.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import hashlib
import os
import re
import secrets
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from leadline.data.documents.plain_files import open_plain
from leadline.data.errors import ExportError
from leadline.data.exports.landing_report import Warned

CHUNK = 4 << 20
HEAD_BYTES = 512 << 10
COPIED_UP_TO = 64 << 20
"""smaller files are copied, so that nobody can change them while they are read; larger ones are hard-linked"""
LARGEST_UNPACKED = 8 << 30
SUSPICIOUS_UNPACKED = 50 << 20
SUSPICIOUS_RATIO = 100
"""an export compresses 5 to 20 times; far beyond that it is not an export"""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""of an OSError: the disk or the share of it is full"""

_READ_TWICE = tuple(
    mark.encode()
    for mark in (
        *("Ã\xa0", "Ãƒ", "Ã‚", "â€", "Ð\xa0", "\ufffd", "Ã©", "Ã¤", "Ã¶", "Ã¼", "Ã¨", "Ã³", "Ã±", "Ã§"),
        *("Å‚", "Ä…", "Ä™", "РѕР", "Ð¾Ð", "ÑÐ"),
    )
)
"""what letters look like, in UTF-8, once UTF-8 has been taken for an encoding of single bytes"""
_ZIP = b"PK\x03\x04"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_MAGIC = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"BM", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!", "an archive"),
    (b"\x1f\x8b", "packed twice"),
)


@dataclass(frozen=True)
class Received:
    """One file inside the intake folder."""

    name: str
    """how the person knows it"""
    path: Path
    sha256: str
    size: int
    """bytes as brought"""
    head: bytes
    """the first bytes, unpacked"""
    tail: bytes
    """the last bytes, unpacked"""
    line_feeds: int
    carriage_returns: int
    crlf: int
    quotes_after_space: int
    nuls: int
    is_utf8: bool = True
    """all of it, but perhaps for a last letter that is cut in two"""
    garbled: str = ""
    """a piece of it with letters that look as if a program had read UTF-8 as something else before"""
    sheet: str | None = None
    """name of the sheet, where the file is a workbook's"""
    days_from_1904: bool = False
    """True where the workbook counts days from 1904, as those of old Macs do"""
    warnings: tuple[Warned, ...] = ()

    @property
    def is_workbook(self) -> bool:
        """True for a zip archive that says it holds a spreadsheet."""
        return self.head.startswith(_ZIP) and (
            self.is_open_document
            or b"xl/" in self.head
            or b"xl/" in self.tail
            or b"[Content_Types].xml" in self.head
        )

    @property
    def is_open_document(self) -> bool:
        """True for a sheet as LibreOffice writes it."""
        return self.head.startswith(_ZIP) and _OPEN_DOCUMENT in self.head[:200]


def receive(file: Path, intake: Path, forbidden: Path | None = None) -> Received:
    """Brings a file into `intake`. `forbidden` is the open database, which must not be read. Raises ExportError."""
    name = file.name
    brought: Path | None = None
    try:
        if forbidden is not None and forbidden.exists() and os.path.samefile(file, forbidden):
            raise ExportError(f"{name} is the workspace's own database, not an export.", "not_a_table")
        if not file.is_file():
            raise ExportError(f"{name} is not a file; name an exported CSV file.", "not_a_file")
        before = file.stat()
        if before.st_size == 0:
            raise ExportError(f"{name} is empty (0 bytes); export it again.", "empty_file")
        _refuse_endless(name, before)
        with open_plain(file) as source:
            start = source.read(8)
        brought = intake / f"{secrets.token_hex(8)}.export"
        _place(file, brought, before.st_size)
        is_packed = start[:2] == b"\x1f\x8b"
        sha256 = _sha256(brought) if is_packed else None
        if is_packed:
            brought = _unpacked(brought, name, before.st_size)
        received = looked_at(name, brought, before.st_size, sha256, None if is_packed else before.st_size)
        after = file.stat()
    except FileNotFoundError as e:
        raise ExportError(f"{file} does not exist; check the path.", "not_a_file") from e
    except OSError as e:
        for left in intake.glob(f"{brought.stem}.*") if brought else ():
            left.unlink(missing_ok=True)
        refuse_without_room(name, e)
        raise ExportError(f"{name} can't be read ({e.strerror or e}); check the file.", "not_a_file") from e
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ExportError(
            f"{name} changed while it was read; wait until it is complete, then try again.", "file_changed"
        )
    _refuse_what_is_no_text(received)
    return received


def refuse_without_room(name: str, error: Exception) -> None:
    """Raises ExportError where the error says that the disk is full."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        raise ExportError(
            f"The workspace has no room for a copy of {name} ({error.strerror}); make room on its disk first.",
            "no_room",
        ) from error


def discard(received: Received) -> None:
    """Removes what `receive` placed and what was made of it; the original stays."""
    received.path.unlink(missing_ok=True)
    received.path.with_suffix(".clean").unlink(missing_ok=True)


def _place(file: Path, brought: Path, size: int) -> None:
    brought.unlink(missing_ok=True)
    if size > COPIED_UP_TO:
        try:
            os.link(file, brought)
        except OSError:  # another file system, or one without links
            _copy(file, brought, size)
    else:
        _copy(file, brought, size)


def _copy(file: Path, brought: Path, size: int) -> None:
    """The first `size` bytes; another program may write on without end."""
    with open_plain(file) as source, brought.open("wb") as sink:
        while size and (chunk := source.read(min(size, CHUNK))):
            size -= len(chunk)
            sink.write(chunk)


def _refuse_endless(name: str, found: os.stat_result) -> None:
    """Raises ExportError for a file that says to be far larger than what it holds, as those of the system do."""
    blocks = getattr(found, "st_blocks", None)
    if (
        blocks is not None
        and found.st_size > COPIED_UP_TO
        and blocks * 512 * SUSPICIOUS_RATIO < found.st_size
    ):
        raise ExportError(
            f"{name} says that it has {found.st_size >> 20:,} MB and holds next to nothing; name an exported CSV file.",
            "not_a_file",
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _unpacked(packed: Path, name: str, size: int) -> Path:
    """Unpacks gzip next to it, within limits."""
    target = packed.with_suffix(".unpacked")
    written = 0
    try:
        with gzip.open(packed, "rb") as source, target.open("wb") as sink:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                if written > LARGEST_UNPACKED or (
                    written > SUSPICIOUS_UNPACKED and written > size * SUSPICIOUS_RATIO
                ):
                    raise ExportError(
                        f"{name} unpacks to far more than an export does (over {written >> 20} MB from "
                        f"{max(size >> 10, 1)} KB); unpack it yourself and look at it first.",
                        "too_large_unpacked",
                    )
                sink.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as e:
        target.unlink(missing_ok=True)
        raise ExportError(
            f"{name} is compressed and damaged ({e}); export or download it again.", "damaged_archive"
        ) from e
    except ExportError:
        target.unlink(missing_ok=True)
        raise
    finally:
        packed.unlink(missing_ok=True)
    if written == 0:
        target.unlink(missing_ok=True)
        raise ExportError(f"{name} is empty once unpacked; export it again.", "empty_file")
    return target


def looked_at(name: str, path: Path, size: int, sha256: str | None, most: int | None = None) -> Received:
    """What the bytes of a file in the intake folder say; its fingerprint is taken unless it is given.

    Beyond `most` bytes nothing is read: somebody writes the file on.
    """
    left = most
    digest = hashlib.sha256()
    counts = dict.fromkeys(("line_feeds", "carriage_returns", "crlf", "quotes_after_space", "nuls"), 0)
    head, tail, last = b"", b"", b""
    decoder, is_utf8, piece = codecs.getincrementaldecoder("utf-8")(), True, b""
    with path.open("rb") as source, ThreadPoolExecutor(max_workers=1) as beside:
        while chunk := source.read(CHUNK if left is None else min(left, CHUNK)):
            left = None if left is None else left - len(chunk)
            hashed = beside.submit(digest.update, chunk) if sha256 is None else None
            if not head:
                head = chunk[:HEAD_BYTES]
            counts["line_feeds"] += chunk.count(b"\n")
            # most files hold none of the others, and to find none is quicker than to count
            if b"\x00" in chunk:
                counts["nuls"] += chunk.count(b"\x00")
            if b"\r" in chunk:
                counts["carriage_returns"] += chunk.count(b"\r")
                counts["crlf"] += chunk.count(b"\r\n")
            if last == b"\r" and chunk[:1] == b"\n":
                counts["crlf"] += 1
            if b'"' in chunk:
                counts["quotes_after_space"] += chunk.count(b' "')
            if not chunk.isascii() or last > b"\x7f":
                is_utf8 = is_utf8 and _decodes(decoder, chunk)
                piece = piece or _garbled_piece(chunk)
            last = chunk[-1:]
            tail = (tail + chunk)[-HEAD_BYTES // 8 :]
            if hashed is not None:
                hashed.result()
    return Received(
        name=name,
        path=path,
        sha256=sha256 or digest.hexdigest(),
        size=size,
        head=head,
        tail=tail,
        line_feeds=counts["line_feeds"],
        carriage_returns=counts["carriage_returns"],
        crlf=counts["crlf"],
        quotes_after_space=counts["quotes_after_space"],
        nuls=counts["nuls"],
        is_utf8=is_utf8,
        garbled=piece.decode("utf-8", errors="ignore") if is_utf8 else "",
    )


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _garbled_piece(chunk: bytes) -> bytes:
    """What stands around the first sign of UTF-8 that was read as something else; nothing where there is none."""
    found = [at for mark in _READ_TWICE if (at := chunk.find(mark)) >= 0]
    return chunk[max(0, min(found) - 60) : min(found) + 60] if found else b""


def _refuse_what_is_no_text(received: Received) -> None:
    """Raises ExportError for pictures, archives, web pages and the like."""
    try:
        _refuse_by_head(received)
    except ExportError:
        discard(received)
        raise


def _refuse_by_head(received: Received) -> None:
    """Raises ExportError where the first bytes are those of something that is no table."""
    name, head = received.name, received.head
    for magic, what in _MAGIC:
        if head.startswith(magic) and not (magic == b"BM" and b"\x00" not in head[:64]):
            do = "unpack it first" if what == "packed twice" else "export the rows as CSV"
            raise ExportError(f"{name} is {what}, not a table; {do}.", "not_a_table")
    if received.is_workbook:
        return
    _refuse_containers(name, head)
    _refuse_markup(name, head)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return
    controls = sum(head[:8192].count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13))
    is_wide = head[:8192].count(b"\x00") > len(head[:8192]) // 4  # UTF-16 without its mark
    if not is_wide and controls > max(8, len(head[:8192]) // 50):
        raise ExportError(f"{name} is not text; export the rows as CSV.", "not_a_table")
    if not head.strip(b'\xef\xbb\xbf \t\r\n,;|\x00"') and received.size <= len(head):
        raise ExportError(f"{name} holds nothing but blank lines; export it again.", "empty_file")


def _refuse_containers(name: str, head: bytes) -> None:
    """Archives, and workbooks that can't be read."""
    if head.startswith(_ZIP):
        raise ExportError(f"{name} is a zip archive; unpack it and land the files in it.", "not_a_table")
    if not head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return
    if "EncryptedPackage".encode("utf-16-le") in head or b"EncryptedPackage" in head:
        raise ExportError(
            f"{name} is protected by a password; remove the password in Excel and save it as CSV.",
            "password_protected",
        )
    raise ExportError(f"{name} is an old Excel workbook; save it as CSV.", "old_xls")


def _refuse_markup(name: str, head: bytes) -> None:
    """Web pages, XML and JSON."""
    start = head[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise ExportError(
            f"{name} is a web page although its name ends in {Path(name).suffix or 'nothing'}; "
            "export it again as CSV or .xlsx.",
            "html_not_xlsx",
        )
    if start.startswith((b"<?xml", b"{")) or re.match(rb"\[\s*[\[{]", start):
        raise ExportError(f"{name} is JSON or XML, not a table; export the rows as CSV.", "not_a_table")
