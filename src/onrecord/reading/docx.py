"""DOCX to paragraphs: words, what is bold and what is struck through, tables in their place.

The parts needed are read out of the package and walked as XML, by local names, so that documents with macros, of the
strict variant of the format (ISO/IEC 29500-1), or with broken links to pictures and printers are read like any other;
pictures are not even unpacked.  Names of elements are those of ECMA-376 part 1, chapter 17.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from lxml import etree

from onrecord.errors import NotABriefing
from onrecord.reading.blocks import Block
from onrecord.reading.html import block_of_runs, clean

PART_LIMIT = 64 << 20  # bytes of XML; a day's transcript is under 1 MB
_PARTS = 10_000
_OFF = frozenset(["0", "false", "off", "none"])
_DELETED = frozenset(["del", "moveFrom"])  # what a tracked change took out is no longer part of the text
_SKIPPED = frozenset(
    ["Fallback", "instrText", "delText", "pPr", "rPr", "sectPr", "tblPr", "tcPr", "trPr", "sdtPr", "footnoteReference"]
)
_BREAKS = frozenset(["br", "cr"])

Style = tuple[bool | None, bool | None]
"""Whether a style says bold and struck; None where it leaves that to the style it is based on."""


def docx_blocks(data: bytes) -> list[Block]:
    """The paragraphs of a DOCX (or DOCM) document in order, those of table cells and text boxes where these stand.

    A manual line break parts paragraphs as it does in a web page.  Tracked deletions and hidden words are left out.
    Raises NotABriefing, with one sentence, when the document is broken, implausibly large or holds no words.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if len(package.infolist()) > _PARTS:
                raise NotABriefing(f"is a DOCX file of more than {_PARTS:,} parts, which is not believed")
            name = _main_part(package)
            document = _parse(_part(package, name))
            folder = name.rpartition("/")[0]
            styles = _styles(_optional(package, f"{folder}/styles.xml"))
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, zlib.error, EOFError, OSError, ValueError,
            struct.error, OverflowError, etree.XMLSyntaxError):  # fmt: skip  # what zipfile and lxml raise for damage
        raise NotABriefing("is a damaged DOCX file") from None
    gather = _Gather(styles)
    gather.walk(document, False, False)
    gather.flush()
    if not gather.blocks:
        raise NotABriefing("is a DOCX file without words")
    return gather.blocks


def _main_part(package: zipfile.ZipFile) -> str:
    relations = _optional(package, "_rels/.rels")
    if relations is not None:
        for relation in relations:
            if (relation.get("Type") or "").endswith("/officeDocument"):
                return (relation.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """One part of the package; what it claims of its size is not believed."""
    info = package.getinfo(name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others are unpacked without bound
        raise zipfile.BadZipFile
    with package.open(info) as part:
        pieces, left = [], PART_LIMIT + 1
        while left > 0 and (piece := part.read(min(left, 1 << 16))):
            pieces.append(piece)
            left -= len(piece)
    if left <= 0:
        raise NotABriefing(f"is a DOCX file that unpacks to more than {PART_LIMIT >> 20} MB, which no briefing does")
    return b"".join(pieces)


def _optional(package: zipfile.ZipFile, name: str) -> Any:
    return _parse(_part(package, name)) if name in package.NameToInfo else None


def _parse(xml: bytes) -> Any:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _value(element: Any, name: str = "val") -> str | None:
    """An attribute by its local name."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _child(element: Any, name: str) -> Any:
    return next((child for child in element if _local(child) == name), None)


def _switch(properties: Any, *names: str) -> bool | None:
    """Whether run properties switch one of these on, or off, or (None) say nothing of them."""
    said = None
    for child in properties if properties is not None else ():
        if _local(child) in names:
            said = (_value(child) or "1").lower() not in _OFF or bool(said)
    return said


def _styles(part: Any) -> dict[str, Style]:
    """What each style says, by its id, with what it is based on."""
    if part is None:
        return {}
    own: dict[str, tuple[bool | None, bool | None, str | None]] = {}
    for style in part:
        if _local(style) != "style":
            continue
        properties, based = _child(style, "rPr"), _child(style, "basedOn")
        bold, struck = _switch(properties, "b"), _switch(properties, "strike", "dstrike")
        own[_value(style, "styleId") or ""] = bold, struck, None if based is None else _value(based)
    found: dict[str, Style] = {}
    for name in own:
        bold = struck = None
        at: str | None = name
        seen: set[str] = set()
        while at in own and at not in seen:  # a style may be based on itself in a broken file
            seen.add(at)
            here = own[at]
            bold = here[0] if bold is None else bold
            struck = here[1] if struck is None else struck
            at = here[2]
        found[name] = bold, struck
    return found


class _Gather:
    """Walks a document and gathers its runs into paragraphs."""

    def __init__(self, styles: dict[str, Style]) -> None:
        self.styles = styles
        self.blocks: list[Block] = []
        self.runs: list[tuple[str, bool, bool]] = []  # words, whether bold, whether struck

    def flush(self) -> None:
        text = clean("".join([run[0] for run in self.runs]))
        if text:
            self.blocks.append(block_of_runs(text, self.runs))
        self.runs = []

    def styled(self, properties: Any, name: str, bold: bool, struck: bool) -> tuple[bool, bool]:
        """Bold and struck after the style that paragraph or run properties name."""
        style = None if properties is None else _child(properties, name)
        says = self.styles.get(_value(style) or "", (None, None)) if style is not None else (None, None)
        return bold if says[0] is None else says[0], struck if says[1] is None else says[1]

    def walk(self, node: Any, bold: bool, struck: bool) -> None:
        """Take what stands inside ``node``.  The parser has bounded how deep elements nest (256)."""
        for child in node:
            tag = _local(child)
            if tag == "r":
                self.run(child, bold, struck)
            elif tag == "p":
                kept, self.runs = self.runs, []  # a text box stands inside a paragraph
                self.walk(child, *self.styled(_child(child, "pPr"), "pStyle", False, False))
                self.flush()
                self.runs = kept
            elif tag and tag not in _SKIPPED and tag not in _DELETED:
                self.walk(child, bold, struck)

    def run(self, node: Any, bold: bool, struck: bool) -> None:
        properties = _child(node, "rPr")
        if properties is not None:
            if _switch(properties, "vanish"):
                return
            bold, struck = self.styled(properties, "rStyle", bold, struck)
            own_bold, own_struck = _switch(properties, "b"), _switch(properties, "strike", "dstrike")
            bold = bold if own_bold is None else own_bold
            struck = struck if own_struck is None else own_struck
        for child in node:
            tag = _local(child)
            if tag == "t":
                self.runs.append((child.text or "", bold, struck))
            elif tag in ("tab", "ptab"):
                self.runs.append((" ", bold, struck))
            elif tag == "noBreakHyphen":
                self.runs.append(("-", bold, struck))
            elif tag in _BREAKS:
                self.flush()
            elif tag and tag not in _SKIPPED:
                self.walk(child, bold, struck)
