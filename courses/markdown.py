"""Markdown to HTML that is safe to put on a page."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_reader = MarkdownIt("commonmark", {"html": False, "typographer": False})
_TAGS = {"p", "h2", "h3", "h4", "em", "strong", "ul", "ol", "li", "blockquote", "a", "br", "hr", "code", "q"}


def to_html(source: str) -> SafeString:
    """Render authored Markdown. Raw HTML in it is shown as text; links keep only http, https and mailto."""
    html = nh3.clean(
        _reader.render(source),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308 - cleaned just above
