"""What skills are called on the screen."""

from django import template

from articles import skills

register = template.Library()
register.filter("skill_title", skills.title)
