from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.bodies import Strict
from accounts.api.references import reference
from articles import wording
from articles.api.shapes import IDENTITY, PUBLISHED, TEXT, IdentitySerializer
from articles.models import Article, ArticleRevision, Skill
from articles.text.cleaning import MOST_CHARACTERS, Unfit, clean, marked
from articles.text.positions import normalise

#: What a reader is told about a text, in its own words; a program may change these.
SAID = ["title", "byline", "source", "dateline", "licence", "content_note"]
#: What follows from the text.
KNOWN = ["language", "direction", "sha256"]
HELP = {
    "source": "Where the text is from, or that it is invented.",
    "dateline": "Place and day, as a newspaper prints them; may be empty.",
    "content_note": "What readers are warned of beforehand; mostly empty.",
    "language": "A language tag (BCP 47), such as `en` or `pt-br`.",
    "direction": "`ltr` or `rtl`.",
    "sha256": "Of the text in UTF-8, in hex digits.",
    "text": "Plain text in Unicode NFC, one paragraph a line (`\\n`). Positions count its code points from 0.",
    "blocks": "The kind of each line: `p`, a paragraph, or `h2`, a subhead.",
    "sentences": "Half-open [start, end) pairs of code points of the text, in order.",
    "words": "Half-open [start, end) pairs of code points of the text, in order.",
    "revision": "The number of the revision: 1, 2, 3… for each article.",
}


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "array",
            "items": {"type": "integer", "minimum": 0},
            "minItems": 2,
            "maxItems": 2,
        },
    }
)
class SpansField(serializers.Field[Any, Any, Any, Any]):
    """Stored spans as they are: there are thousands in a long text."""

    def to_representation(self, value: Any) -> Any:
        return value


class SkillSerializer(serializers.ModelSerializer[Skill]):
    """One of the things that a close reader can do. Other resources name a skill by its `code`."""

    name = serializers.CharField(source="title", read_only=True, help_text="As learners read it.")

    class Meta:
        model = Skill
        fields = ["code", "slug", "name", "position", "polarity", "created_at", "updated_at"]
        read_only_fields = fields
        extra_kwargs = {
            "code": {"help_text": "Short and stable: `S1`, `S2`…"},
            "slug": {"help_text": "The name that prompts and bundles use: `attribution`."},
            "polarity": {
                "help_text": "Whether a unit of this skill is a problem or sound; without it, units are categories."
            },
        }


class ArticleLineSerializer(IdentitySerializer):
    """An article without its text, which is long: ask for the article itself, or for a revision."""

    title = serializers.CharField(source="published.title", max_length=250)
    byline = serializers.CharField(source="published.byline", max_length=250, allow_blank=True)
    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name, not its option
        source="published.source", max_length=500, help_text=HELP["source"]
    )
    dateline = serializers.CharField(
        source="published.dateline", max_length=120, allow_blank=True, help_text=HELP["dateline"]
    )
    licence = serializers.CharField(source="published.licence", max_length=120)
    content_note = serializers.CharField(
        source="published.content_note", max_length=500, allow_blank=True, help_text=HELP["content_note"]
    )
    language = serializers.CharField(source="published.language", read_only=True, help_text=HELP["language"])
    direction = serializers.ChoiceField(
        ArticleRevision.Direction.choices,
        source="published.direction",
        read_only=True,
        help_text=HELP["direction"],
    )
    sha256 = serializers.CharField(source="published.sha256", read_only=True, help_text=HELP["sha256"])

    class Meta:
        model = Article
        fields = [*IDENTITY, *PUBLISHED, *SAID, *KNOWN]
        read_only_fields = IDENTITY


class ArticleSerializer(Strict, ArticleLineSerializer):
    """An article as it is published now.

    A change publishes another revision. Send `blocks` with `text` where the number of lines changes.
    """

    text = serializers.CharField(
        source="published.text", max_length=MOST_CHARACTERS, trim_whitespace=False, help_text=HELP["text"]
    )
    blocks = serializers.ListField(
        source="published.blocks", child=serializers.ChoiceField(["p", "h2"]), help_text=HELP["blocks"]
    )
    sentences = SpansField(source="published.sentences", read_only=True, help_text=HELP["sentences"])
    words = SpansField(source="published.words", read_only=True, help_text=HELP["words"])

    class Meta(ArticleLineSerializer.Meta):
        fields = [*ArticleLineSerializer.Meta.fields, *TEXT]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Clean a changed text as one that an author pastes."""
        fields = attrs.get("published", {})
        if self.instance is not None and {"text", "blocks"} & fields.keys():
            fields |= _cleaned(self.instance.published, fields)
        return attrs


def _cleaned(now: ArticleRevision, fields: dict[str, Any]) -> dict[str, Any]:
    lines = normalise(fields.get("text", now.text)).strip("\n").split("\n")
    blocks = fields.get("blocks", now.blocks)
    if len(lines) != len(blocks):
        said = _("The text has %(lines)d lines and %(blocks)d blocks. Send one block for each line.")
        raise serializers.ValidationError({"blocks": [said % {"lines": len(lines), "blocks": len(blocks)}]})
    try:
        cleaned = clean(marked(lines, blocks), "text")
    except Unfit as error:
        raise serializers.ValidationError({"text": [wording.unfit(error)]}) from error
    return {"text": cleaned.text, "blocks": list(cleaned.blocks)}


class ArticleRevisionLineSerializer(serializers.ModelSerializer[ArticleRevision]):
    """A published revision of an article without its text. It never changes."""

    article = reference()
    revision = serializers.IntegerField(source="number", read_only=True, help_text=HELP["revision"])

    class Meta:
        model = ArticleRevision
        fields = ["article", "revision", "published_at", "created_at", "updated_at", *SAID, *KNOWN]
        read_only_fields = fields
        extra_kwargs = {name: {"help_text": HELP[name]} for name in fields if name in HELP}


class ArticleRevisionSerializer(ArticleRevisionLineSerializer):
    """A published revision of an article. It never changes, so its positions hold for good."""

    blocks = serializers.ListField(
        child=serializers.ChoiceField(["p", "h2"]), read_only=True, help_text=HELP["blocks"]
    )
    sentences = SpansField(read_only=True, help_text=HELP["sentences"])
    words = SpansField(read_only=True, help_text=HELP["words"])

    class Meta(ArticleRevisionLineSerializer.Meta):
        fields = [*ArticleRevisionLineSerializer.Meta.fields, *TEXT]
        read_only_fields = fields
        extra_kwargs = {name: {"help_text": HELP[name]} for name in fields if name in HELP}
