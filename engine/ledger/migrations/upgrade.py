"""Walking to the newest schema, in the caller's transaction. The only module that starts Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Bring the schema to head."""
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def knows(revision: str) -> bool:
    """Tell whether a revision is one of ours."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(configuration()).walk_revisions())


def configuration() -> Config:
    """Give Alembic's configuration: the scripts stand beside this file, in the checkout and in the wheel."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
