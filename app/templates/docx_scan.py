"""Reads the XML parts of a .docx without entities, and looks for what would act. Runs in the child only."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from app.templates.errors import FileActiveContent, FileDamaged, FileTooComplex

Element = dict[str, str]  # attributes by local name

MAX_DEPTH = 250
_DTD = ("文档类型定义（DTD）", "a document type definition (DTD)")
_OBJECT = ("嵌入的对象或其他文件", "an embedded object or file")
_FIELD = ("会读取外部数据的域", "a field that reads data from elsewhere")
_EXTERNAL = ("指向外部文件的内容", "content that lies in another file")
_ACTIVE_ELEMENTS = {"altChunk", "OLEObject", "control", "subDoc", "movie", "object"}
_CHANGES = {"ins", "del", "moveFrom", "moveTo"}
_ACTIVE_FIELDS = {
    *("DDE", "DDEAUTO", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "DATABASE", "RD"),
    *("EMBED", "CONTROL", "HTMLACTIVEX", "MACROBUTTON", "AUTOTEXT", "FILLIN", "ASK", "PRINT"),
}
_OUTSIDE = re.compile(r"^\s*([A-Za-z][A-Za-z0-9+.-]+:|\\\\|//)")


@dataclass
class Findings:
    """What the text of a document showed."""

    characters: set[str] = field(default_factory=set)
    tracked_changes: bool = False


def refuse(what: tuple[str, str]) -> NoReturn:
    raise FileActiveContent(what_zh=what[0], what_en=what[1])


def scan_elements(data: bytes) -> list[tuple[str, Element]]:
    """All elements as (local name, attributes), in order. Raises FileActiveContent for a DTD."""
    found: list[tuple[str, Element]] = []
    _parse(data, on_start=lambda tag, attributes: found.append((tag, attributes)))
    return found


def scan_story(data: bytes, findings: Findings) -> None:
    """Check one text part (document, header, footer, notes) and add to `findings`."""
    _Story(findings).read(data)


class _Story:
    """Follows fields, whose instruction may be spread over many runs."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.current = ""
        self.instructions: list[list[str]] = []

    def read(self, data: bytes) -> None:
        _parse(data, on_start=self.start, on_text=self.text)

    def start(self, tag: str, attributes: Element) -> None:
        self.current = tag
        if tag in _ACTIVE_ELEMENTS:
            refuse(_OBJECT)
        if _OUTSIDE.match(attributes.get("src", "")):
            refuse(_EXTERNAL)
        if tag in _CHANGES:
            self.findings.tracked_changes = True
        if tag == "fldSimple":
            _check_field(attributes.get("instr", ""))
        if tag == "fldChar":
            self.mark(attributes.get("fldCharType", ""))

    def mark(self, kind: str) -> None:
        if kind == "begin":
            self.instructions.append([])
        elif kind == "end" and self.instructions:
            self.instructions.pop()

    def text(self, value: str) -> None:
        if self.current == "t":
            self.findings.characters.update(value)
        elif self.current == "instrText":
            if not self.instructions:
                self.instructions.append([])
            self.instructions[-1].append(value)
            _check_field("".join(self.instructions[-1]))


def _check_field(instruction: str) -> None:
    words = instruction.split(maxsplit=1)
    if words and words[0].upper() in _ACTIVE_FIELDS:
        refuse(_FIELD)


def _parse(
    data: bytes, *, on_start: Callable[[str, Element], object], on_text: Callable[[str], object] | None = None
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(tag: str, attributes: Element) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise FileTooComplex
        on_start(_local(tag), {_local(key): value for key, value in attributes.items()})

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = lambda *_: refuse(_DTD)
    if on_text is not None:
        parser.CharacterDataHandler = on_text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise FileDamaged from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
