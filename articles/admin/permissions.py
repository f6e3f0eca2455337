"""Who sees articles and annotations in the admin, and what the roles may do with them."""

from django.db.models import QuerySet

from accounts import roles
from accounts.admin import audit, scope, see_also
from accounts.models import Cohort, User
from articles.admin.base import show_revisions
from articles.admin.editor import editor_links
from articles.models import (
    Annotation,
    AnnotationSet,
    Article,
    ArticleRevision,
    ArticleSwap,
    HiddenArticle,
    Orphan,
    Skill,
)


def _layers(user: User) -> "QuerySet[AnnotationSet]":
    revisions = scope.rows(ArticleRevision, user).order_by()
    return AnnotationSet.objects.filter(revision__in=revisions).open_to_the_eyes_of(user)


scope.register(Skill, lambda _user: Skill.objects.all())
# Not `visible_to`: what somebody learns with is no work of theirs, and the way to it is long: each table that
# follows this one nests it deeper, until SQLite refuses.
scope.register(Article, lambda user: Article.objects.filter(Article.objects.worked_with_by(user)))
show_revisions(ArticleRevision, Article, "article__organisation")
scope.register(AnnotationSet, _layers)
scope.follow(Annotation, "set", AnnotationSet)
scope.follow(Orphan, "revision", ArticleRevision)
scope.follow(HiddenArticle, "cohort", Cohort)
scope.follow(ArticleSwap, "learner", User)

roles.grant(roles.TEACHER, "view", Article, ArticleRevision, Skill)
for _role in (roles.TEACHER, roles.SITE_ADMIN):
    roles.grant(_role, "view", ArticleSwap, HiddenArticle)
for _role in roles.WRITERS:
    roles.grant(_role, "view", Skill)
# "delete" of a revision is discarding a draft.
roles.grant_writing(
    drafts=[Article, AnnotationSet, Orphan], parts=[ArticleRevision, Annotation], publish=[ArticleRevision]
)

audit.register("organisation", Article)
audit.register("article__organisation", ArticleRevision)
audit.register("revision__article__organisation", AnnotationSet, Orphan)
audit.register("set__revision__article__organisation", Annotation)

see_also.offer(ArticleRevision, editor_links)
see_also.offer(Annotation, lambda request, row: editor_links(request, row.set.revision))
