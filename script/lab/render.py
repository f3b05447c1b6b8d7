"""Headings, paragraphs and tables as text for a terminal or as Markdown."""
import textwrap
from typing import NamedTuple


class Heading(NamedTuple):
    words: str
    level: int = 2


class Paragraph(NamedTuple):
    words: str


class List(NamedTuple):
    items: list


class Picture(NamedTuple):
    words: str
    path: str


class Table(NamedTuple):
    """The first column is on the left, the others on the right."""
    header: list
    rows: list


def text(blocks):
    return "\n\n".join(part for block in blocks if (part := text_of(block)))


def text_of(block):
    match block:
        case Heading(words, level):
            return words + (":" if level > 2 else "\n" + ("=" if level == 1 else "-") * len(words))
        case Paragraph(words):
            return textwrap.fill(words, 110)
        case List(items):
            return "\n".join(textwrap.fill(i.replace("**", ""), 110, initial_indent="- ", subsequent_indent="  ")
                             for i in items)
        case Table(header, rows):
            widths = [max(len(line[n]) for line in [header, *rows]) for n in range(len(header))]
            return "\n".join("  ".join([line[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(line[1:], widths[1:])])
                             for line in [header, *rows])
    return ""


def markdown(blocks):
    return "\n\n".join(markdown_of(block) for block in blocks)


def markdown_of(block):
    match block:
        case Heading(words, level):
            return "#" * level + " " + words
        case Paragraph(words):
            return textwrap.fill(words, 120, break_long_words=False, break_on_hyphens=False)
        case List(items):
            return "\n".join(textwrap.fill(i, 120, initial_indent="- ", subsequent_indent="  ", break_long_words=False,
                                           break_on_hyphens=False) for i in items)
        case Picture(words, path):
            return f"![{words}]({path})"
        case Table(header, rows):
            lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
            return "\n".join("| " + " | ".join(line) + " |" for line in lines)
