"""Markdown prose as plain text, for formats that carry no markup."""

import re

_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"^ {0,3}(?:#{1,6}|>|[-*+]|\d+\.) +", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__|`+)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!-])"), r"\1"),
)
_BLANK_LINES = re.compile(r"\n\s*\n")


def plain(markdown: str) -> str:
    """The words of links, emphasis, headings and lists without their marks; one line a line, no blank lines."""
    for pattern, words in _MARKUP:
        markdown = pattern.sub(words, markdown)
    return _BLANK_LINES.sub("\n", markdown).strip()
