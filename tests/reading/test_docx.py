"""DOCX documents built here with python-docx, sound and damaged."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import NotABriefing
from onrecord.reading.decode import sniff
from onrecord.reading.docx import docx_blocks


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, edit: Any) -> bytes:
    """The package with one part put through ``edit``; None for a part drops it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                content = edit(content)
            if content is not None:
                new.writestr(info.filename, content)
    return out.getvalue()


def briefing() -> Any:
    document = docx.Document()
    document.add_heading("Briefing of the Ministry of Lake Norr", 1)
    line = document.add_paragraph()
    line.add_run("MS REED:").bold = True
    line.add_run("  The ferry is\trunning.")
    table = document.add_table(rows=2, cols=2)
    for n, cell in enumerate(table._cells):
        cell.text = f"cell {n}"
    line = document.add_paragraph("We will ")
    line.add_run("never").font.strike = True
    line.add_run(" always  answer.")
    document.add_paragraph("")
    document.add_paragraph("外交部发言人：月湖的立场没有改变。")
    return document


def test_paragraphs_in_order_with_bold_and_struck() -> None:
    data = saved(briefing())
    assert sniff(data, "a.docx") == sniff(data) == "docx"
    blocks = docx_blocks(data)
    assert [block.text for block in blocks] == [
        "Briefing of the Ministry of Lake Norr",
        "MS REED: The ferry is running.",
        "cell 0",
        "cell 1",
        "cell 2",
        "cell 3",
        "We will never always answer.",
        "外交部发言人：月湖的立场没有改变。",
    ]
    assert blocks[0].bold == 1
    assert blocks[1].lead == len("MSREED:")
    assert 0.2 < blocks[1].bold < 0.4
    (span,) = blocks[6].struck
    assert blocks[6].text[slice(*span)] == "never"
    assert blocks[7].bold == 0


def test_bold_from_styles_and_switched_off_again() -> None:
    document = docx.Document()
    base = document.styles.add_style("Base", WD_STYLE_TYPE.PARAGRAPH)
    base.font.bold = True
    heir = document.styles.add_style("Heir", WD_STYLE_TYPE.PARAGRAPH)
    heir.base_style = base
    mark = document.styles.add_style("Mark", WD_STYLE_TYPE.CHARACTER)
    mark.font.bold = True
    mark.font.strike = True
    document.add_paragraph("Q: Why?", style="Heir").add_run(" no").bold = False
    document.add_paragraph("plain ").add_run("marked", style="Mark")
    first, second = docx_blocks(saved(document))
    assert first.bold == pytest.approx(6 / 8)
    assert first.lead == 6
    assert second.bold == pytest.approx(6 / 11)
    assert second.struck == ((6, 12),)


def test_breaks_links_changes_controls_text_boxes_and_hidden_words() -> None:
    document = docx.Document()
    line = document.add_paragraph()
    run = line.add_run("Q: Why?")
    run.add_break()
    run.add_text("MS REED: Because.")
    body = document.element.body
    for xml in (
        '<w:p {}><w:r><w:t xml:space="preserve">See </w:t></w:r>'
        "<w:hyperlink><w:r><w:t>the page</w:t></w:r></w:hyperlink>"
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>, new</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>",
        "<w:sdt {}><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        '<w:p {}><w:r><w:t xml:space="preserve">Around </w:t></w:r><w:r><w:pict>'
        "<w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r><w:r><w:t>it</w:t></w:r></w:p>",
    ):
        body.insert(len(body) - 1, parse_xml(xml.format(nsdecls("w"))))
    assert [block.text for block in docx_blocks(saved(document))] == [
        "Q: Why?",
        "MS REED: Because.",
        "See the page, new",
        "In a control",
        "box",
        "Around it",
    ]


def test_documents_python_docx_cannot_open_are_read() -> None:
    data = saved(briefing())
    expected = docx_blocks(data)
    macros = changed(
        data,
        "[Content_Types].xml",
        lambda xml: xml.replace(b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"),
    )
    strict = changed(
        data,
        "word/document.xml",
        lambda xml: xml.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
    )
    links = changed(data, "word/_rels/document.xml.rels", lambda xml: xml.replace(b"theme/theme1.xml", b"NULL"))
    unstyled = changed(data, "word/styles.xml", lambda xml: None)
    for odd in (macros, strict, links):
        assert docx_blocks(odd) == expected
    assert [block.text for block in docx_blocks(unstyled)] == [block.text for block in expected]


def test_what_is_no_document_says_so() -> None:
    data = saved(briefing())
    with pytest.raises(NotABriefing, match="is a DOCX file without words"):
        docx_blocks(saved(docx.Document()))
    for broken in (data[:2000], data[:-40], changed(data, "word/document.xml", lambda xml: xml[:300]), b"PK\3\4", b""):
        with pytest.raises(NotABriefing, match="is a damaged DOCX file"):
            docx_blocks(broken)
    with pytest.raises(NotABriefing, match="is a damaged DOCX file"):
        docx_blocks(changed(data, "word/document.xml", lambda xml: None))


def test_a_bomb_inside_is_not_unpacked() -> None:
    words = b"<w:t>" + b"a" * (70 << 20) + b"</w:t>"
    bomb = changed(saved(briefing()), "word/document.xml", lambda xml: xml.replace(b"</w:body>", words + b"</w:body>"))
    assert len(bomb) < 200_000
    with pytest.raises(NotABriefing, match="unpacks to more than 64 MB"):
        docx_blocks(bomb)
    lying = bytearray(bomb)  # both headers of the part say that it is small
    for mark, name_at, size_at in ((b"PK\3\4", 30, 22), (b"PK\1\2", 46, 24)):
        at = lying.find(mark)
        while at >= 0:
            if lying[at + name_at :].startswith(b"word/document.xml"):
                lying[at + size_at : at + size_at + 4] = (1000).to_bytes(4, "little")
            at = lying.find(mark, at + 4)
    with pytest.raises(NotABriefing):
        docx_blocks(bytes(lying))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for n in range(10_001):
                package.writestr(f"word/{n}.xml", b"")
    with pytest.raises(NotABriefing, match="more than 10,000 parts"):
        docx_blocks(out.getvalue())


def test_entities_are_not_expanded() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>'
    data = changed(
        saved(briefing()),
        "word/document.xml",
        lambda xml: xml.replace(b"<w:document", laughs + b"<w:document", 1).replace(b"running.", b"running &b;&x;."),
    )
    assert [block.text for block in docx_blocks(data)][1].startswith("MS REED: The ferry is running")
    assert "ha" not in docx_blocks(data)[1].text.split("running")[1]


@settings(max_examples=150, deadline=None)
@given(at=st.floats(0, 0.9999), byte=st.integers(0, 255))
def test_any_flipped_byte_is_read_or_refused(at: float, byte: int) -> None:
    data = bytearray(_DATA)
    data[int(at * len(data))] = byte
    try:
        blocks = docx_blocks(bytes(data))
    except NotABriefing:
        return
    assert blocks


_DATA = saved(briefing())
