"""Names that must be declared somewhere, and circles that must not be."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from duewatch.engine.encoding import provisions
from duewatch.engine.encoding.graphs import circles
from duewatch.engine.encoding.momenttext import ARMED, base_name, is_shared
from duewatch.engine.encoding.notebook import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from duewatch.engine.encoding.declared import Declared
    from duewatch.engine.encoding.index import Index
    from duewatch.engine.encoding.notebook import Notebook, Reference
    from duewatch.engine.problems import Place
    from duewatch.engine.words import Moment, Norm, Setting

_SURE = 0.8  # how like a declared name words for people must be to count as a slip of the pen
_LIKE = 0.76  # how like a name must be to be suggested: `a15` is not `a54`


def check_references(declared: Declared, index: Index, book: Notebook) -> None:
    """Look up every name that was noted while reading."""
    checks: dict[str, Callable[[Reference, Declared, Index, Notebook], None]] = {
        "moment": _moment,
        "period": _period,
        "party": _party,
        "perhaps-party": _perhaps_party,
        "entry": _entry,
        "link": _link,
        "perhaps-link": _perhaps_link,
        "question": _question,
    }
    for reference in dict.fromkeys(book.references):
        with book.about(reference.label):
            checks[reference.sort](reference, declared, index, book)


def _meant(name: str, names: Iterable[str], otherwise: str = "") -> str:
    return did_you_mean(name, names, otherwise, _LIKE)


def ends(periods: Iterable[str]) -> tuple[str, ...]:
    """The moments that every period gives: `term.start`, `term.end`."""
    return tuple(f"{name}.{end}" for name in periods for end in ("start", "end"))


def _recesses(declared: Declared) -> tuple[str, ...]:
    """The moments that a session gives besides: the end of its main part."""
    return tuple(f"{name}.recess" for name, one in declared.periods.items() if one.recess is not None or one.session)


def _moment(one: Reference, declared: Declared, _: Index, book: Notebook) -> None:
    names = (*declared.events, *ends(declared.periods), *_recesses(declared))
    if one.name in names or is_shared(one.name.rpartition(".")[0]) or declared.opaque & {"events", "periods"}:
        return
    if one.name in declared.periods:
        book.wrong(
            one.place, f"`{one.name}` is a period, not a moment", f"write `{one.name}.start` or `{one.name}.end`"
        )
        return
    if one.name == ARMED:
        right = "name the event itself: what arms the norm is `armed` only in `after: armed`"
    else:
        right = _meant(one.name, names, "declare it under `events` or `periods`")
    book.wrong(one.place, f"no event or period `{one.name}`", right)


def _period(one: Reference, declared: Declared, _: Index, book: Notebook) -> None:
    if one.name in declared.periods or "periods" in declared.opaque:
        return
    stem = one.name.removesuffix(".start").removesuffix(".end")
    meant = (
        f"write `{stem}`"
        if stem in declared.periods
        else _meant(one.name, declared.periods, "declare it under `periods`")
    )
    book.wrong(one.place, f"no period `{one.name}`", meant)


def _party(one: Reference, declared: Declared, _: Index, book: Notebook) -> None:
    if one.name not in declared.parties and "parties" not in declared.opaque:
        book.wrong(
            one.place, f"no party `{one.name}`", _meant(one.name, declared.parties, "declare it under `parties`")
        )


def _perhaps_party(one: Reference, declared: Declared, _: Index, book: Notebook) -> None:
    if one.name not in declared.parties and " " not in one.name and _is_slip(one.name, declared.parties):
        book.wrong(one.place, f"no party `{one.name}`", _meant(one.name, declared.parties))


def _is_slip(name: str, names: Iterable[str]) -> bool:
    return bool(difflib.get_close_matches(name, names, n=1, cutoff=_SURE))


def _entry(one: Reference, declared: Declared, index: Index, book: Notebook) -> None:
    if one.name in index.entries or "obligations" in declared.opaque:
        return
    if one.name in index.groups:
        book.wrong(one.place, f"`{one.name}` is a group", "name one of its entries")
    elif not _may_be_unread(one.name, index, book):
        book.wrong(
            one.place,
            f"no entry `{one.name}`",
            _meant(one.name, index.entries, "write the whole id of an entry, its groups included"),
        )


def _link(one: Reference, declared: Declared, index: Index, book: Notebook) -> None:
    if one.name in index.entries or one.name in index.groups or "obligations" in declared.opaque:
        return
    if provisions.is_provision(one.name):
        if not index.knows_provision(one.name):
            book.note(one.place, f"`{one.name}` is not encoded yet")
    elif not _may_be_unread(one.name, index, book):
        book.wrong(
            one.place,
            f"no entry, group or provision `{one.name}`",
            _meant(one.name, index.names, "write a whole id, its groups included"),
        )


def _may_be_unread(name: str, index: Index, book: Notebook) -> bool:
    """Say whether the name may belong to an entry whose id could not be read: said there already."""
    return book.has_unread and not _is_slip(name, index.names)


def _perhaps_link(one: Reference, _: Declared, index: Index, book: Notebook) -> None:
    if one.name in index.entries or one.name in index.groups:
        return
    first = provisions.parts(one.name)[:1]
    if provisions.is_provision(one.name):
        is_ours = any(first == provisions.parts(own)[:1] for own in index.provisions)
        if is_ours and not index.knows_provision(one.name):
            book.note(one.place, f"`{one.name}` is not encoded yet")
    elif "." in one.name and _is_slip(one.name, index.entries):
        book.wrong(one.place, f"no entry `{one.name}`", _meant(one.name, index.entries))


def _question(one: Reference, declared: Declared, _: Index, book: Notebook) -> None:
    if one.name not in declared.questions and "questions" not in declared.opaque:
        book.wrong(
            one.place,
            f"no question `{one.name}`",
            _meant(one.name, declared.questions, "declare it under `questions`"),
        )


# ------------------------------------------------------------------ circles
def check_circles(declared: Declared, index: Index, norms: Mapping[str, tuple[Norm, ...]], book: Notebook) -> None:
    """Note every circle: of members, of consequences, of replacements, of what comes first, of periods and events."""
    members = {name: party.members for name, party in declared.parties.items()}
    _note(members, "parties are members of each other", lambda name: declared.places["parties", name], book)
    place = _places_of(index)
    _note(_armed(norms), "norms arm one another", place("armed-by"), book)
    _note(
        {name: [norm.replaced_by for norm in each] for name, each in norms.items()},
        "norms replace one another",
        place("after-breach"),
        book,
    )
    follows = {name: index.entries[name].fields.texts("follows") for name in norms}
    _note(follows, "norms follow one another", place("follows"), book)
    _check_moments(declared, norms, book)


def _armed(norms: Mapping[str, tuple[Norm, ...]]) -> dict[str, list[str]]:
    return {
        name: list(dict.fromkeys(source for norm in each if norm.armed_by for source in norm.armed_by.sources))
        for name, each in norms.items()
    }


def _places_of(index: Index) -> Callable[[str], Callable[[str], Place]]:
    """For a field: the place where an entry gives it, under whichever reading does."""

    def place(field: str) -> Callable[[str], Place]:
        def of(name: str) -> Place:
            given = (variant.fields for variant in index.variants[name] if variant.fields.has(field))
            return next(given, index.entries[name].fields).place_of(field)

        return of

    return place


def _note(graph: Mapping[str, Iterable[str]], wrong: str, place: Callable[[str], Place], book: Notebook) -> None:
    for path in circles(graph):
        book.wrong(place(path[0]), f"{wrong} in a circle: {' -> '.join(path)}", "break it at one of them")


def _check_moments(declared: Declared, norms: Mapping[str, tuple[Norm, ...]], book: Notebook) -> None:
    settings = dict.fromkeys([(), *(norm.settings for each in norms.values() for norm in each)])
    seen: set[frozenset[str]] = set()
    for one in settings:
        for path in circles(_moments(declared, one)):
            if frozenset(path) not in seen:
                seen.add(frozenset(path))
                book.wrong(
                    _moment_place(path, declared),
                    f"moments hang on one another in a circle: {' -> '.join(path)}",
                    "give one of them a date",
                )


def _moments(declared: Declared, settings: tuple[Setting, ...]) -> dict[str, tuple[str, ...]]:
    """Each moment with those it is counted from, under what an answer sets."""
    graph: dict[str, tuple[str, ...]] = dict.fromkeys(declared.events, ())
    for name, period in declared.periods.items():
        graph[f"{name}.start"] = _bases(period.start)
        graph[f"{name}.end"] = (f"{name}.start",) if period.length is not None else _bases(period.until)
        graph[f"{name}.recess"] = _bases(period.recess)
    for one in settings:
        if one.moment is not None:
            graph[one.target] = _bases(one.moment)
    return graph


def _bases(moment: Moment | None) -> tuple[str, ...]:
    name = base_name(moment) if moment is not None else ""
    return (name,) if name else ()


def _moment_place(path: tuple[str, ...], declared: Declared) -> Place:
    names = [name.removesuffix(".start").removesuffix(".end").removesuffix(".recess") for name in path]
    return next(
        place
        for (section, name), place in declared.places.items()
        if section in {"events", "periods"} and name in names
    )
