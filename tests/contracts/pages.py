"""What a page may not hold, whatever it shows: anything that a strict content policy would refuse."""

from html.parser import HTMLParser

#: Attributes by which a page loads something, or sends something somewhere.
LOADS = {"src", "srcset", "poster", "data", "action", "formaction", "background"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._inline = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            loads = name in LOADS or (name == "href" and tag in {"link", "use", "image"})
            runs = name in {*LOADS, "href"} and value.strip().casefold().startswith("javascript:")
            if name == "style" or name.startswith("on"):
                self.faults.append(f"<{tag} {name}>")
            elif runs or (loads and not _is_ours(value)):
                self.faults.append(f"<{tag} {name}={value}>")
        # JSON in a page is data that nothing runs.
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        ):
            self._inline = tag
        if tag in {"iframe", "object", "embed", "base"}:
            self.faults.append(f"<{tag}>")

    def handle_data(self, data: str) -> None:
        if self._inline and data.strip():
            self.faults.append(f"<{self._inline}> {data.strip()[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self._inline = ""


def _is_ours(address: str) -> bool:
    if address.startswith("data:"):
        return address.startswith(("data:,", "data:image/"))
    return not address.startswith("//") and "://" not in address


def faults_of_page(html: str) -> list[str]:
    """Inline scripts, styles and handlers, and whatever is loaded from elsewhere."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.faults
