"""Who sees articles and annotations in the admin, and what the roles may do with them."""

from accounts import roles
from accounts.admin import audit, scope, see_also
from articles.admin.base import show_revisions
from articles.admin.editor import editor_links
from articles.models import Annotation, AnnotationSet, Article, ArticleRevision, Orphan, Skill

scope.register(Skill, lambda _user: Skill.objects.all())
scope.register(Article, Article.objects.visible_to)
show_revisions(ArticleRevision, Article, "article__organisation")
scope.follow(AnnotationSet, "revision", ArticleRevision)
scope.follow(Annotation, "set", AnnotationSet)
scope.follow(Orphan, "revision", ArticleRevision)

roles.grant(roles.TEACHER, "view", Article, ArticleRevision, Skill)
for _role in roles.WRITERS:
    roles.grant(_role, "view", Skill)
# "delete" of a revision is discarding a draft.
roles.grant_writing(
    drafts=[Article, AnnotationSet, Orphan], parts=[ArticleRevision, Annotation], publish=[ArticleRevision]
)

audit.register("organisation", Article)
audit.register("article__organisation", ArticleRevision)
audit.register("revision__article__organisation", AnnotationSet)
audit.register("set__revision__article__organisation", Annotation)

see_also.offer(ArticleRevision, editor_links)
