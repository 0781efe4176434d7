"""What `duewatch run` tells while it runs: one JSON object a line, on standard error.

Says what happened, with names of channels and numbers; never an address, a body, a secret or what a far side
answered. An error is told by its kind and place, for its text may hold any of these.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from duewatch.engine.problems import BadFile, DuewatchError

if TYPE_CHECKING:
    from collections.abc import Mapping

LOGGER: Final = logging.getLogger("duewatch")
_DATA: Final = "duewatch_data"


def set_up(stream: TextIO) -> None:
    """Let our lines, and the warnings of libraries, go to `stream` as JSON; once for a process."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    LOGGER.setLevel(logging.INFO)


def tell(event: str, *, level: int = logging.INFO, **data: object) -> None:
    """Write one line: what happened, and its numbers."""
    LOGGER.log(level, event, extra={_DATA: data})


def tell_trouble(event: str, error: BaseException, **data: object) -> None:
    """Write one line about an error."""
    tell(event, level=logging.ERROR, **data, **described(error))


def described(error: BaseException) -> Mapping[str, object]:
    """Give kind and place of an error; its words only where they are ours and quote nothing."""
    if isinstance(error, BadFile):
        return {"error": "BadFile", "places": sorted({str(problem.place) for problem in error.problems})}
    if isinstance(error, DuewatchError):
        return {"error": type(error).__name__, "words": str(error)}
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "where": where}


class JsonLines(logging.Formatter):
    """One record as one line of JSON: when, how grave, what, and the numbers."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line. Of a library's record only its name and the template of its message are told."""
        own = record.name == LOGGER.name
        head = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if own else str(record.msg),
        }
        data = dict(getattr(record, _DATA, {})) if own else {"library": record.name}
        return json.dumps({**head, **data}, ensure_ascii=False, default=str)
