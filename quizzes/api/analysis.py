"""Item analyses over REST: how each question of a quiz worked in a class."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import holds
from accounts.api.doors import Door
from accounts.api.filters import refuse_unknown
from accounts.api.references import caller
from accounts.api.refusing import Unfit
from accounts.models import Cohort, Organisation
from quizzes import analysis, item_rows, telling
from quizzes.analysis import Reading
from quizzes.api import references
from quizzes.models import Question, Quiz, QuizAnalysis
from quizzes.scoring.choice_tables import BLANK
from quizzes.scoring.items import ENOUGH, NOBODY


class OptionSerializer(serializers.Serializer[Any]):
    """How many chose an option: of all, and of the thirds of the class by their rest score."""

    option = serializers.CharField(
        allow_null=True, help_text="The option's ref in the question's prompt; null for those who left it."
    )
    right = serializers.BooleanField(
        allow_null=True,
        required=False,
        help_text="Whether the key counts it as right; only with `keys:read`.",
    )
    all = serializers.IntegerField(help_text="Of everybody.")
    top = serializers.IntegerField(help_text="Of the best third.")
    middle = serializers.IntegerField(help_text="Of the middle third.")
    bottom = serializers.IntegerField(help_text="Of the lowest third.")

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        """Left out where it is not told: null says that an option is neither right nor wrong."""
        shown = super().to_representation(instance)
        return {name: value for name, value in shown.items() if name in instance}


class ItemFiguresSerializer(serializers.Serializer[Any]):
    """One question. Below 20 learners only `n`, `facility` and the counts are told."""

    question = serializers.UUIDField(help_text="The question.")
    n = serializers.IntegerField(help_text="How many learners were given it.")
    waiting = serializers.IntegerField(help_text="How many answers a person has still to grade.")
    facility = serializers.FloatField(allow_null=True, help_text="The mean score, 0 to 1.")
    item_rest_r = serializers.FloatField(
        allow_null=True, help_text="Correlation with the rest of the quiz, from -1 to 1."
    )
    item_rest_ci90 = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        min_length=2,
        max_length=2,
        help_text="Its 90 % interval: low, high.",
    )
    median_seconds = serializers.FloatField(allow_null=True, help_text="From the first look to the answer.")
    options = OptionSerializer(many=True, help_text="Who chose what; empty where nothing is chosen from.")
    flags = serializers.ListField(
        child=serializers.CharField(), help_text="What to look at, such as a key that may be wrong."
    )


class ItemAnalysisSerializer(serializers.Serializer[Any]):
    """The figures of a quiz's first finished attempts, computed in the background and stored."""

    quiz = serializers.UUIDField(help_text="The quiz.")
    cohort = serializers.UUIDField(allow_null=True, help_text="The class; null for all classes together.")
    computed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the figures were computed; null: not yet, ask again in a while."
    )
    newer = serializers.IntegerField(help_text="How many scores have come since and are not in the figures.")
    withheld = serializers.BooleanField(
        help_text="Whether marks of attempts that count here are not told yet: held, or waiting for a closing. Until "
        "all of them are, there are no figures: of few learners they would be the marks."
    )
    learners = serializers.IntegerField(help_text="How many learners went into them.")
    alpha = serializers.FloatField(
        allow_null=True,
        help_text="Cronbach's alpha, at most 1; null where there is none, or too few learners.",
    )
    alpha_reason = serializers.CharField(help_text="Why there is no alpha; empty where there is one.")
    sem = serializers.FloatField(
        allow_null=True, help_text="Standard error of measurement, in questions (each counts 0 to 1)."
    )
    items = ItemFiguresSerializer(many=True)


COHORT = OpenApiParameter(
    "cohort",
    UUID,
    description="The class. It may be left out for a quiz of your own organisation: all classes.",
)


