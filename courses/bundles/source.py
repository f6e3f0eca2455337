"""The files of a bundle as plain text and plain data, with the line that each value stands on.

YAML is composed to nodes rather than loaded, because only nodes know their lines and whether a key
stands twice. A file that cannot be read gives faults, never an exception.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from courses.bundles.faults import Faults, Path, dotted

MOST_BYTES = 1_000_000
DEEPEST = 20  # levels of nesting; a bundle needs seven
SCALARS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str", "timestamp")
)
_BOM = b"\xef\xbb\xbf"
# Line breaks that YAML, Python and browsers do not agree on.
_ODD_BREAKS = frozenset("\u0085\u2028\u2029")


@dataclass(frozen=True)
class Document:
    """One file's data, and the line (from 1) of each value by its path."""

    file: str
    data: Any
    lines: Mapping[Path, int]

    def known(self, path: Path) -> Path:
        """The longest beginning of `path` that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return path

    def entries(self, name: str) -> list[Path]:
        """The paths of the entries of the list under `name`; none if there is no such list."""
        value = self.data.get(name)
        return [(name, index) for index in range(len(value))] if isinstance(value, tuple) else []

    def at(self, path: Path) -> Any:
        value = self.data
        for step in path:
            value = value[step]
        return value

    def fault(self, faults: Faults, path: Path, message: str) -> None:
        """Add a fault at `path`; a path that is not in the file is shown on the line of its parent."""
        faults.add(self.file, message, line=self.lines[self.known(path)], field=dotted(path))

    def advise(self, faults: Faults, path: Path, message: str) -> None:
        """As `fault`, of what a bundle that is not strict may do."""
        if faults.strict:
            self.fault(faults, path, message)


def read_text(root: FilePath, name: str, faults: Faults) -> str | None:
    """Return the text of a file, or None after adding why it cannot be read.

    Wants UTF-8 in Unicode NFC with \\n line ends, no byte order mark and no tab or other control character.
    """
    try:
        raw = (root / name).read_bytes()
    except OSError as error:
        faults.add(name, f"the file cannot be read: {error.strerror}.")
        return None
    if len(raw) > MOST_BYTES:
        faults.add(name, f"the file has {len(raw):,} bytes; the most is {MOST_BYTES:,}. Cut it into several.")
        return None
    if raw.startswith(_BOM):
        faults.add(name, "the file begins with a byte order mark. Save it as UTF-8 without BOM.", line=1)
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        faults.add(
            name, f"the byte 0x{raw[error.start]:02X} is not UTF-8. Save the file as UTF-8.", line=line
        )
        return None
    if not text.strip():
        faults.add(name, "the file is empty.")
        return None
    before = len(faults.found)
    _refuse_odd_characters(name, text, faults)
    return text if len(faults.found) == before else None


def _refuse_odd_characters(name: str, text: str, faults: Faults) -> None:
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        faults.add(name, "the line ends in CR. Save the file with Unix line ends (LF).", line=line)
        return
    for number, line_text in enumerate(text.split("\n"), start=1):
        if "\t" in line_text:
            faults.add(name, "there is a tab. Use blanks.", line=number)
        elif message := odd_character(line_text):
            faults.add(name, message, line=number)


def odd_character(text: str) -> str:
    """Say what in `text` no text of a bundle may hold; "" if nothing. Line feeds are allowed."""
    for character in text:
        if character != "\n" and (
            character in _ODD_BREAKS or unicodedata.category(character) in {"Cc", "Cs"}
        ):
            return f"there is the character U+{ord(character):04X}, which no text may hold. Take it out."
    if not unicodedata.is_normalized("NFC", text):
        # Blanks compose with nothing, so one stretch between them is to blame.
        where = next((part for part in text.split(" ") if not unicodedata.is_normalized("NFC", part)), text)
        return f"“{where}” is not in Unicode NFC. Write it with composed letters."
    return ""


def unstorable(text: str) -> bool:
    """Whether no database could hold it: NUL, or half a character."""
    return any(character == "\0" or unicodedata.category(character) == "Cs" for character in text)


def read_yaml(root: FilePath, name: str, faults: Faults) -> Document | None:
    """Return the data of a YAML file, or None after adding what is wrong with it."""
    text = read_text(root, name, faults)
    return None if text is None else parse_yaml(text, name, faults)


def parse_yaml(text: str, name: str, faults: Faults, *, first_line: int = 1) -> Document | None:
    """Return the data of a YAML text that begins on `first_line` of the file, or None after adding faults.

    Lists become tuples. Anchors, tags and keys that stand twice are faults, and so is anything but a
    mapping at the top.
    """
    builder = _Builder(name, faults, first_line)
    try:
        if not builder.allows(text):
            return None
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        builder.refuse_syntax(error)
        return None
    if not isinstance(node, yaml.MappingNode):
        faults.add(name, "the file must hold fields, each a name, a colon and a value.", line=first_line)
        return None
    data = builder.build(node, ())
    return Document(name, data, builder.lines) if builder.sound else None


@dataclass
class _Builder:
    """Turns nodes into plain data and keeps their lines; `sound` until the first fault."""

    file: str
    faults: Faults
    first_line: int
    lines: dict[Path, int] = field(default_factory=dict)
    sound: bool = True

    def refuse(self, mark: Any, path: Path, message: str) -> None:
        self.sound = False
        self.faults.add(self.file, message, line=self.line_of(mark), field=dotted(path))

    def line_of(self, mark: Any) -> int:
        return int(mark.line) + self.first_line

    def refuse_syntax(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        line = self.line_of(mark) if mark else self.first_line
        self.faults.add(self.file, f"this is not YAML: {problem}. Put texts in double quotes.", line=line)

    def allows(self, text: str) -> bool:
        """Refuse anchors, aliases and deep nesting before anything is built from them."""
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            anchor = getattr(event, "anchor", None)
            if anchor:
                self.refuse(event.start_mark, (), f"anchors and aliases (“{anchor}”) are not used here.")
                return False
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                self.refuse(event.start_mark, (), f"the data is nested more than {DEEPEST} levels deep.")
                return False
        return True

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, self.line_of(node.start_mark))
        if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
            return tuple(self.build(item, (*path, index)) for index, item in enumerate(node.value))
        if isinstance(node, yaml.ScalarNode) and node.tag in SCALARS:
            return self._scalar(node, path)
        self.refuse(node.start_mark, path, f"“{node.tag}” is not used here. Put texts in double quotes.")
        return None

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: set[Hashable] = set()
        for key_node, value_node in node.value:
            name = key_node.value
            if key_node.tag != "tag:yaml.org,2002:str":
                self.refuse(
                    key_node.start_mark, path, f"the name of a field must be text: write {_quoted(name)}."
                )
                continue
            if name in seen:
                self.refuse(key_node.start_mark, (*path, name), "this field stands here twice. Take one out.")
                continue
            seen.add(name)
            self.lines[(*path, name)] = self.line_of(key_node.start_mark)
            yield name, self.build(value_node, (*path, name))

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        if node.tag == "tag:yaml.org,2002:str":
            # Escapes such as "\0" bring in what the file itself does not hold.
            if (message := odd_character(node.value)) and (self.faults.strict or unstorable(node.value)):
                self.refuse(node.start_mark, path, message)
            return node.value
        try:
            return yaml.SafeLoader("").construct_object(node)
        except (ValueError, LookupError, AttributeError, yaml.YAMLError):  # PyYAML trips over "!!bool maybe"
            thing = "day" if re.match(r"\d{4}-", node.value) else "value of its kind"
            self.refuse(
                node.start_mark, path, f"“{node.value}” is no {thing}. Mend it, or put a text in quotes."
            )
            return None


def _quoted(name: object) -> str:
    return f'"{name}" in quotes' if isinstance(name, str) else "a plain word"
