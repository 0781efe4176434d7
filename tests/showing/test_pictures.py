"""The timeline on its media: well-formed, readable without colour, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from duewatch.engine.judgement.asking import Item
from duewatch.engine.problems import BadInput
from duewatch.engine.showing import png as pictures
from duewatch.engine.showing.blocks import blocks, legend
from duewatch.engine.showing.chart import chart
from duewatch.engine.showing.looks import LOOKS
from duewatch.engine.showing.png import png
from duewatch.engine.showing.small import Gallery, Small
from duewatch.engine.showing.svg import SHAPES, svg

AnItem = Callable[..., Item]
TODAY = date(2021, 10, 5)
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>&\x00\x1b]]>"


def of_every_group(an_item: AnItem) -> list[Item]:
    """One occurrence of each group, and one with two days."""
    dated = [
        an_item(f"{group}-report/1", group=group, due=f"2021-{place + 6:02}-15", place=place)
        for place, group in enumerate(LOOKS)
    ]
    return [*dated, an_item("late-report/2", group="late", due="2021-09-01", days=("2021-09-01", "2021-11-01"))]


def drawn(items: list[Item], **about: Any) -> Any:
    return chart(items, title="T/1 (2021)", today=TODAY, **about)


def small(items: list[Item], *names: str) -> Small | None:
    return Gallery(lambda: items).picture([f"T/1 (2021)#{name}" for name in names], today=TODAY)


def test_no_two_groups_look_the_same_without_colour() -> None:
    for what in ("shape", "sign", "plain", "words"):
        assert len({getattr(look, what) for look in LOOKS.values()}) == len(LOOKS)
    assert {look.shape for look in LOOKS.values()} == set(SHAPES)


def test_the_colours_can_be_read_on_white() -> None:
    """WCAG 2.2, 1.4.11 asks for 3 to 1; we keep to the 4.5 to 1 of text."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert all(1.05 / (light(look.colour) + 0.05) >= 4.5 for look in LOOKS.values())


def test_the_svg_tells_everything_to_a_screen_reader(an_item: AnItem) -> None:
    root = ET.fromstring(svg(drawn(of_every_group(an_item))))  # noqa: S314 - our own
    assert root.get("role") == "img"
    ids = (root.get("aria-labelledby") or "").split()
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert list(named) == ids
    assert named["duewatch-title"] == "T/1 (2021)"
    said = named["duewatch-desc"] or ""
    assert "today is 5 Oct 2021" in said
    assert "2 late, 1 soon, 1 cannot say, 1 later, 1 done, 1 closed, 1 asleep" in said
    assert "late-report/2, due 1 Sep 2021" in said
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert len(titles) == 1 + 8


def test_text_from_elsewhere_stays_text(an_item: AnItem) -> None:
    root = ET.fromstring(svg(drawn([an_item("a/1", action=HOSTILE, bearer=[HOSTILE], says=HOSTILE)])))  # noqa: S314
    assert not list(root.iter(f"{SVG}script"))
    assert "</text><script>&" in "".join(root.itertext())


def test_a_legend_names_what_occurs_and_nothing_else(an_item: AnItem) -> None:
    text = svg(drawn([an_item("a/1", group="late"), an_item("b/1", due=None, days=())]))
    assert "late (1)" in text
    assert "1 without a day here are not drawn" in text
    assert "done (" not in text


def test_today_is_left_out_of_a_window_without_it(an_item: AnItem) -> None:
    window = {"first": date(2021, 10, 20), "last": date(2022, 2, 1)}
    assert "today, 5 Oct" not in svg(drawn([an_item("a/1", due="2021-12-30")], **window))
    assert 'text-anchor="end" y=' in svg(drawn([an_item("a/1", due="2021-01-30")], last=TODAY))


