"""What links may lead to: ids, groups and provisions of the entries, and each entry under its default reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duewatch.engine.encoding import provisions
from duewatch.engine.words import DUTIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duewatch.engine.encoding.entries import Entry
    from duewatch.engine.encoding.notebook import Notebook
    from duewatch.engine.encoding.readings import Variant


@dataclass(frozen=True, slots=True)
class Index:
    """Entries by id with their readings (the default first), and their groups."""

    entries: Mapping[str, Entry]
    variants: Mapping[str, Sequence[Variant]]
    groups: frozenset[str]
    provisions: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every id of an entry or a group."""
        return (*self.entries, *self.groups)

    def default(self, name: str) -> Variant:
        """Give an entry under its default reading."""
        return self.variants[name][0]

    def under(self, link: str) -> tuple[str, ...]:
        """Give the ids that an id, a group or a provision stands for, in the order of the file."""
        if link in self.entries:
            return (link,)
        if link in self.groups:
            return tuple(name for name, entry in self.entries.items() if link in entry.groups)
        return tuple(name for name, entry in self.entries.items() if provisions.at_or_under(entry.provision, link))

    def sources(self, link: str, *, besides: str) -> tuple[str, ...]:
        """Give the obligations under `link` that can be left undone, without the entry `besides` itself."""
        return tuple(name for name in self.under(link) if name != besides and _can_be_undone(self.default(name)))

    def knows_provision(self, link: str) -> bool:
        """Say whether some entry stands at, under or above this provision."""
        return any(
            provisions.at_or_under(one, link) or provisions.at_or_under(link, one) for one in self.provisions if one
        )


def _can_be_undone(variant: Variant) -> bool:
    fields = variant.fields
    return fields.text("kind") in DUTIES and fields.text("modality", "obligation") == "obligation"


def index_of(entries: Iterable[Entry], variants: Mapping[int, Sequence[Variant]], book: Notebook) -> Index:
    """Index entries by id; `variants` are by position. An id given twice is noted, and the first stands."""
    found: dict[str, Entry] = {}
    readings: dict[str, Sequence[Variant]] = {}
    listed = tuple(entries)
    groups = frozenset(group for entry in listed for group in entry.groups)
    for position, entry in enumerate(listed):
        if not entry.id:
            continue
        if entry.id in found:
            lines = f"lines {found[entry.id].place.line} and {entry.place.line}"
            with book.about(entry.id):
                book.wrong(entry.fields.place_of("id"), f"two entries have this id ({lines})", "give each its own")
            continue
        if entry.id in groups:
            with book.about(entry.id):
                book.wrong(entry.fields.place_of("id"), "a group has this name too", "give the entry another id")
        found[entry.id] = entry
        readings[entry.id] = variants[position]
    _check_former(found, book)
    return Index(found, readings, groups, tuple(dict.fromkeys(entry.provision for entry in listed)))


def _check_former(entries: Mapping[str, Entry], book: Notebook) -> None:
    """Note a former id that is still in use, or that two entries claim: what is recorded under it has one home."""
    claimed: dict[str, str] = {}
    for name, entry in entries.items():
        for former in entry.fields.texts("formerly"):
            place = entry.fields.place_of("formerly")
            with book.about(name):
                if former in entries:
                    book.wrong(place, f"`{former}` is still the id of an entry", "a former id is one that is no more")
                elif former in claimed:
                    right = "keep it with the entry that goes on"
                    book.wrong(place, f"`{former}` was formerly `{claimed[former]}` as well", right)
            claimed.setdefault(former, name)
