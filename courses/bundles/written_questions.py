"""Questions as a bundle writes them: with passages and quotes, as far as those lead back to what is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from courses.bundles.articles import ArticleContent
from courses.bundles.faults import Faults
from courses.bundles.passages import ANNOTATIONS, Extract, PassagePart, Resolver, cut_passage
from courses.bundles.quizzes import asked_skills
from courses.bundles.quotes import quote_of
from courses.bundles.schema import read_json
from courses.bundles.source import Document
from quizzes.models import QuestionKey, QuestionRevision
from quizzes.types import registry
from quizzes.types.base import Schema

Written = dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """A question as it is stored, and the article that its passage is from, if that can be told."""

    revision: QuestionRevision
    prompt: Schema
    key: Schema
    article: ArticleContent | None
    #: Whether the key came from that article's annotations.
    has_origin: bool


def stored(revision: QuestionRevision, key: QuestionKey, article: ArticleContent | None) -> Stored:
    """Read a question as its type reads it."""
    prompt = registry.load(revision.type, "prompt", revision.prompt, revision.schema_version)
    answers = registry.load(revision.type, "key", key.key, revision.schema_version)
    origin = key.origin_set
    has_origin = bool(article and origin and origin.revision_id == revision.article_revision_id)
    return Stored(revision, prompt, answers, article, has_origin)


def written_question(question: Stored) -> Written:
    """Prompt, key and where the passage is from: the shortest way to write them that reads back the same."""
    for candidate in _candidates(question):
        if _reads_back(question, candidate):
            return candidate
    # The place of the passage is lost with the state of the article that it is from; its words are not.
    return {"prompt": _json(question.prompt), "key": _json(question.key)}


def _candidates(question: Stored) -> Iterator[Written]:
    prompt, key = plain(question.prompt), plain(question.key)
    part = _passage(question)
    if part is None:
        yield {"prompt": _short(prompt), "key": key}
        yield {"prompt": prompt, "key": key}
        return
    about: Written = {"about": part}
    if isinstance(prompt.get("passage"), Mapping):
        about = {}
        prompt = {**prompt, "passage": part}
    extract = _extract(question, part)
    placed = _short(_quoted(prompt, extract))
    if question.has_origin and not about:
        yield {"prompt": placed, "key": ANNOTATIONS}
        yield {"prompt": placed, "key": {"annotations": True, "praise": key.get("praise", "")}}
    copied = {"copied": True} if question.has_origin else {}
    for one in (_quoted(key, extract), key) if not about else (key,):
        yield {**about, **copied, "prompt": placed, "key": one}
        yield {**about, **copied, "prompt": prompt, "key": one}


def _reads_back(question: Stored, written: Written) -> bool:
    """Whether a reader makes of it just what is stored."""
    revision, kind = question.revision, registry.get(question.revision.type)
    articles = {question.article.ref: question.article} if question.article else {}
    resolver = Resolver(Document("", {}, {(): 0}), (), articles, frozenset(), Faults())
    is_asking = "skills" in kind.Prompt.model_fields
    raw = resolver.prompt(_tuples(written["prompt"]), one_skill=is_asking)
    key = resolver.key(_tuples(written["key"]), asked_skills(raw) if is_asking else ())
    if "about" in written:
        resolver.place(PassagePart.model_validate(_tuples(written["about"])))
    found: list[str] = []
    read = [
        read_json(model, data, lambda _path, message: found.append(message))
        for model, data in ((kind.Prompt, raw), (kind.Key, key))
    ]
    place = resolver.extract
    stands = (place.start, place.end) if place else (None, None)
    wanted = (revision.start, revision.end) if question.article else (None, None)
    has_origin = resolver.copied or written.get("copied", False)
    return (
        resolver.sound
        and read == [question.prompt, question.key]
        and stands == wanted
        and has_origin == question.has_origin
    )


def _passage(question: Stored) -> Written | None:
    """Where the passage stands: whole paragraphs, whole sentences, or a stretch of characters."""
    article, revision = question.article, question.revision
    if article is None or revision.start is None or revision.end is None:
        return None
    place = revision.start, revision.end
    inside = [n for n, line in enumerate(article.lines, 1) if line[0] < place[1] and place[0] < line[1]]
    if not inside:
        return None
    part: Written = {"article": article.ref, "from": inside[0], "to": inside[-1]}
    first, last = article.lines[inside[0] - 1][0], article.lines[inside[-1] - 1][1]
    if place == (first, last):
        return part
    spans = [span for span in article.sentences if first <= span[0] and span[1] <= last]
    starts, ends = [span[0] for span in spans], [span[1] for span in spans]
    if place[0] in starts and place[1] in ends:
        return {**part, "sentences": [starts.index(place[0]) + 1, ends.index(place[1]) + 1]}
    return {**part, "characters": [place[0] - first, place[1] - first]}


def _extract(question: Stored, part: Written) -> Extract | None:
    cut = cut_passage(question.article, PassagePart.model_validate(_tuples(part))) if question.article else ""
    return cut if isinstance(cut, Extract) else None


def _quoted(value: Any, extract: Extract | None) -> Any:
    """The value with each place of the passage named by its words, where they lead back to it."""
    if extract is None:
        return value
    if isinstance(value, list):
        return [_quoted(part, extract) for part in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("start"), int) and isinstance(value.get("end"), int):
        place = value["start"], value["end"]
        quote = quote_of(extract.text, extract.words, place, within=(0, len(extract.text)))
        if quote:
            return _renamed(value, quote)
    return {name: part if name == "passage" else _quoted(part, extract) for name, part in value.items()}


def _renamed(value: Written, quote: Written) -> Written:
    """The quote where the start stood."""
    result: Written = {}
    for name, part in value.items():
        if name == "start":
            result |= quote
        elif name != "end":
            result[name] = part
    return result


def _short(prompt: Written) -> Written:
    """One skill is written as one."""
    if isinstance(prompt.get("skills"), list) and len(prompt["skills"]) == 1:
        return {
            "skill" if name == "skills" else name: value[0] if name == "skills" else value
            for name, value in prompt.items()
        }
    return prompt


def plain(value: Any) -> Any:
    """A schema as plain data: what is there anyway is left out, and what has no order gets one."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {
            name: plain(getattr(value, name))
            for name, field in fields.items()
            if field.is_required() or getattr(value, name) != field.get_default(call_default_factory=True)
        }
    if isinstance(value, Mapping):
        return {name: plain(value[name]) for name in sorted(value)}
    if isinstance(value, frozenset | set):
        return sorted(map(plain, value))
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value


def _json(value: Schema) -> Written:
    return dict(value.model_dump(mode="json"))


def _tuples(value: Any) -> Any:
    """The data as a file is read: lists become tuples."""
    if isinstance(value, list):
        return tuple(map(_tuples, value))
    return {name: _tuples(part) for name, part in value.items()} if isinstance(value, dict) else value