def test_nothing_leaves_the_sheet(an_item: AnItem) -> None:
    root = ET.fromstring(svg(drawn(of_every_group(an_item))))  # noqa: S314 - our own
    height = float(root.get("height") or 0)
    places = [float(element.get("y") or 0) for element in root.iter(f"{SVG}text")]
    assert max(places) < height
    ends = [(float(t.get("x") or 0), t.text or "") for t in root.findall(f"{SVG}text") if not t.get("text-anchor")]
    assert all(x + 5.5 * len(words) <= 1000 for x, words in ends)


def test_the_png_has_its_text_and_the_same_bytes(an_item: AnItem) -> None:
    text = svg(drawn([an_item("a/1", group="late")]))
    picture = png(text)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert picture == png(text)
    mute = re.sub(r"<text.*?</text>", "", text)
    assert len(png(mute)) < len(picture) / 2  # the words are there, so the font was found


def test_without_the_extra_the_way_is_shown(an_item: AnItem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "find_spec", lambda _name: None)
    with pytest.raises(BadInput, match=r"duewatch\[pictures\]"):
        png("<svg/>")
    assert small([an_item("a/1")], "a/1") is None


def test_the_small_picture_shows_the_obligations_of_a_message_alone(an_item: AnItem) -> None:
    items = [
        an_item("a/1", group="late", says="overdue by 5 days"),
        an_item("a/2", due="2021-12-30", days=("2021-12-30", "2022-01-30")),
        an_item("a/9", due="2024-12-30"),
        an_item("a/1", due="2021-12-30", member="another"),
        an_item("b/1"),
        an_item("c/1", due=None),
    ]
    found = small(items[:3] + items[4:], "a/1")
    assert found is not None
    assert found == small(items[:3] + items[4:], "a/1")
    assert found.says == (
        "Timeline from 20 Sep 2021 to 9 Feb 2022, today is 5 Oct 2021. a/1, due 30 Sep 2021: overdue by 5 days; "
        "a/2, due 30 Dec 2021: due on 30 September 2021 (under another reading 30 Jan 2022)."
    )
    assert small(items, "c/1") is None
    assert small(items) is None


def test_the_small_picture_shows_the_member_that_the_message_is_about(an_item: AnItem) -> None:
    items = [an_item(f"a@m{n}/1", obligation="a", member=f"m{n}") for n in range(40)]
    found = small(items, "a@m7/1")
    assert found is not None
    assert re.findall(r"a@m\d+", found.says) == ["a@m7"]


@pytest.mark.parametrize("rows", [1, 3, 6])
def test_the_small_picture_is_small(an_item: AnItem, rows: int) -> None:
    items = [an_item(f"{name}/1", place=place, group="late") for place, name in enumerate("abcdef"[:rows])]
    found = small(items, *(f"{name}/1" for name in "abcdef"[:rows]))
    assert found is not None
    assert 5_000 < len(found.png) <= 20_000


@pytest.mark.parametrize("width", [10, 80, 200])
def test_the_blocks_keep_to_their_width(an_item: AnItem, width: int) -> None:
    lines = blocks(drawn(of_every_group(an_item)), width)
    assert max(len(line.label + line.cells) for line in lines if line.cells) <= max(width, 50)


def test_the_blocks_have_a_sign_for_each_group_in_unicode_or_in_ascii(an_item: AnItem) -> None:
    picture = drawn(of_every_group(an_item))
    cells = "".join(line.cells for line in blocks(picture, 120) if line.label.startswith("  "))
    assert {look.sign for look in LOOKS.values()} <= set(cells)
    plain = blocks(picture, 120, plain=True)
    assert "".join(line.label + line.cells for line in plain).isascii()
    assert legend(picture, plain=True).startswith("X late (2)   ! soon (1)")


def test_of_two_marks_in_one_place_the_more_urgent_one_is_seen(an_item: AnItem) -> None:
    items = [an_item("a/1", group="late", due="2021-09-30"), an_item("a/2", group="done", due="2021-09-30")]
    [row] = [line.cells for line in blocks(drawn(items), 80, plain=True) if line.label.startswith("  Art")]
    assert row.strip().startswith("X")
    assert "*" not in row
