from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Stamped
from articles import skills


class Skill(Stamped):
    """One of the things that a close reader can do. Its words for the screen: `articles.skills`.

    `polarity`: units of this skill are *problems* or *sound*; without it they are categories.
    """

    code = models.CharField(_("code"), max_length=8, unique=True)
    slug = models.SlugField(_("slug"), unique=True)
    position = models.PositiveSmallIntegerField(_("position"))
    polarity = models.BooleanField(_("has problems and sound units"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> str:
        return skills.title(self.slug)
