"""Government press briefings as one searchable, citable, tamper-evident record."""

from __future__ import annotations

TYPE_CHECKING = False  # importing the real one takes longer than all the rest of this module
if TYPE_CHECKING:
    import os

    from onrecord.model import Edition
    from onrecord.record import Record

__all__ = ["open", "read"]


def open(folder: str | os.PathLike[str], *, create: bool = True) -> Record:
    """The record in ``folder``; makes it if it is not there, unless ``create`` is False.

    Raises NotOnRecord when there is none and none is to be made, RecordBusy or RecordNotWritten when it cannot be made.
    """
    from onrecord.record import Record

    return Record(folder, create=create)


def read(
    page: str | os.PathLike[str] | bytes,
    *,
    name: str = "",
    source: str | None = None,
    kind: str | None = None,
    url: str | None = None,
) -> Edition:
    """Reads one page, keeping nothing: a file, or the bytes of one (``name`` is then what the file is called).

    ``source``, ``kind`` and ``url`` overrule what the page says of itself.  Raises UnreadableInput when the file cannot
    be had, NotABriefing when it holds no text, UnknownSource.
    """
    from onrecord.reading import read as read_bytes

    if not isinstance(page, bytes):
        from pathlib import Path

        from onrecord.errors import UnreadableInput

        name = name or Path(page).name
        try:
            page = Path(page).read_bytes()
        except (OSError, ValueError) as error:
            raise UnreadableInput(f"{page!s} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return read_bytes(page, name=name, source=source, kind=kind, url=url)
