"""The index of words: every turn of every revision, in tantivy, found by words, exact phrases and filters.

It holds no text, only terms, and is rebuilt from the store when it is lost.  A folder of it is a tantivy index and
``strata.jsonl``, which gives a number to each combination of source, language and year, and of outlet and person: a
turn carries the two numbers, so that five facets are counted in two quick passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import tantivy
from tantivy import Occur, Query

from onrecord.errors import RecordDamaged, RecordNotWritten
from onrecord.index import analysis, snippet
from onrecord.index.answers import FACETS, View, Wanted, answer
from onrecord.index.filters import Filters, tag
from onrecord.index.links import Links, may_lock
from onrecord.index.phrases import any_of, phrase_query
from onrecord.index.query import And, Node, Not, Or, Phrase, Word, parse, positives
from onrecord.index.strata import Strata
from onrecord.model import Edition
from onrecord.reading.days import day_of
from onrecord.reading.fold import fold

Terms = list[tuple[str, str, str]]
"""For each turn of an edition what goes into the fields ``words``, ``exact`` and ``pairs``."""

_HEAP = 192_000_000  # bytes the writer may fill before it writes a segment; the fewer segments, the faster a phrase
_THREADS = 1  # cutting words in Python takes as long as indexing them, and two threads make twice the segments
_REMEMBERED = 256  # queries whose counts are kept until the next commit, for the next pages of their answers


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found: ``total`` turns, of which this page has ``keys`` (revision_pk << 16 | turn n) in rank order.

    ``facets`` count all of them: for each of FACETS up to 50 values, most frequent first; turns without a value are
    not counted in it.  ``plan`` is for ``WordIndex.snippet``.
    """

    total: int
    keys: tuple[int, ...]
    scores: tuple[float, ...]
    facets: dict[str, dict[str, int]]
    plan: snippet.Plan


