from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    """The site itself: base templates, design tokens, error pages."""

    name = "config"
    label = "config"


class CaveatAdminConfig(AdminConfig):
    default_site = "config.admin.CaveatAdminSite"
