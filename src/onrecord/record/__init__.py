"""A record on disk: the one door to its archive, its store and its index.

A record is always open for reading.  ``add`` takes it for writing while it runs, and leaves it sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from onrecord.errors import BadQuery, NotBuilt, NotOnRecord, RecordDamaged, RecordNotWritten
from onrecord.ids import parse, parse_occasion
from onrecord.model import Added, Edition, Exchange, Hits, Verification
from onrecord.record.comparisons import Comparisons
from onrecord.record.filters import filters_of, outlet_of, person_of
from onrecord.record.formulas import Formulas
from onrecord.store import Store

if TYPE_CHECKING:  # a search must not wait for the parsers or the archive to be imported
    import os
    from collections.abc import Callable

    from onrecord.archive import Archive
    from onrecord.index import WordIndex
    from onrecord.record.phrases import Phrases
    from onrecord.record.session import Session
    from onrecord.store.occasions import Occasion

    Input = str | os.PathLike[str] | bytes | tuple[str, bytes]

ABOUT, STORE, WORDS = "onrecord.json", "store.sqlite", "words"
_OURS = {
    *(ABOUT, STORE, f"{STORE}-wal", f"{STORE}-shm", WORDS, "concordance"),
    *("lock", "archive", "seal.json", "seal.json.tmp"),
}


class Record(Comparisons, Formulas):
    """A record in a folder.  A context manager; ``close`` lets go of its files."""

    def __init__(self, folder: str | os.PathLike[str], *, create: bool = True, wait: float = 5.0) -> None:
        """Opens the record in ``folder``; ``create`` makes it if it is not there.

        ``wait`` is how many seconds to wait for another writer.  Raises NotOnRecord when there is none and none is to
        be made; when it has to be made, RecordBusy or RecordNotWritten.  Nothing is written to a record that is there.
        """
        self.folder = Path(folder)
        self._wait = wait
        self._archive: Archive | None = None
        self._index: WordIndex | None = None
        self._phrases: Phrases | None = None
        self._store = Store(self.folder / STORE, write=False)
        if not (self.folder / ABOUT).exists() or not (self.folder / STORE).exists():
            if create:
                self._make()
            elif not any((self.folder / name).exists() for name in (ABOUT, "archive/head.json")):
                raise NotOnRecord(f"there is no record in {self.folder}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of all files."""
        self._store.close()
        if self._index is not None:
            self._index.close()
        self._index = self._archive = self._phrases = None

    # ---------------------------------------------------------------- adding

    def add(
        self, page: Input, *, source: str | None = None, kind: str | None = None, occasion: str | None = None
    ) -> Added | list[Added]:
        """``add_stream`` run to its end: the row of a page, or a list of rows for a folder or a container of pages."""
        rows = self.add_all(page, source=source, kind=kind, occasion=occasion)
        one_page = isinstance(page, bytes | tuple) or [row.input for row in rows] == [str(page)]
        return rows[0] if one_page else rows

    def add_all(
        self,
        *inputs: Input,
        source: str | None = None,
        kind: str | None = None,
        occasion: str | None = None,
        jobs: int | None = None,
        progress: Callable[[Added], object] | None = None,
    ) -> list[Added]:
        """``add_stream`` run to its end: a row for each page; ``progress`` is called with each once it is durable."""
        rows = []
        for row in self.add_stream(*inputs, source=source, kind=kind, occasion=occasion, jobs=jobs):
            rows.append(row)
            if progress is not None:
                progress(row)
        return rows

    def add_stream(
        self,
        *inputs: Input,
        source: str | None = None,
        kind: str | None = None,
        occasion: str | None = None,
        jobs: int | None = None,
    ) -> Iterator[Added]:
        """Takes pages into the record, and yields a row for each in their order, once it is durable.

        An input is a path (file, folder, WARC file, zip; ``-`` is standard input), bytes, or a name with bytes.
        ``source`` and ``kind`` overrule what pages say of themselves; ``occasion`` is the one that editions new to the
        record are of (those on it stay where they are) and names their source too.  ``jobs`` is how many processes
        read, None as many as there are processors if that can pay.  A page that cannot be read is a row with status
        ``failed``; everything else is kept.  Raises UnknownSource, BadId for a kind that no id can hold or an occasion
        that is none, RecordBusy, RecordNotWritten, RecordDamaged.
        """
        from onrecord.record.adding import said

        return self._add(inputs, said(source, kind, occasion), jobs)

    def _add(self, inputs: Iterable[Input], given: dict[str, str], jobs: int | None) -> Iterator[Added]:
        from onrecord.record.adding import Adder, items

        adder = Adder(self._session, self._known, given=given, jobs=jobs)
        try:
            yield from adder.run(items(inputs), finish=self._unfinished())
        finally:
            self.refresh()

    def _unfinished(self) -> bool:
        """Whether there is work left for a writer: one was killed or refused, or the store or the index is lost."""
        from onrecord.record.session import index_is_whole, left_open

        self.refresh()
        if not (self.folder / STORE).exists() or left_open(self.folder):
            return True
        if self._store.entries() != self.archive.entries:
            return True
        try:
            return not index_is_whole(self.index, self._store) or self.index.last_revision < self._store.last_pk()
        except RecordDamaged:
            return True
        finally:
            self.refresh()  # closes the index, whose thread would keep the readers from being forked

    def _known(self, sha256: str) -> tuple[str, int] | None:
        return self._store.known([sha256]).get(sha256)

    def _session(self, wait: float | None = None) -> Session:
        from onrecord.record.adding import reread
        from onrecord.record.session import Session

        wait = self._wait if wait is None else wait
        return Session(self.folder, reread, wait=wait, release=self._store.release)

    def _make(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            strangers = sorted({path.name for path in self.folder.iterdir()} - _OURS)
        except OSError as error:
            raise RecordNotWritten(f"{self.folder} cannot be made: {error.strerror}") from error
        if strangers:
            raise RecordNotWritten(f"{self.folder} is no record and holds other files ({strangers[0]})")
        self._session().close()

    def move(self, edition: str, occasion: str) -> Edition:
        """Puts an edition, with all its revisions, into an occasion of its source, and returns it under its new id.

        The id it had goes on to lead to it.  The occasion need not be there yet.  The ledger keeps that it was done.
        Raises BadId, NotOnRecord, RecordBusy, RecordNotWritten, RecordDamaged.
        """
        from onrecord.record.occasions import move

        try:
            return self[move(self._store, self._session, edition, occasion)]
        finally:
            self.refresh()

    # ---------------------------------------------------------------- reading

    def refresh(self) -> None:
        """Lets go of what was read of the archive and the index, so that what others have added since is seen."""
        if self._archive is not None:
            self._archive.refresh()
        if self._index is not None:
            self._index.close()
            self._index = None

    def __getitem__(self, id: str) -> Edition:
        """The edition of that id in its latest revision, or in the one that ``@`` names; raises BadId, NotOnRecord."""
        return self._store.get(id)

    def exchange(self, id: str) -> Exchange:
        """The exchange that ``#`` names (``cn-mfa/2023-07-26/zh#3``); raises BadId, NotOnRecord."""
        return self.exchange_of(self[id], id)

    @staticmethod
    def exchange_of(edition: Edition, id: str) -> Exchange:
        """The exchange of ``edition`` that ``#`` names in ``id``; NotOnRecord if it has none of that number."""
        n = parse(id).exchange
        for exchange in edition.exchanges:
            if exchange.n == n:
                return exchange
        raise NotOnRecord(f"{id} names no exchange that is on the record")

    def editions(
        self,
        *,
        source: str | None = None,
        country: str | None = None,
        lang: str | None = None,
        kind: str | None = None,
        outlet: str | None = None,
        person: str | None = None,
        since: str | None = None,
        until: str | None = None,
        latest: bool = True,
    ) -> Iterator[Edition]:
        """The editions that fit all filters, by date, a few in memory at a time; see ``store.queries.Filters``."""
        return self._store.editions(
            filters_of(
                source=source,
                country=country,
                lang=lang,
                kind=kind,
                outlet=outlet,
                person=person,
                since=since,
                until=until,
                latest=latest,
            )
        )

    def occasion(self, id: str) -> Occasion:
        """The occasion of that id (``cn-mfa/2023-07-26``) with a list of its editions; raises BadId, NotOnRecord."""
        one = parse_occasion(id)
        for found in self._store.occasions(one=one):
            return found
        raise NotOnRecord(f"no edition of {one.id} is on the record")

    def occasions(self, *, least: int = 1, **filters: Any) -> Iterator[Occasion]:
        """The occasions with an edition that fits all filters (as of ``editions``), by date, each with all it has.

        ``least`` is how many editions an occasion must have: 2 for those whose editions can be compared.
        """
        return iter(self._store.occasions(filters_of(**filters), least=least))

    def search(
        self,
        query: str,
        *,
        in_: str | tuple[str, ...] | None = None,
        source: str | None = None,
        country: str | None = None,
        outlet: str | None = None,
        person: str | None = None,
        lang: str | None = None,
        since: str | None = None,
        until: str | None = None,
        by: str = "words",
        latest: bool = True,
        limit: int = 20,
        offset: int = 0,
    ) -> Hits:
        """The turns that match, best first: ``limit`` of them from ``offset`` on.

        Words are ANDed; ``OR``, ``-word`` and ``"exact phrase"`` are understood.  ``in_`` is a role (``question``,
        ``answer``, …) or several; ``outlet`` and ``person`` may be any of the names they go by; ``since`` and ``until``
        are ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, both included; ``latest`` leaves earlier revisions out.  Raises
        BadQuery, NotBuilt for a search by meaning.
        """
        if by != "words":
            raise NotBuilt(f"search by {by} is not built yet; search by words is")
        if limit < 0 or offset < 0:
            raise BadQuery("limit and offset count from 0")
        from onrecord.index import Filters
        from onrecord.record.searching import search

        filters = Filters(
            role=in_,
            source=source,
            country=country,
            outlet=outlet_of(outlet),
            person=person_of(person),
            lang=lang,
            since=since,
            until=until,
            latest=latest,
        )
        return search(self.index, self._store, query, filters, limit=limit, offset=offset)

    @property
    def index(self) -> WordIndex:
        """The index of words, open for reading."""
        if self._index is None:
            from onrecord.index import WordIndex

            try:
                self._index = WordIndex.open(self.folder / WORDS, write=False)
            except RecordDamaged as error:
                if not self._store.last_pk() and not (self.folder / WORDS / "meta.json").exists():
                    raise NotOnRecord(f"{self.folder} holds no record yet") from error
                raise RecordDamaged(f"{str(error).rstrip('.')}; the next `onrecord add` makes it anew") from error
        return self._index

    @property
    def phrases(self) -> Phrases:
        """What knows every phrase of the record; see ``record.phrases``."""
        if self._phrases is None:
            from onrecord.record.phrases import Phrases

            self._phrases = Phrases(self.folder, self._store, lambda: self._session(wait=0))
        return self._phrases

    # ---------------------------------------------------------------- counts

    def stats(self) -> dict[str, Any]:
        """Counts of what the record holds (see ``store.queries.stats``), ``entries``, ``bytes`` on disk."""
        self.archive.refresh()
        size = sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        return self._store.stats() | {"entries": self.archive.entries, "bytes": size}

    # ---------------------------------------------------------------- proof

    @property
    def archive(self) -> Archive:
        """The archive, open for reading."""
        if self._archive is None:
            from onrecord.archive import Archive

            self._archive = Archive.open(self.folder, write=False)
        return self._archive

    def snapshot(self, id: str) -> bytes:
        """The bytes as received that the revision was read from; raises BadId, NotOnRecord, RecordDamaged."""
        self.archive.refresh()
        return self.archive.get(self[id].sha256)

    def verify(self, id: str | None = None) -> Verification:
        """Recomputes every digest of the record, or of one edition (or one revision, with ``@``)."""
        from onrecord.record import checking

        return checking.verify_record(self.folder) if id is None else checking.verify_edition(self.folder, id)

    def prove(self, id: str) -> dict[str, Any]:
        """That the ledger has the entry which says what the revision is: a proof that ``archive.check_proof`` accepts.

        The entry holds the digests of the bytes as received, of the text and of the turns.  Raises BadId, NotOnRecord.
        """
        sha256 = self[id].sha256
        entry = self._store.entry(sha256)
        self.archive.refresh()
        return self.archive.prove(entry)

    def head(self) -> dict[str, Any]:
        """``{"entries": N, "root": "<hex>"}``: the ledger's length, and the digest that stands for all of it."""
        self.archive.refresh()
        return self.archive.head()