class ItemAnalysisViewSet(Door):
    """How the questions of a quiz worked: difficulty, discrimination, who chose what, and reliability."""

    queryset = Quiz.objects.none()
    serializer_class = ItemAnalysisSerializer
    scopes = {"retrieve": "grades:read"}

    @extend_schema(parameters=[COHORT])
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """The figures of one quiz, named by the quiz's UUID, for one class.

        What is stored is answered at once. Where it is older than the newest scores, `newer` says by how
        many, and it is computed anew in the background: ask again in a minute. What is right is told only
        with the scope `keys:read`; and nothing at all (`withheld`) while marks that count here are held back.
        """
        refuse_unknown(request, {"cohort"})
        quiz = references.quizzes(request.user).filter(uuid=uuid).first()
        if quiz is None:
            raise Http404
        cohort = self._cohort(request, quiz)
        reading = analysis.read(quiz=quiz, cohort=cohort)
        held = bool(telling.withheld_among(item_rows.first_finished(quiz, cohort)))
        shown = figures_of(quiz, cohort, reading, keys=holds(request, "keys:read"), withheld=held)
        return self.tagged(request, ItemAnalysisSerializer(shown).data)

    def _cohort(self, request: Request, quiz: Quiz) -> Cohort | None:
        named = request.query_params.get("cohort")
        if named is None:
            if not Organisation.objects.of(caller(request)).filter(pk=quiz.organisation_id).exists():
                raise Unfit(
                    {"cohort": [_("This quiz is taken elsewhere too. Say of which of your classes.")]}
                )
            return None
        found: Cohort | None = references.cohorts(request.user).filter(uuid=_uuid(named)).first()
        if found is None:
            raise Unfit({"cohort": [_("No class of this organisation has this UUID.")]})
        return found


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise ValidationError({"cohort": [_("Give the UUID of a class.")]}) from None


def figures_of(
    quiz: Quiz, cohort: Cohort | None, reading: Reading, *, keys: bool, withheld: bool
) -> dict[str, Any]:
    """What is told of the stored figures; `withheld`: that there are some, and no more. One query."""
    stored = reading.analysis
    figures: Mapping[str, Any] = stored.figures if stored and not withheld else {}
    learners = figures.get("learners", 0)
    enough = learners >= ENOUGH
    return {
        "quiz": quiz.uuid,
        "cohort": cohort.uuid if cohort else None,
        "computed_at": stored.computed_at if stored else None,
        "newer": reading.newer,
        "withheld": withheld,
        "learners": learners,
        "alpha": figures.get("alpha") if enough else None,
        "alpha_reason": _no_alpha(figures, enough) if stored and not withheld else "",
        "sem": figures.get("sem") if enough else None,
        "items": _items(stored, keys) if stored and not withheld else [],
    }


def _no_alpha(figures: Mapping[str, Any], enough: bool) -> str:
    return str(figures.get("alpha_reason", "")) if enough else "too few learners"


def _items(stored: QuizAnalysis, keys: bool) -> list[dict[str, Any]]:
    items: Iterable[Mapping[str, Any]] = stored.figures.get("items", ())
    items = list(items)
    uuids = dict(Question.objects.filter(pk__in=[one["question"] for one in items]).values_list("pk", "uuid"))
    return [_item(one, uuids[one["question"]], keys) for one in items]


def _item(item: Mapping[str, Any], question: UUID, keys: bool) -> dict[str, Any]:
    enough = item["n"] >= ENOUGH
    return {
        "question": question,
        "n": item["n"],
        "waiting": item["waiting"],
        "facility": item["facility"],
        "item_rest_r": item["r"] if enough else None,
        "item_rest_ci90": item["ci90"] if enough else None,
        "median_seconds": item["seconds"] if enough else None,
        "options": [_option(row, keys) for row in item["table"]],
        "flags": [_flag(flag, keys) for flag in item["flags"]],
    }


def _option(row: Iterable[Any], keys: bool) -> dict[str, Any]:
    ref, right, everybody, top, middle, bottom = row
    told = {"option": None if ref == BLANK else ref, "all": everybody}
    told |= {"top": top, "middle": middle, "bottom": bottom}
    return {**told, "right": right} if keys else told


def _flag(flag: str, keys: bool) -> str:
    """A wrong option that nobody took is named to who may see which are wrong."""
    return NOBODY.rstrip(": ") if flag.startswith(NOBODY) and not keys else flag
