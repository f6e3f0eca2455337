"""Plain data as YAML that people like to read, and that comes out the same every time.

Only what a bundle holds: mappings, lists, texts, numbers, yes and no, days, nothing. Texts of several lines
are blocks; every other text that is no plain word stands in double quotes, so that nothing is guessed.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

WIDTH = 100  # a short mapping or list stands on one line up to here
_WORD = re.compile(r"[a-z][a-z0-9_-]*")
#: Words that YAML reads as something else than text.
_TAKEN = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def yaml_text(data: Mapping[str, Any]) -> str:
    """The text of a file that holds these fields, in their order; None in a field is `null`."""
    return "\n".join(_mapping(data, 0)) + "\n"


def quoted(text: str) -> str:
    """The text in double quotes, on one line, as JSON and YAML both read it."""
    composed = unicodedata.is_normalized("NFC", text)
    return "".join(_escaped(letter, composed) for letter in json.dumps(text, ensure_ascii=False))


def _escaped(letter: str, composed: bool) -> str:
    # JSON leaves these as they are, and YAML refuses them or takes them for line ends; letters that could be
    # composed would be, by the tools that a file goes through.
    odd = letter in "\u2028\u2029\ufeff" or "\x7f" <= letter <= "\x9f"
    odd = odd or (not composed and "\x7f" < letter <= "\uffff")
    return f"\\u{ord(letter):04x}" if odd else letter


def _mapping(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, value in data.items():
        yield from _field(_scalar(name), value, depth)


def _field(name: str, value: Any, depth: int) -> Iterator[str]:
    blanks = "  " * depth
    flat = _flat(value)
    if flat is not None and (not isinstance(value, Mapping | list | tuple) or _fits(flat, blanks + name)):
        yield f"{blanks}{name}: {flat}"
    elif isinstance(value, str):
        yield f"{blanks}{name}: |{'' if value.endswith(chr(10)) else '-'}"
        for line in value.removesuffix("\n").split("\n"):
            yield f"{blanks}  {line}" if line else ""
    elif isinstance(value, Mapping):
        yield f"{blanks}{name}:"
        yield from _mapping(value, depth + 1)
    else:
        yield f"{blanks}{name}:"
        yield from _list(value, depth + 1)


def _list(items: Sequence[Any], depth: int) -> Iterator[str]:
    blanks = "  " * depth
    for index, item in enumerate(items):
        flat = _flat(item)
        if flat is not None and (not isinstance(item, Mapping) or _fits(flat, blanks)):
            yield f"{blanks}- {flat}"
            continue
        lines = _mapping(item, depth + 1) if isinstance(item, Mapping) else _list(item, depth + 1)
        if depth == 1 and index:
            yield ""  # between the entries of a file's list
        first = next(iter(lines))
        yield f"{blanks}- {first.lstrip()}"
        yield from lines


def _fits(flat: str, before: str) -> bool:
    return len(before) + len(flat) + 2 <= WIDTH


def _flat(value: Any) -> str | None:
    """The value on one line; None for a text that is better a block, and for whatever holds one."""
    if isinstance(value, Mapping):
        parts = [(_scalar(name), _flat(part)) for name, part in value.items()]
        if any(
            part is None or isinstance(one, Mapping)
            for (_, part), one in zip(parts, value.values(), strict=True)
        ):
            return None
        return "{" + ", ".join(f"{name}: {part}" for name, part in parts) + "}"
    if isinstance(value, list | tuple):
        flat = [_flat(part) for part in value]
        if any(part is None or isinstance(one, Mapping) for part, one in zip(flat, value, strict=True)):
            return None if value else "[]"
        return "[" + ", ".join(str(part) for part in flat) + "]"
    return None if isinstance(value, str) and _is_block(value) else _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) and value not in _TAKEN else quoted(value)
    return repr(value)


def _is_block(text: str) -> bool:
    """Whether a text of several lines comes back from a block just as it is."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    return (
        len(lines) > 1
        and not body[0].isspace()
        and bool(lines[-1])
        and not any(line != line.rstrip(" ") for line in lines)
        and quoted(body) == '"' + body.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        and unicodedata.is_normalized("NFC", text)
    )