class WordIndex:
    """Open with ``WordIndex.open``; one process writes (the caller sees to that), any number read meanwhile.

    Procedural turns are indexed like all others: an exact phrase finds every turn that has it.  Only where no word is
    asked for (an empty query, or one that only excludes) are they left out, unless the filter asks for that role.
    """

    def __init__(self, folder: Path, index: tantivy.Index, seen: tuple[int, int, int], *, write: bool) -> None:
        self._folder = folder
        self._index = index
        self._write = write
        self._links: Links | None = None  # for a reader that may not write into the folder
        self._writer: tantivy.IndexWriter | None = None
        self._strata = Strata(folder / "strata.jsonl", write=write)
        self._seen = seen
        self._view = View(index, self._strata)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="onrecord-facets")
        self._indexed = self._greatest() if write else 0

    @classmethod
    def open(cls, folder: Path, *, write: bool) -> WordIndex:
        """Opens the index in ``folder``; makes it if it is not there and ``write``.

        Raises RecordDamaged if it is missing (and not ``write``), broken, or made by a version that cut words
        otherwise; it can be deleted and rebuilt from the store.
        """
        with _damage(folder):
            if write and not (folder / "meta.json").exists() and not (folder / "strata.jsonl").exists():
                folder.mkdir(parents=True, exist_ok=True)
                index = tantivy.Index(analysis.schema(), path=str(folder))
            else:
                index = None
            # Before the searcher is made, and the strata are read after it: whatever is committed meanwhile is noticed.
            seen = _stamp(folder)
            links = None
            if index is None:
                links = None if write or may_lock(folder) else Links(folder)
                index = tantivy.Index.open(str(links.folder if links else folder))
                if index.schema != analysis.schema():
                    raise ValueError("its words are cut otherwise than by this version")
            index.config_reader(reload_policy="manual")
            analysis.register(index)
            opened = cls(folder, index, seen, write=write)
            opened._links = links
            return opened

    def close(self) -> None:
        """Waits for merges and lets go of the folder; what was not committed is dropped."""
        self.settle()
        self._pool.shutdown()
        self._strata.close()
        if self._links is not None:
            self._links.close()

    def __enter__(self) -> WordIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Writing

    def add(self, revision_pk: int, edition: Edition, latest: bool, terms: Terms | None = None) -> None:
        """Indexes each turn of a revision, anew if it was indexed before.  Nothing shows before ``commit``.

        ``terms`` is what ``cut`` made of the same turns, if that was done elsewhere.
        """
        with _refusal():
            writer = self._writing()
            if revision_pk <= self._indexed:
                writer.delete_documents_by_term("tags", tag("revision", str(revision_pk)))
            self._indexed = max(self._indexed, revision_pk)
            day = day_of(edition.date)
            common = _tags(edition, revision_pk, latest)
            setting = self._strata.setting(edition.source, edition.lang, edition.date[:4] if edition.date else None)
            for turn, (words, exact, pairs) in zip(edition.turns, terms or cut(edition), strict=True):
                document = tantivy.Document()
                document.add_text("words", words)
                document.add_text("exact", exact)
                if pairs:
                    document.add_text("pairs", pairs)
                for value in common:
                    document.add_text("tags", value)
                document.add_text("tags", tag("role", turn.role))
                if turn.outlet:
                    document.add_text("tags", tag("outlet", turn.outlet))
                if turn.person:
                    document.add_text("tags", tag("person", turn.person))
                document.add_unsigned("key", revision_pk << 16 | turn.n)
                # Newest day first, in a day the revision added last, in it the turns in their order.
                document.add_unsigned("recency", day << 43 | (revision_pk & 0x7FFFFFF) << 16 | (0xFFFF - turn.n))
                document.add_unsigned("day", day)
                document.add_unsigned("setting", setting)
                document.add_unsigned("voice", self._strata.voice(turn.outlet, turn.person))
                writer.add_document(document)

    def supersede(self, revision_pk: int, edition: Edition) -> None:
        """Marks the turns of an indexed revision as not the latest; the caller gives its edition again."""
        self._indexed = max(self._indexed, revision_pk)
        self.add(revision_pk, edition, latest=False)

    def commit(self) -> None:
        """Makes everything added durable and visible, at once or not at all; RecordNotWritten if the disk refuses."""
        if self._writer is None:
            return
        with _refusal():
            self._strata.flush()
            self._writer.commit()
        self._refresh()

    def settle(self) -> None:
        """Waits until the files in the folder change no more, for sealing them; drops what was not committed."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            with _refusal():
                writer.wait_merging_threads()
            self._refresh()

    @property
    def last_revision(self) -> int:
        """The greatest revision_pk that was committed, 0 if none: what comes after it is to be added again.

        A revision without turns leaves no trace here, and is added again to no effect.
        """
        self._refresh()
        return self._greatest()

    # Reading

    def search(self, query: str, filters: Filters | None = None, limit: int = 10, offset: int = 0) -> Found:
        """The turns that match, best first (BM25, then newest), ``limit`` of them from ``offset`` on, with all counts.

        Where there is nothing to rank by they come newest first.  Raises BadQuery for what cannot be understood, and
        RecordDamaged if the index cannot be read.
        """
        filters = filters or Filters()
        node = parse(query)
        stems, phrases = positives(node)
        self._refresh()
        view = self._view
        plan = snippet.Plan(stems=stems, phrases=phrases)
        if view.searcher.num_docs == 0:
            filters.clauses(view.schema)  # a wrong date is wrong here too
            return Found(total=0, keys=(), scores=(), facets={name: {} for name in FACETS}, plan=plan)
        with _damage(self._folder):
            asked = self._query(view, node, filters)
            remembered = (node, filters)
            with view.lock:
                counts = view.counts.get(remembered)
            wanted = Wanted(query=asked, node=node, ranked=bool(stems or phrases), limit=limit, offset=offset)
            hits, counts = answer(view, self._pool, wanted, counts)
            keys = view.searcher.fast_field_values("key", [address for _, address in hits])
            with view.lock:
                view.counts[remembered] = counts
                if len(view.counts) > _REMEMBERED:
                    view.counts.popitem(last=False)
        return Found(
            total=counts[0],
            keys=tuple(int(key or 0) for key in keys),
            scores=tuple(score for score, _ in hits),
            facets={name: dict(values) for name, values in counts[1].items()},
            plan=plan,
        )

    def snippet(self, words: str, plan: snippet.Plan) -> tuple[str, tuple[tuple[int, int], ...]]:
        """See ``onrecord.index.snippet.cut``."""
        return snippet.cut(words, plan)

    def forget(self) -> None:
        """Drops the remembered counts of past queries, for measuring."""
        with self._view.lock:
            self._view.counts.clear()

    def _query(self, view: View, node: Node | None, filters: Filters) -> Query:
        restricting = filters.clauses(view.schema)
        if filters.latest and view.has_old:
            restricting.append((Occur.MustNot, Query.term_query(view.schema, "tags", "old", "basic")))
        clauses = self._clauses(view, node)
        if not any(occur is Occur.Must for occur, _ in clauses):
            # Nothing is asked for by its words: a listing, from which stage directions are left out.
            if not filters.role:
                term = Query.term_query(view.schema, "tags", tag("role", "procedural"), "basic")
                restricting.append((Occur.MustNot, term))
            if not any(occur is Occur.Must for occur, _ in restricting):
                restricting.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
        clauses += restricting
        if len(clauses) == 1 and clauses[0][0] is Occur.Must:
            return clauses[0][1]
        return Query.boolean_query(clauses)

    def _clauses(self, view: View, node: Node | None) -> list[tuple[Occur, Query]]:
        """A tree as what must match and what must not."""
        if node is None:
            return []
        found: list[tuple[Occur, Query]] = []
        for child in node.of if isinstance(node, And) else (node,):
            if isinstance(child, Not):
                found.append((Occur.MustNot, self._tree(view, child.of)))
            else:
                found.append((Occur.Must, self._tree(view, child)))
        return found

    def _tree(self, view: View, node: Node) -> Query:
        if isinstance(node, Word):
            return Query.term_query(view.schema, "words", node.stem, "freq")
        if isinstance(node, Phrase):
            return phrase_query(view, node.folded)
        if isinstance(node, Or):
            return any_of([self._tree(view, child) for child in node.of])
        clauses = self._clauses(view, node)
        if not any(occur is Occur.Must for occur, _ in clauses):
            clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
        return Query.boolean_query(clauses)

    # Housekeeping

    def _writing(self) -> tantivy.IndexWriter:
        if not self._write:
            raise ValueError("this index was opened for reading")
        if self._writer is None:
            self._writer = self._index.writer(_HEAP, _THREADS)
        return self._writer

    def _greatest(self) -> int:
        searcher = self._view.searcher
        if searcher.num_docs == 0:
            return 0
        hits = searcher.search(Query.all_query(), 1, count=False, order_by_field="key").hits
        return int(hits[0][0]) >> 16

    def _refresh(self) -> None:
        with _damage(self._folder):
            stamp = _stamp(self._folder)
            if stamp != self._seen:
                if self._links is not None:
                    self._links.renew()
                self._index.reload()
                self._strata.reload()
                self._view = View(self._index, self._strata)
                self._seen = stamp


def cut(edition: Edition) -> Terms:
    """The terms of each turn: pure, and half the work of ``add``, so that the process that read a page can do it."""
    found = []
    for turn in edition.turns:
        folded = fold(edition.text[turn.start : turn.end]).encode("utf-8", "replace").decode("utf-8")
        found.append((analysis.for_words(folded), analysis.for_exact(folded), analysis.for_pairs(folded)))
    return found


def _stamp(folder: Path) -> tuple[int, int, int]:
    """Changes when a writer, in this process or another, commits: tantivy replaces meta.json."""
    stat = (folder / "meta.json").stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _tags(edition: Edition, revision_pk: int, latest: bool) -> list[str]:
    found = [tag("revision", str(revision_pk)), tag("source", edition.source)]
    if edition.country:
        found.append(tag("country", edition.country))
    if edition.lang:
        found.append(tag("lang", edition.lang))
    if not latest:
        found.append("old")
    return found


@contextmanager
def _damage(folder: Path) -> Iterator[None]:
    """tantivy reports what it cannot read as ValueError or OSError, or panics."""
    try:
        yield
    except (ValueError, OSError, IndexError, KeyError, msgspec.MsgspecError) as error:
        raise RecordDamaged(f"The index of words in {folder} cannot be read: {error}.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # has no module to import it from, and is no Exception
            raise
        raise RecordDamaged(f"The index of words in {folder} cannot be read: {error}.") from error


@contextmanager
def _refusal() -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:
        raise RecordNotWritten(f"The index of words cannot be written: {error}.") from error
