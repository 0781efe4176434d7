"""What the house knows of a language, to compare an encoding with a text: dates, numbers, time words, limiting words.

The lists are data (`rules/phrases/`). All patterns are for text without whitespace and without capitals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from duewatch.engine.encoding.nodes import plain
from duewatch.engine.encoding.outline import BULLETS
from duewatch.engine.encoding.reader import read
from duewatch.engine.encoding.source_text import smooth, squeeze
from duewatch.engine.problems import BadFile, BadInput, Problem
from duewatch.rules import outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

_FOLDER: Final = Path(outcomes.__file__).parent / "phrases"
RANKS: Final = ("must", "should", "may")
SORTS: Final = ("time", "limiting")
NO_MONTH, NO_DAY = 13, 32  # after every other
_NEVER: Final = re.compile(r"(?!)")
_CAPITALS: Final = "(?-i:"  # stands in patterns that tell a month from a verb by its capital
_WORD: Final = re.compile(r"[^\W\d_]+")
_ENOUGH: Final = 60  # words of a text, by which its language can be told
_SHARE: Final = 0.03  # of them, which are small words of its language at least
_DEFAULT: Final = "en"
_GROUP: Final = 3  # figures between two commas of a large number
_GAP: Final = re.compile(r"\{(\w+)\}|(\*)")
_FORM: Final = re.compile(r"\{(\w+)\}|([*()\[\]|])")
_CHOICE: Final = re.compile(r"\(([^()\[\]]*)\)")
_SIGNS: Final = {"*": r"[\w']{1,40}?", "(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}
OFFSET, PASSING, PERIOD, UNLESS_NOTED = "offset", "passing", "period", "unless-noted"
_RANKED_AS: Final = {OFFSET: "must", PASSING: "may", PERIOD: "should", UNLESS_NOTED: "must"}
_FIRST: Final = {
    OFFSET: -1,
    PASSING: 0,
    PERIOD: 0,
    UNLESS_NOTED: 0,
    "must": 0,
    "should": 1,
    "may": 2,
}  # which of two overlapping phrases counts: then the longer


@dataclass(frozen=True, slots=True)
class Sought:
    """A phrase that a text is searched for. `goes_on`: its last word may be longer."""

    words: str
    sort: str  # time, limiting
    rank: str  # must, should, may
    pattern: re.Pattern[str]  # over smooth letters
    goes_on: bool
    unless_noted: bool  # a must only where the verb before it does more than note
    order: int  # of two that overlap the one with the smaller order counts, then the longer


@dataclass(frozen=True)
class Tongue:
    """A language: `data` is its file, `sought` its phrases, the longest first."""

    data: Mapping[str, object]
    sought: tuple[Sought, ...]

    def day(self, day: date) -> Iterator[str]:
        """Give the patterns of a day as a text prints it."""
        month = self.texts("months")[day.month - 1]
        values = {"day": str(day.day), "month": month, "year": str(day.year)}
        for form in self.texts("days"):
            if "{year}" in form:
                yield _pattern(form, {name: re.escape(value.casefold()) for name, value in values.items()})

    def say(self, day: date) -> str:
        """Give a day in words of the language."""
        form = next(form for form in self.texts("days") if "{year}" in form)
        return form.format(day=day.day, month=self.texts("months")[day.month - 1], year=day.year)

    def number(self, number: int) -> str:
        """Give the pattern of a whole number: figures, figures in groups, or a word."""
        words = self.texts("numbers")
        forms = {str(number), f"{number:,}", *words[number - 1 : number][: number > 0]}
        group = r"(?<!\d,)" if len(str(number)) == _GROUP else ""
        either = "|".join(map(re.escape, sorted(forms)))
        return rf"(?<!\d)(?<!\d\.){group}(?:{either})(?!\d|\.\d|,\d{{3}}(?!\d))"

    def count(self, number: int) -> str:
        """Give the pattern of a whole number that counts something: no part of a day, and no year of a resolution."""
        months = [re.escape(squeeze(month).casefold()) for month in self.texts("months")]
        return rf"(?<!\(){''.join(rf'(?<!{month})' for month in months)}{self.number(number)}(?!{'|'.join(months)})"

    def share(self, percent: int) -> str:
        """Give the pattern of a whole number of hundredths."""
        return _either(_pattern(form, {"number": self.number(percent)}) for form in self.texts("percent"))

    def span(self, count: int, unit: str) -> str:
        """Give the pattern of a length of time: `three months`, `18-month`."""
        return rf"{self.number(count)}-?{_either(map(re.escape, self._units()[unit]))}"

    def verbs(self, verbs: Iterable[str]) -> re.Pattern[str]:
        """Give the pattern of operative verbs, squeezed, with the words that may stand before them."""
        before = "".join(f"(?:{re.escape(smooth(word))})?" for word in self.texts("before-verbs"))
        return re.compile(before.lower() + _either(re.escape(verb.lower()) for verb in verbs))

    @property
    def joining(self) -> re.Pattern[str]:
        """Give what may stand between stretches: marks, numbers of items and of footnotes, joining words."""
        words = _either(re.escape(word) for word in self.texts("joining"))
        item = r"\d+\.(?:\d+\.?)*|\(?(?:[a-z]{1,5}|\d{1,2})\)"
        return re.compile(rf"(?:{item}|{words}|[;.,]\d{{1,3}}(?!\d)|[,;.:{BULLETS}-])*")

    def gaps(self) -> dict[str, str]:
        """Give what stands for the gaps of a form, over smooth letters."""
        units = [smooth(unit) for each in self._units().values() for unit in each]
        printed = [smooth(month) for month in self.texts("months")]
        months = (
            f"{_CAPITALS}{_either(map(re.escape, printed))})" if printed[0][:1].isupper() else _either(printed)
        )  # not "may"
        tens = _either(map(smooth, self.texts("tens")))
        day, year = r"(?<!\d)\d{1,2}(?:er)?", r"(?:19|20)\d\d"
        numbers = _either(map(smooth, (*self.texts("numbers"), *self.texts("tens"))))
        return {
            "number": rf"(?:(?<!\d)\d[\d,.]*|{tens}*{numbers})(?:\((?:\d+|{tens}*{numbers})\))?",
            "ordinal": rf"(?:\d{{1,3}}(?:st|nd|rd|th|e)|{tens}*{_either(map(smooth, self.texts('ordinals')))})",
            "unit": rf"{_either(map(re.escape, units))}(?:s|es)?",
            "day": day,
            "month": months,
            "year": year,
            "date": rf"{day}(?:(?:and|et){day})?{months}(?:{year})?",
            "reference": r"\d{1,4}(?:/\d{1,4})?[a-z]?(?:\([\w-]{1,8}\))?",
        }

    def dated(self, words: str) -> tuple[int, int, int] | None:
        """Give the last year, month and day of some smooth words, or NO_MONTH and NO_DAY; None without a year."""
        years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", words) or re.findall(r"(?:19|20)\d\d$", words)
        if not years:
            return None
        before = words[: words.rindex(years[-1])]
        names = [smooth(month) for month in self.texts("months")]
        month = next((at for at, name in enumerate(names, start=1) if before.endswith(name)), NO_MONTH)
        day = re.search(r"(\d{1,2})(?:er)?$", before.removesuffix(names[month - 1])) if month < NO_MONTH else None
        return int(years[-1]), month, int(day[1]) if day else NO_DAY

    @cached_property
    def adoption(self) -> tuple[re.Pattern[str], ...]:
        """Give the patterns of a day of adoption, over smooth letters."""
        forms = (f"{words} {{day}} {{month}} {{year}}" for words in self.texts("adoption"))
        return tuple(re.compile(_form(form, self.gaps()), re.IGNORECASE) for form in forms)

    @cached_property
    def full_day(self) -> re.Pattern[str]:
        """Give the pattern of a day with its year, over smooth letters."""
        return re.compile(_form("{day} {month} {year}", self.gaps()), re.IGNORECASE)

    @cached_property
    def not_whom(self) -> tuple[str, ...]:
        """Give the words after a verb with which nobody is named."""
        return tuple(f"{word} " for word in self.texts("not-whom"))

    @cached_property
    def open_ended(self) -> frozenset[str]:
        """Give the words after which a quotation of time goes on."""
        return frozenset(self.texts("open-ended"))

    @cached_property
    def small(self) -> frozenset[str]:
        """Give the small words that stand before a day without saying anything of it."""
        return frozenset(self.texts("small"))

    @cached_property
    def trailing(self) -> re.Pattern[str]:
        """Give what ends a stretch and is none of its words: a joining word, a stop, the number of a footnote."""
        joining = _either(map(re.escape, self.texts("joining")))
        return re.compile(
            rf"(?:[\s,;:.]+{joining})?(?:[,;:.]|(?<!\d)[,;.]\s?\d{{1,3}}|(?<=(?:19|20)\d\d)[;.]\d{{1,3}}|\s)*$"
        )

    @cached_property
    def linking(self) -> re.Pattern[str]:
        """Give what stands before a verb that begins a stretch: a stop or a joining word, and linking words."""
        joining, links = (
            "|".join(map(re.escape, self.texts("joining"))),
            "|".join(map(re.escape, self.texts("between-verbs"))),
        )
        link = rf"(?P<link>(?:(?:{links}),?\s*)*)" if links else "(?P<link>)"
        return re.compile(rf"(?:(?P<stop>[,;:]\d*)\s+(?:(?:{joining})\s+)?|\s(?:{joining})\s+){link}$")

    @cached_property
    def asked(self) -> re.Pattern[str]:
        """Give whom a verb asks, as `who`: what stands between it and the word before the act ("to"), or items."""
        ways = "|".join(map(re.escape, self.texts("before-whom"))) or "(?!)"
        ends = rf",?\s{self._acts}|(?:,?\s(?:{'|'.join(map(re.escape, self.texts('before-acts')))}))?\s?:"
        return re.compile(rf"\s?(?:,[^,]*,\s)?(?:(?:{ways})\s)*(?P<who>[^;:]+?)(?:{ends})", re.DOTALL)

    @cached_property
    def _acts(self) -> str:
        """The pattern of the word before an act, where acts are told by how their verbs end with that verb."""
        acts = "|".join(map(re.escape, self.texts("before-acts"))) or "(?!)"
        ends, between = self.texts("acts-end"), "|".join(map(re.escape, self.texts("before-acts-end")))
        verb = rf"(?=(?:(?:{between or '(?!)'})\s?)*[^\W\d_]+(?:{'|'.join(ends)})\b)" if ends else ""
        return rf"(?:{acts})(?:(?<=’)|\s){verb}"  # noqa: RUF001 (a printed apostrophe)

    @cached_property
    def that_somebody(self) -> re.Pattern[str]:
        """Give whom a verb names before what he shall do, as `who`: "decides that the Director shall"."""
        modals = self._either("modals")
        return re.compile(rf"{self.before_that}(?P<who>[^,;:.]+?)\s{modals}\s(?!{self.passive.pattern})")

    @cached_property
    def before_that(self) -> str:
        """Give the pattern of what stands between a verb and whom it names after "that"."""
        return rf"\s?(?:{self._either('before-verbs')}\s)?{self._either('that')}\s?"

    @cached_property
    def passive(self) -> re.Pattern[str]:
        """Give what follows a verb that binds where nobody is named: "shall be kept", but not "shall be entitled"."""
        return re.compile(rf"\s?{self._either('passive')}\b(?!\s{self._either('not-passive')}\b)")

    def _either(self, name: str) -> str:
        return _either(map(re.escape, self.texts(name))) if self.texts(name) else "(?!)"

    @cached_property
    def lead_in(self) -> re.Pattern[str]:
        """Give joining words before a name."""
        words = "|".join(map(re.escape, (*self.texts("joining"), *self.texts("that"))))
        return re.compile(rf"^(?:(?:{words})\s)+", re.IGNORECASE)

    @cached_property
    def after_bearer(self) -> frozenset[str]:
        """Give the first words of verbs that have before them whom they bind."""
        return frozenset(self.texts("after-bearer"))

    @cached_property
    def granting(self) -> frozenset[str]:
        """Give the verbs that, though they decide, name somebody: "authorizes the Director to"."""
        return frozenset(self.texts("granting"))

    @cached_property
    def asking_nobody(self) -> frozenset[str]:
        """Give the last words of verbs that name what is to be done, and nobody who is to do it."""
        return frozenset(self.texts("asking-nobody"))

    @cached_property
    def pronouns(self) -> frozenset[str]:
        """Give the words before a verb with which nobody is named."""
        return frozenset(self.texts("pronouns"))

    @cached_property
    def asides(self) -> frozenset[str]:
        """Give the words with which it goes on after a name and a comma where no further name follows."""
        return frozenset((*self.texts("asides"), *self.small))

    @cached_property
    def budgets(self) -> tuple[re.Pattern[str], ...]:
        """Give the patterns, over smooth letters, of a year for which a text has a budget."""
        return tuple(re.compile(_form(words, self.gaps()), re.IGNORECASE) for words in self.texts("budgets"))

    @cached_property
    def after_forecasts(self) -> re.Pattern[str]:
        """Give what stands before a year in which something is only foreseen."""
        words = self.texts("forecast")
        return re.compile(rf"\b{_either(map(re.escape, words))}\b(?:[^.;]|\.\d)*$") if words else _NEVER

    @cached_property
    def after_happening(self) -> re.Pattern[str]:
        """Give what stands before a rhythm in which something merely happens: to whom, or how much; no act between."""
        words, act = self.texts("happening"), _either(map(re.escape, self.texts("before-acts")))
        return re.compile(rf"\b{_either(map(re.escape, words))}\b(?:(?!\s{act}\s)[^.;:,])*$") if words else _NEVER

    @cached_property
    def looks_ahead(self) -> re.Pattern[str]:
        """Give the smooth words with which a time looks ahead: it is not that of a deed, whatever stands before it."""
        words = self.texts("ahead")
        return re.compile(_either(re.escape(smooth(word)) for word in words), re.IGNORECASE) if words else _NEVER

    @cached_property
    def after_done(self) -> re.Pattern[str]:
        """Give what stands before the time of a deed: the word for what was done, and then only names."""
        return self._after("done")

    @cached_property
    def after_deeds(self) -> re.Pattern[str]:
        """Give what stands before the time of a deed that is only noted: its name, and then only names."""
        return self._after("deeds")

    def _after(self, which: str) -> re.Pattern[str]:
        small = _either(map(re.escape, self.texts("small")))
        ahead = "".join(rf"(?<!\b{re.escape(word)} )" for word in self.texts("still-to-come"))
        words = self.texts(which)
        names = rf"(?:,? (?:{small}|[A-ZÉ\d][\w’()/.-]*))*,?$"  # noqa: RUF001 (a printed apostrophe)
        return re.compile(rf"{ahead}\b{_either(map(re.escape, words))}\b{names}") if words else _NEVER

    def texts(self, name: str) -> list[str]:
        """Give the words of a list of the file; none where it has no such list."""
        listed = self.data.get(name, [])
        return [str(one) for one in listed] if isinstance(listed, list) else []

    def _units(self) -> dict[str, list[str]]:
        units = self.data["units"]
        return {str(name): [squeeze(str(one)) for one in each] for name, each in _items(units)}


def language_of(content: str, path: Path) -> str:
    """Give the language of a text by its small words; BadInput where it is written in none that the house knows."""
    words = _WORD.findall(content.lower())
    common = {name: set(Tongue(_data(name), ()).texts("common")) for name in _known()}
    counts = {name: sum(map(small.__contains__, words)) for name, small in common.items()}
    found = max(sorted(counts), key=lambda name: counts[name])
    if len(words) > _ENOUGH and counts[found] < len(words) * _SHARE:
        raise BadInput(
            f"{path} seems to be in no language with a list of phrases ({', '.join(_known())}); if it is in one of"
            " them all the same, say so with --language"
        )
    return found if counts[found] else _DEFAULT


def _known() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@lru_cache(maxsize=4)
def tongue(language: str) -> Tongue:
    """Read what the house knows of a language, named as its file; BadInput where it knows nothing of it."""
    known = _known()
    if language not in known:
        raise BadInput(f"{language!r} is no language with a list of phrases; there are {', '.join(known)}")
    data = _data(language)
    bare = Tongue(data, ())
    found = [_sought(bare, words, sort, rank) for sort in SORTS for rank, words in _ranked(data[sort])]
    return Tongue(data, tuple(sorted(found, key=lambda one: (-len(one.words), one.words))))


@lru_cache(maxsize=4)
def _data(language: str) -> Mapping[str, object]:
    document = read(_FOLDER / f"{language}.yaml")
    data = plain(document.root)
    if document.problems or not isinstance(data, dict):
        raise BadFile(document.problems or [Problem(document.root.place, "no phrases")])
    return data


def _items(data: object) -> Iterable[tuple[object, list[object]]]:
    return data.items() if isinstance(data, dict) else ()


def _ranked(data: object) -> Iterator[tuple[str, str]]:
    yield from ((str(rank), str(one)) for rank, each in _items(data) for one in each)


def _sought(bare: Tongue, words: str, sort: str, rank: str) -> Sought:
    """Make a phrase of a file ready to be sought."""
    goes_on = words.endswith("*")
    form = _form(words.removesuffix("*"), bare.gaps())
    pattern = re.compile(form, re.IGNORECASE) if _CAPITALS in form else re.compile(form.lower())
    return Sought(words, sort, _RANKED_AS.get(rank, rank), pattern, goes_on, rank == UNLESS_NOTED, _FIRST[rank])


def _form(form: str, gaps: Mapping[str, str]) -> str:
    """Make the pattern of a form: `{gap}`, `*` for a word or a few, `[left out at will]`, `(either|or)`."""
    found, last = "", 0
    form = _CHOICE.sub(lambda choice: f"({'|'.join(sorted(choice[1].split('|'), key=len, reverse=True))})", form)
    for sign in _FORM.finditer(form):
        found += re.escape(smooth(form[last : sign.start()])) + (gaps[sign[1]] if sign[1] else _SIGNS[sign[2]])
        last = sign.end()
    return found + re.escape(smooth(form[last:]))


def _pattern(form: str, gaps: Mapping[str, str]) -> str:
    """Put patterns into the gaps of a form, and take all else by its letters."""
    found, last = "", 0
    for gap in _GAP.finditer(form):
        found += re.escape(squeeze(form[last : gap.start()]).casefold()) + gaps[gap[1] or gap[2]]
        last = gap.end()
    return found + re.escape(squeeze(form[last:]).casefold())


def _either(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(patterns, key=len, reverse=True))})"
