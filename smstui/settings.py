"""Where things are and how the console behaves: folders, language, environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smstui.errors import SmstuiError
from smstui.i18n import LANGUAGES, _

STORE_FILE = "smstui.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says.

    Attributes:
        store: path of the encrypted store (``SMSTUI_STORE``, else the user's data folder).
        state: folder for reports of crashes.
        language: ``en`` or ``it`` (``SMSTUI_LANG``, else the locale's, else English).
        environment: name of the environment to work in (``SMSTUI_ENVIRONMENT``); empty for the
            one that one was in last.
        lock_minutes: idle minutes until the console locks, 0 for never (``SMSTUI_LOCK_MINUTES``).
    """

    store: Path
    state: Path
    language: str
    environment: str
    lock_minutes: float


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings that an environment describes; makes no folder.

    Raises:
        SmstuiError: a variable holds something it cannot.
    """
    import platformdirs

    data = Path(platformdirs.user_data_dir("smstui", appauthor=False))
    state = Path(platformdirs.user_state_dir("smstui", appauthor=False))
    store = environ.get("SMSTUI_STORE")
    return Settings(
        store=Path(store).expanduser() if store else data / STORE_FILE,
        state=state,
        language=_language(environ),
        environment=environ.get("SMSTUI_ENVIRONMENT", "").strip(),
        lock_minutes=_minutes(environ.get("SMSTUI_LOCK_MINUTES", "10")),
    )


def _language(environ: Mapping[str, str]) -> str:
    for variable in ("SMSTUI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = environ.get(variable, "").partition("_")[0].partition(".")[0].lower()
        if code:
            return code if code in LANGUAGES else "en"
    return "en"


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes <= 1440:
        raise SmstuiError(
            _("SMSTUI_LOCK_MINUTES is a number of minutes from 0 (never) to 1440."),
            title=_("Setting not understood"),
        )
    return minutes
