"""A page as a reader of its markup meets it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "img", "br", "hr"}


@dataclass
class Tag:
    name: str
    attrs: dict[str, str]
    parents: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """All tags of a page, in order."""

    html: str
    tags: list[Tag] = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self.open: list[Tag] = []
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        parents = tuple(parent.name for parent in self.open)
        found = Tag(tag, {name: value or "" for name, value in attrs}, parents)
        self.tags.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_endtag(self, tag):
        while self.open and self.open.pop().name != tag:
            pass

    def handle_data(self, data):
        for tag in self.open:
            tag.text += data

    def all(self, tag_name, **attrs):
        return [
            tag
            for tag in self.tags
            if tag.name == tag_name and all(tag.attrs.get(key) == value for key, value in attrs.items())
        ]

    def ids(self):
        return [tag.attrs["id"] for tag in self.tags if "id" in tag.attrs]

    def by_id(self, name):
        (found,) = [tag for tag in self.tags if tag.attrs.get("id") == name]
        return found

    def described(self, control):
        """The texts that say more about a control, as a screen reader would read them out."""
        return [
            " ".join(self.by_id(name).text.split())
            for name in self.control(control).attrs.get("aria-describedby", "").split()
        ]

    def control(self, name):
        """The first visible control of that name."""
        found, *_others = [
            tag
            for tag in self.tags
            if tag.name in {"input", "textarea", "select"}
            and tag.attrs.get("name") == name
            and tag.attrs.get("type") != "hidden"
        ]
        return found


def page(response):
    return Page(response.content.decode())
