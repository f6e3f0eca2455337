from django.contrib import admin

from accounts.admin.base import ReadOnlyAdmin
from articles.models import Skill


@admin.register(Skill)
class SkillAdmin(ReadOnlyAdmin):
    """The twelve skills come with the code, as their words and colours do."""

    list_display = ["code", "title", "slug", "position", "polarity"]
    list_filter = ["polarity"]
    search_fields = ["code", "slug"]
    fields = ["code", "title", "slug", "position", "polarity"]
    readonly_fields = ["title"]
