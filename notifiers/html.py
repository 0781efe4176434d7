"""A message as a page for mail programs: one column, headings in order, nothing that only a picture says.

Colours stand in the page twice, for light and for dark surroundings, and each says in colour what
the words beside it say. A picture is a part of the mail itself: nothing is loaded from anywhere; no
program runs.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from duewatch.notifiers.plain import one_line, readable

if TYPE_CHECKING:
    from duewatch.notifiers.message import Matter, Message, Picture, Section

# Each colour has at least 4.5:1 against white in light, and against #16181c in dark (WCAG 2.2, 1.4.3).
LIGHT: Final = {"late": "#a4161a", "soon": "#7a4f01", "done": "#1b6e3c", "plain": "#39424e"}
DARK: Final = {"late": "#ff9a94", "soon": "#f2c462", "done": "#7fd69b", "plain": "#c3ccd6"}
PAPER: Final = {"light": "#ffffff", "dark": "#16181c"}
INK: Final = {"light": "#1a1d21", "dark": "#eceff2"}
QUIET: Final = {"light": "#59636e", "dark": "#a3adb8"}

_FONT: Final = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5"
_MONO: Final = "font-family:ui-monospace,Consolas,Menlo,monospace;font-size:14px;overflow-wrap:anywhere"


def page(message: Message, picture_at: str = "") -> str:
    """Give the whole page. The same message gives the same page.

    `picture_at` is where the page finds the picture of the message; without it the page has none.
    """
    picture = _picture(message.picture, picture_at) if message.picture and picture_at else ""
    match message.matters:
        case ():
            parts = [_text(message.text), picture]
        case (only,):
            parts = [_matter(only, picture)]
        case several:
            parts = [*map(_matter, several), picture]
    foot = "".join(f'<p style="margin:0 0 4px">{_escaped(line)}</p>' for line in message.foot)
    return _PAGE.format(
        language=escape(message.language),
        title=_escaped(message.subject),
        style=_dark_style(),
        body=f"color:{INK['light']};{_FONT}",
        paper=PAPER["light"],
        parts="\n".join(filter(None, parts)),
        quiet=QUIET["light"],
        foot=foot,
    )


_PAGE: Final = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body class="paper" style="margin:0;padding:16px;background:{paper};{body}">
<main style="max-width:640px;margin:0 auto">
{parts}
<footer class="quiet" style="margin-top:24px;color:{quiet};font-size:14px">{foot}</footer>
</main>
</body>
</html>
"""


def _dark_style() -> str:
    rules = [f".{tone}{{color:{colour}!important;border-color:{colour}!important}}" for tone, colour in DARK.items()]
    paper = f".paper{{background:{PAPER['dark']}!important;color:{INK['dark']}!important}}"
    quiet = f".quiet{{color:{QUIET['dark']}!important}}"
    return f":root{{color-scheme:light dark}}@media (prefers-color-scheme:dark){{{paper}{quiet}{''.join(rules)}}}"


def _matter(matter: Matter, picture: str = "") -> str:
    """Give one matter; a picture of it alone stands below its head."""
    colour = LIGHT[matter.tone]
    sections = "\n".join(map(_section, matter.sections))
    return (
        '<article style="margin:0 0 32px">\n'
        f'<h1 class="{matter.tone}" style="margin:0 0 4px;padding-left:12px;border-left:6px solid {colour};'
        f'color:{colour};font-size:22px;line-height:1.3">{_escaped(matter.state)}</h1>\n'
        f'<p style="margin:0 0 16px;font-weight:600">{_escaped(matter.what)}</p>\n{picture}{sections}\n</article>'
    )


def _picture(picture: Picture, place: str) -> str:
    """Give the picture at its width in the column; narrower where the screen is."""
    style = "display:block;width:100%;max-width:560px;height:auto;margin:0 0 16px;background:#ffffff;border-radius:6px"
    return f'<img src="{escape(place)}" alt="{_escaped(picture.says)}" width="560" style="{style}">\n'


def _section(section: Section) -> str:
    title = f'<h2 style="margin:16px 0 4px;font-size:16px">{_escaped(section.title)}</h2>'
    if section.verbatim:
        code = f'<p style="margin:0"><code style="{_MONO}">{{}}</code></p>'
        return f"{title}\n{''.join(code.format(_escaped(line)) for line in section.lines)}"
    lines = "".join(f'<li style="margin:0 0 2px">{_escaped(line)}</li>' for line in section.lines)
    return f'{title}\n<ul style="margin:0;padding-left:20px">{lines}</ul>'


def _text(text: str) -> str:
    paragraphs = (escape(each).replace("\n", "<br>") for each in readable(text).strip("\n").split("\n\n"))
    return "\n".join(f'<p style="margin:0 0 12px">{each}</p>' for each in paragraphs)


def _escaped(text: str) -> str:
    return escape(one_line(text))
