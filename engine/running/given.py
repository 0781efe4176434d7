"""Finds what was given: the variables of the environment and the keys of the TOML file, as text with its place.

Knows which names there are, not what their values mean (`values.py` reads those).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from duewatch.engine.problems import Place, Problem

PREFIX: Final = "DUEWATCH_"
FOR_TESTS: Final = "DUEWATCH_TEST_"  # read by the tests alone
OTHERS: Final = ("DUEWATCH_CONFIG", "DUEWATCH_DEBUG", "DUEWATCH_NOW")  # no settings, but ours
SECRETS: Final = ("smtp_password", "slack_webhook_url", "webhook_url", "webhook_secret", "ping_url")
PASSWORD_IN_URL: Final = re.compile(r"//[^/@]*:[^/@]+@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One setting as somebody gave it."""

    name: str
    text: str | tuple[str, ...]  # a tuple only from TOML
    place: Place
    base: Path  # relative paths count from here


def collect(
    environ: Mapping[str, str], folder: Path, names: Collection[str], problems: list[Problem]
) -> dict[str, Given]:
    """Give every setting among `names` that is given, the environment's before the file's."""
    from_environment = _from_environment(environ, folder, names, problems)
    from_file = _from_file(_config(environ, folder, problems), names, problems)
    # A password of the environment replaces the file's reference to one, and the reverse.
    replaced = {name.removesuffix("_file") for name in from_environment}
    return {name: value for name, value in from_file.items() if name.removesuffix("_file") not in replaced} | (
        from_environment
    )


def _from_environment(
    environ: Mapping[str, str], folder: Path, names: Collection[str], problems: list[Problem]
) -> dict[str, Given]:
    variables = {PREFIX + name.upper(): name for name in names}
    found = {}
    for variable in sorted(v for v in environ if v.startswith(PREFIX) and not v.startswith(FOR_TESTS)):
        if variable in variables and environ[variable]:
            name = variables[variable]
            found[name] = Given(name=name, text=environ[variable], place=Place(variable), base=folder)
        elif variable not in variables and variable not in OTHERS:
            problems.append(_unknown(Place(variable), variable, [*variables, *OTHERS]))
    return found


def _config(environ: Mapping[str, str], folder: Path, problems: list[Problem]) -> Path | None:
    """Find the TOML file, if there is one."""
    named = environ.get("DUEWATCH_CONFIG", "")
    if not named:
        default = folder / "duewatch.toml"
        return default if default.is_file() else None
    config = folder / named
    if config.is_file():
        return config
    problems.append(Problem(Place("DUEWATCH_CONFIG"), f"there is no file {config}", "name an existing TOML file"))
    return None


def _from_file(config: Path | None, names: Collection[str], problems: list[Problem]) -> dict[str, Given]:
    if config is None:
        return {}
    import tomllib

    try:
        source = config.read_bytes().decode("utf-8")
        content = tomllib.loads(source)
    except OSError as error:
        problems.append(Problem(Place(str(config)), f"cannot be read ({error.strerror})", "let this user read it"))
        return {}
    except UnicodeDecodeError:
        problems.append(Problem(Place(str(config)), "is not UTF-8", "save it as UTF-8"))
        return {}
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(_where(config, str(error)), f"is not TOML: {error}"))
        return {}
    found = {}
    for key, value in content.items():
        place = Place(str(config), *_position(source, key))
        wrong = _refusal(place, key, value, names)
        if wrong:
            problems.append(wrong)
        else:
            text = tuple(map(str, value)) if isinstance(value, list) else str(value)
            found[key] = Given(name=key, text=text, place=place, base=config.absolute().parent)
    return found


def _refusal(place: Place, key: str, value: object, names: Collection[str]) -> Problem | None:
    """Say why a key of the file cannot stand, if so."""
    if key in SECRETS:
        right = f"put it in a file that only this user can read, and its path here as {key}_file"
        return Problem(place, f"{key} is a secret and may not stand in a settings file", right)
    if key not in names:
        return _unknown(place, key, [name for name in names if name not in SECRETS])
    if key == "database_url" and PASSWORD_IN_URL.search(str(value)):
        right = "give the whole URL in the environment, as DUEWATCH_DATABASE_URL"
        return Problem(place, "database_url holds a password, which may not stand in a settings file", right)
    if isinstance(value, bool | dict) or (isinstance(value, list) and not all(isinstance(v, str) for v in value)):
        return Problem(place, f"{key} wants a text, a number or a list of texts", f'write {key} = "..."')
    return None


def _unknown(place: Place, name: str, known: Collection[str]) -> Problem:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1, cutoff=0.5)
    right = f"did you mean {near[0]}?" if near else "the settings are " + ", ".join(sorted(known))
    return Problem(place, f"there is no setting {name}", right)


def _position(source: str, key: str) -> tuple[int, int]:
    """Find line and column of a top-level key; tomllib does not tell them."""
    found = re.search(rf"^[ \t]*\[?[\"']?(?={re.escape(key)}\b)", source, re.MULTILINE)
    if not found:
        return 0, 0
    return source.count("\n", 0, found.end()) + 1, found.end() - source.rfind("\n", 0, found.end())


def _where(config: Path, message: str) -> Place:
    found = re.search(r"at line (\d+), column (\d+)", message)
    return Place(str(config), int(found[1]), int(found[2])) if found else Place(str(config))
