"""Which of the texts a class does without."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import teaching
from articles import choosing
from articles.models import HiddenArticle
from courses import class_texts
from quizzes.views.doors import SignedInRequest, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The texts of what the class was given; a button hides one, or shows it again."""
    cohort = teaching.led_class(request.user, uuid)
    found = class_texts.articles_of(cohort)
    if request.method == "POST":
        article = get_object_or_404(found, uuid=class_texts.as_uuid(request.POST.get("article", "")))
        if request.POST.get("do") == "show":
            choosing.show(cohort=cohort, article=article, by=request.user)
            messages.success(request, _("Your class reads this text again."))
        else:
            choosing.hide(cohort=cohort, article=article, by=request.user)
            messages.success(request, _("Your class does not read this text. Nobody's marks change."))
        return redirect("courses:texts", uuid=cohort.uuid)
    hidden = set(HiddenArticle.objects.filter(cohort=cohort).values_list("article", flat=True))
    context = {"texts": [(article, article.pk in hidden) for article in found]}
    return render(
        request, "courses/teach/texts.html", teaching.class_context(cohort, "courses:work", **context)
    )
