"""Which class does not meet an article, and who reads another in its place: to read."""

from django.contrib import admin

from accounts.admin.base import ReadOnlyAdmin
from articles.models import ArticleSwap, HiddenArticle


@admin.register(HiddenArticle)
class HiddenArticleAdmin(ReadOnlyAdmin):
    list_display = ["article", "cohort", "by", "at"]
    list_select_related = ["article__published", "cohort", "by"]
    search_fields = ["article__ref", "cohort__name"]
    fields = ["article", "cohort", "by", "at"]


@admin.register(ArticleSwap)
class ArticleSwapAdmin(ReadOnlyAdmin):
    list_display = ["learner", "article", "parallel", "by", "at"]
    list_select_related = ["learner", "article__published", "parallel__published", "by"]
    search_fields = ["learner__username_key", "article__ref"]
    fields = ["learner", "article", "parallel", "by", "at"]
