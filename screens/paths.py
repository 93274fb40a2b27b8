"""Paths as people write them: the home folder as ``~``."""

from __future__ import annotations

from pathlib import Path


def shown_path(path: Path) -> str:
    """Return a path with the home folder as ``~``."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)


def with_short_home(sentence: str) -> str:
    """Return a sentence with the home folder of its paths as ``~``, where a shell knows that.

    A quoted path stays whole, for a shell takes the tilde in it as a letter.
    """
    home = str(Path.home())
    return sentence if "'" in sentence or home == "/" else sentence.replace(f"{home}/", "~/")
