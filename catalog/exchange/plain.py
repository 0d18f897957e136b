"""Prose as plain text, for formats that carry no markup."""

from html.parser import HTMLParser

from catalog.render import prose

_BLOCKS = frozenset({"p", "li", "blockquote", "pre", "br", "hr", "ul", "ol"})


def plain(markdown: str) -> str:
    """The words that a reader of the page sees: each paragraph or list entry on its line, no blank lines."""
    reader = _WordReader()
    reader.feed(prose(markdown))
    reader.close()
    lines = ("".join(line.split("\n")).strip() for line in "".join(reader.words).split("\f"))
    return "\n".join(line for line in lines if line)


class _WordReader(HTMLParser):
    """Collects the text of HTML, with a form feed wherever a block begins or ends."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._border(tag)

    def handle_endtag(self, tag: str) -> None:
        self._border(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def _border(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.words.append("\f")
