"""The page in a mail: readable in light and dark, by ear, and harmless."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.notifiers.contract import a_hostile_message, a_message

from duewatch.notifiers import html
from duewatch.notifiers.html import page
from duewatch.notifiers.message import Matter, Section


class Reader(HTMLParser):
    """Reads a page as a screen reader would: tags in their order, and the words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("mode", "colours"), [("light", html.LIGHT), ("dark", html.DARK)])
def test_every_colour_can_be_read_on_its_paper(mode: str, colours: dict[str, str]) -> None:
    for colour in (*colours.values(), html.INK[mode], html.QUIET[mode]):
        assert contrast(colour, html.PAPER[mode]) >= 4.5, colour


def test_a_page_is_well_formed_with_its_language_and_its_headings_in_order() -> None:
    read = Reader(page(a_message()))
    assert not read.open
    assert ("lang", "en") in read.attributes
    assert [tag for tag in read.tags if tag in ("title", "main", "article", "h1", "h2", "footer")] == [
        "title", "main", "article", "h1", "h2", "footer",
    ]  # fmt: skip
    assert not {"table", "img", "script", "a", "link", "iframe", "form"} & set(read.tags)


def test_a_picture_stands_below_the_head_of_its_only_matter_and_else_below_all() -> None:
    message = a_message()
    alone = Reader(page(message, "cid:x"))
    assert [tag for tag in alone.tags if tag in ("h1", "img", "h2")] == ["h1", "img", "h2"]
    assert ("alt", "Timeline: one report, late.") in alone.attributes
    for many, tags in (((message.matters * 2), ["h1", "h1", "img", "footer"]), ((), ["img", "footer"])):
        read = Reader(page(replace(message, matters=many), "cid:x"))
        assert [tag for tag in read.tags if tag in ("h1", "img", "footer")] == tags


def test_it_follows_the_mode_of_its_surroundings() -> None:
    text = page(a_message())
    assert '<meta name="color-scheme" content="light dark">' in text
    assert "@media (prefers-color-scheme:dark)" in text
    for name in html.DARK:
        assert f".{name}{{color:{html.DARK[name]}!important" in text


def test_everything_that_the_text_says_is_on_the_page() -> None:
    message = a_message()
    words = " ".join(Reader(page(message)).words)
    for said in ("Overdue 1 day", "Art 9: report", "What was asked", '"requests": the office', message.foot[0]):
        assert said in words


def test_text_from_elsewhere_is_shown_and_does_nothing() -> None:
    text = page(a_hostile_message(), "cid:x")
    assert "</script>" not in text
    assert "&lt;/script&gt; {{7*7}}" in text
    assert not {"\0", "\x1b", "\u202e"} & set(text)
    assert "script" not in Reader(text).tags


def test_a_message_in_plain_text_becomes_paragraphs() -> None:
    text = page(replace(a_message(text="one\ntwo\n\n<three>\n"), matters=()))
    assert "one<br>two</p>" in text
    assert "&lt;three&gt;</p>" in text


def test_a_command_is_code() -> None:
    section = Section(title="More", lines=("duewatch explain 'a b/1'",), verbatim=True)
    matter = Matter(state="s", what="w", tone="plain", sections=(section,))
    text = page(replace(a_message(), matters=(matter,)))
    assert re.search(r"<code [^>]*>duewatch explain &#x27;a b/1&#x27;</code>", text)
