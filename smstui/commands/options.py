"""The arguments and options that commands have in common, each declared once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_name_argument = click.argument("name")
filter_option = click.option("--filter", "text", default="", help="Words that must occur.")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
production_option = click.option(
    "--yes-production",
    "production",
    default="",
    metavar="NAME",
    help="In production, its name: nobody is asked to type it then.",
)
"""Names production, for scripts; see `smstui.commands.common.confirm_production`."""
output_option = click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that does not exist yet; else stdout.",
)


def list_options(command: F) -> F:
    """Give a command what lists of records take: ``text`` and ``as_json``."""
    return filter_option(json_option(command))


def record_options(command: F) -> F:
    """Give a command what one about a single record takes: ``name`` and ``as_json``."""
    return _name_argument(json_option(command))


def import_options(command: F) -> F:
    """Give a command what an import takes: ``file``, ``replace`` and ``production``."""
    replace = click.option(
        "--replace", is_flag=True, help="Take over entries whose names exist already."
    )
    file = click.argument("file", type=click.File("r", encoding="utf-8"))
    return file(replace(production_option(command)))


def export_options(command: F) -> F:
    """Give a command what an export takes: ``names`` and ``output``."""
    return click.argument("names", nargs=-1)(output_option(command))


def delete_options(command: F) -> F:
    """Give a command what a deletion takes: ``name``, ``yes`` and ``production``."""
    return _name_argument(yes_option(production_option(command)))
