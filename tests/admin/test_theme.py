"""The admin's colours and letters are the site's."""

import re
from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR, "config", "static")
TOKEN = re.compile(r"(--[a-z-]+):\s*([^;]+);")


def test_the_tokens_of_the_theme_are_those_of_the_site():
    light, dark, *_print = re.split(r"@media .*\{", (STATIC / "site.css").read_text(encoding="utf-8"))
    site_light, site_dark = dict(TOKEN.findall(light)), dict(TOKEN.findall(dark))
    theme = (STATIC / "admin_theme.css").read_text(encoding="utf-8").split("/* The admin's variables.")[0]
    _comment, first, auto, chosen = re.split(r":root", theme.split("*/", 1)[1].join(["*/", ""]), maxsplit=3)
    own_light, own_auto, own_chosen = (dict(TOKEN.findall(part)) for part in (first, auto, chosen))
    colours = {name for name, value in own_light.items() if value.startswith("#")}
    assert len(colours) == 16
    assert own_light == {name: site_light[name] for name in own_light}
    assert own_auto == own_chosen == {name: site_dark[name] for name in colours}
