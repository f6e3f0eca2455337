"""Who sees articles and annotations in the admin, and what the roles may do with them."""

from accounts import roles
from accounts.admin import scope, see_also
from articles.admin.base import show_revisions
from articles.admin.editor import editor_links
from articles.models import Annotation, AnnotationSet, Article, ArticleRevision, Skill

scope.register(Skill, lambda _user: Skill.objects.all())
scope.register(Article, Article.objects.visible_to)
show_revisions(ArticleRevision, Article, "article__organisation")
scope.follow(AnnotationSet, "revision", ArticleRevision)
scope.follow(Annotation, "set", AnnotationSet)

roles.grant(roles.TEACHER, "view", Article, ArticleRevision, Skill)
for _role in (roles.AUTHOR, roles.REVIEWER, roles.SITE_ADMIN):
    roles.grant(_role, "view", Article, ArticleRevision, AnnotationSet, Annotation, Skill)
    roles.grant(_role, "change", AnnotationSet, Annotation)
    roles.grant(_role, "delete", Annotation)
roles.grant(roles.SITE_ADMIN, "change", Article, ArticleRevision)

see_also.offer(ArticleRevision, editor_links)
