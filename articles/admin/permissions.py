"""Who sees articles and annotations in the admin, and what the roles may do with them."""

from accounts import roles
from accounts.admin import scope
from articles.admin.base import show_revisions
from articles.models import Annotation, AnnotationSet, Article, ArticleRevision, Orphan, Skill

scope.register(Skill, lambda _user: Skill.objects.all())
scope.register(Article, Article.objects.visible_to)
show_revisions(ArticleRevision, Article, "article__organisation")
scope.follow(AnnotationSet, "revision", ArticleRevision)
scope.follow(Annotation, "set", AnnotationSet)
scope.follow(Orphan, "revision", ArticleRevision)

roles.grant(roles.TEACHER, "view", Article, ArticleRevision, Skill)
for _role in (roles.AUTHOR, roles.REVIEWER, roles.SITE_ADMIN):
    roles.grant(_role, "view", Article, ArticleRevision, AnnotationSet, Annotation, Orphan, Skill)
    roles.grant(_role, "add", Article)
    roles.grant(_role, "change", ArticleRevision)
roles.grant(roles.SITE_ADMIN, "change", Article, ArticleRevision, AnnotationSet, Annotation)
roles.grant(roles.SITE_ADMIN, "delete", Annotation)
