"""Export formats: an edition that goes out comes back the same."""

from __future__ import annotations

import csv
import io
import json

import msgspec
import pytest

from onrecord.model import Annotation, Edition, Turn
from onrecord.publish.formats import FORMATS, writer
from onrecord.publish.formats.csv import COLUMNS
from onrecord.publish.formats.jsonl import limited, line

TEXT = 'Q: Is the =SUM(1) lawful?\nA: "No", said I,\nand -again- no.\n= 4'


def edition(id: str = "nv-mfa/2031-05-06/en") -> Edition:
    return Edition(
        id=id,
        occasion=id.rpartition("/")[0],
        source="nv-mfa",
        country="NV",
        date="2031-05-06",
        lang="en",
        kind="official",
        title="=Briefing, of a day",
        people=("Odile Marsh", "毛宁"),
        sha256="ab" * 32,
        text=TEXT,
        turns=(
            Turn(n=1, exchange=1, role="question", label="Q", start=3, end=25),
            Turn(n=2, exchange=1, role="answer", label="A", person="Odile Marsh", start=29, end=58),
            Turn(n=3, exchange=2, role="question", outlet="Reuters", start=59, end=62),
        ),
        annotations=(Annotation(kind="struck", start=3, end=5),),
        notices=("the page gives no date",),
    )


def written(format: str, *editions: Edition, excel: bool = False) -> bytes:
    out = io.BytesIO()
    assert writer(format, excel=excel)(iter(editions), out) == len(editions)
    return out.getvalue()


def test_jsonl_comes_back_as_it_went() -> None:
    first, second = edition(), edition("nv-mfa/2031-05-07/en")
    lines = written("jsonl", first, second).splitlines()
    assert [msgspec.json.decode(one, type=Edition) for one in lines] == [first, second]


def test_jsonl_has_every_field_even_when_it_is_not_known() -> None:
    found = json.loads(line(edition()))
    assert set(found) == {field.name for field in msgspec.structs.fields(Edition)}
    assert found["url"] is None
    assert found["fetched"] is None


def test_one_exchange_keeps_the_text_its_spans_count_in() -> None:
    whole = edition()
    part = limited(whole, whole.exchanges[1])
    assert [turn.n for turn in part.turns] == [3]
    assert (part.text, part.id, part.words(part.turns[0])) == (TEXT, whole.id, "= 4")


def test_csv_is_a_row_for_each_turn_with_its_words_untouched() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", edition()).decode(), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["words"] for row in rows] == ["Is the =SUM(1) lawful?", '"No", said I,\nand -again- no.', "= 4"]
    assert [row["turn"] for row in rows] == ["1", "2", "3"]
    assert (rows[0]["person"], rows[1]["person"], rows[2]["outlet"]) == ("", "Odile Marsh", "Reuters")
    assert all(TEXT[int(row["start"]) : int(row["end"])] == row["words"] for row in rows)
    assert {row["title"] for row in rows} == {"=Briefing, of a day"}


def test_csv_for_excel_holds_no_formula() -> None:
    data = written("csv", edition(), excel=True)
    assert data.startswith(b"\xef\xbb\xbfedition,")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[2]["words"] == "'= 4"
    assert rows[0]["title"] == "'=Briefing, of a day"
    assert rows[0]["words"] == "Is the =SUM(1) lawful?"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())


def test_nothing_to_export_is_an_empty_file_or_a_header() -> None:
    assert written("jsonl") == b""
    assert written("csv").decode().strip() == ",".join(COLUMNS)


def test_only_formats_that_are_there_can_be_had() -> None:
    assert FORMATS == ("jsonl", "csv")
    with pytest.raises(KeyError):
        writer("docx")
