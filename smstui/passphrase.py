"""Passphrases: where they come from, and how much they are worth."""

from __future__ import annotations

import math
import re
import shlex
import stat
from collections.abc import MutableMapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.store.errors import LoosePermissions, StoreError

if TYPE_CHECKING:
    from pydantic import SecretStr

MIN_LENGTH = 12
FILE_VARIABLE = "SMSTUI_PASSPHRASE_FILE"
VALUE_VARIABLE = "SMSTUI_PASSPHRASE"


class InvalidPassphrase(SmstuiError):
    """A new passphrase is too short to be taken."""

    title = N_("Passphrase too short")


class Level(StrEnum):
    """How strong a passphrase is, as a word for the screen."""

    TOO_SHORT = N_("too short")
    WEAK = N_("weak")
    FAIR = N_("fair")
    GOOD = N_("good")
    STRONG = N_("strong")


@dataclass(frozen=True, slots=True)
class Strength:
    """What an estimate says of a passphrase: a level, and one sentence for the person."""

    level: Level
    sentence: str

    @property
    def word(self) -> str:
        """The level in the language in use."""
        return _(self.level.value)


_SENTENCES = {
    Level.WEAK: N_("It is easy to guess. Several unrelated words, or a password manager, do more."),
    Level.FAIR: N_("It withstands casual guessing, not a patient attacker. Make it longer."),
    Level.GOOD: N_("It withstands much guessing, if it is used nowhere else."),
    Level.STRONG: N_("As far as can be told it is hard to guess, if it is used nowhere else."),
}

_COMMON_WORDS = """
    123 1234 12345 123456 abc abc123 access account admin administrator adobe apple autumn baseball
    batman battery bonjour change changeme charlie ciao computer correct default demo dragon
    football freedom friday god hello horse hunter internet italia january journey juventus king
    letmein login london love master message messaging michael milano monday monkey napoli orange
    pass passphrase password passwort phrase pippo please princess provider qwerty querty root
    roma secret server shadow sinch smith smstui soccer spring staple star starwars summer sunday
    sunshine superman system temp temporary test trustno twilio infobip unlock user welcome
    whatever winter work world
""".split()  # noqa: SIM905 - a hundred quoted words would hide them
_WORD_BITS = 8.0
_PATTERN_BITS = 6.0
_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "1234567890")
_LEET = str.maketrans("013457@$!", "oieastasi")
_REPEAT = re.compile(r"([^\n]{1,8}?)\1{2,}|([^\n]{3,})\2")
_LETTER_BITS = 2.5
"""What one letter of ordinary words is worth; more would promise more than it keeps."""


def require_long_enough(passphrase: SecretStr) -> None:
    """Refuse a new passphrase of fewer than 12 characters.

    Raises:
        InvalidPassphrase: it is too short.
    """
    if len(passphrase.get_secret_value()) < MIN_LENGTH:
        raise InvalidPassphrase(_too_short())


def judge(passphrase: SecretStr) -> Strength:
    """Return an honest, rough estimate of how hard a passphrase is to guess.

    It counts what an attacker tries first (common words, runs such as ``abcd`` or ``qwerty``,
    repeats) for little, letters of words for less than random signs. It knows no dictionary of
    names or quotations, so it says "as far as can be told" even of the best.
    """
    if len(passphrase.get_secret_value()) < MIN_LENGTH:
        return Strength(Level.TOO_SHORT, _too_short())
    bits = _bits(passphrase.get_secret_value())
    level = next(
        (
            level
            for limit, level in ((40, Level.WEAK), (60, Level.FAIR), (80, Level.GOOD))
            if bits < limit
        ),
        Level.STRONG,
    )
    return Strength(level, _(_SENTENCES[level]))


def read_passphrase(file: Path | None, environ: MutableMapping[str, str]) -> SecretStr | None:
    """Return the passphrase that a file or the environment gives; None when neither does.

    In order: the file, the file that ``SMSTUI_PASSPHRASE_FILE`` names, ``SMSTUI_PASSPHRASE``.
    The last is removed from the environment in any case, so that no child inherits it.

    Raises:
        LoosePermissions: others can reach the file; the message holds the command that mends it.
        StoreError: the file cannot be read, or its first line is empty.
    """
    from pydantic import SecretStr

    value = SecretStr(environ.pop(VALUE_VARIABLE, ""))
    if file is None and environ.get(FILE_VARIABLE):
        file = Path(environ[FILE_VARIABLE])
    if file is not None:
        return _from_file(file.expanduser())
    return value if value.get_secret_value() else None


def _from_file(path: Path) -> SecretStr:
    """Return the first line of a file; a pipe, as the shell's ``<(…)`` makes one, will do."""
    from pydantic import SecretStr

    title = N_("Passphrase file")
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            if path.is_file() and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise LoosePermissions(
                    _(
                        "{path} is open to other users (mode {mode:04o}). "
                        "Close it to them with: {command}"
                    ).format(path=path, mode=mode, command=f"chmod 600 {shlex.quote(str(path))}")
                )
            line = SecretStr(file.readline().rstrip("\r\n"))
    except OSError as error:
        raise StoreError(
            _("The passphrase file {path} cannot be read: {reason}.").format(
                path=path, reason=error.strerror
            ),
            title=title,
        ) from error
    if not line.get_secret_value():
        raise StoreError(
            _("The first line of {path} is empty; the passphrase belongs there.").format(path=path),
            title=title,
        )
    return line


def _too_short() -> str:
    return _("A passphrase has {least} characters or more.").format(least=MIN_LENGTH)


def _bits(text: str) -> float:
    """Return a low estimate of the guesses a passphrase takes, as a power of two."""
    bits = 0.0
    rest = text
    plain = text.casefold().translate(_LEET)
    if len(plain) == len(rest):
        for word in sorted(_COMMON_WORDS, key=len, reverse=True):
            while len(word) > 3 and (found := plain.find(word)) >= 0:
                # A line end stands for what is counted already; no pattern reaches across it.
                rest = rest[:found] + "\n" + rest[found + len(word) :]
                plain = plain[:found] + "\n" + plain[found + len(word) :]
                bits += _WORD_BITS
    while repeat := _REPEAT.search(rest):
        # The unit stays and is counted once.
        unit = repeat.group(1) or repeat.group(2)
        rest = rest[: repeat.start()] + unit + "\n" + rest[repeat.end() :]
        bits += _PATTERN_BITS
    for part in rest.split("\n"):
        bits += _part_bits(part)
    return bits


def _part_bits(text: str) -> float:
    """Return the worth of text without words and repeats: runs for little, the rest by its kind."""
    bits = 0.0
    start = at = 0
    while at < len(text):
        end = _run_end(text, at)
        if end - at >= 4:
            bits += _signs_bits(text[start:at]) + _PATTERN_BITS
            start = at = end
        else:
            at += 1
    return bits + _signs_bits(text[start:])


def _run_end(text: str, start: int) -> int:
    """Return where a run such as ``abcd``, ``4321`` or ``qwer`` that begins at start ends."""
    longest = start + 1
    for step in (1, -1):
        end = start + 1
        while end < len(text) and _follows(text[end - 1], text[end], step):
            end += 1
        longest = max(longest, end)
    return longest


def _follows(first: str, second: str, step: int) -> bool:
    first, second = first.lower(), second.lower()
    if len(first) == len(second) == 1 and ord(second) - ord(first) == step:
        return True
    return any((first + second)[::step] in row for row in _KEY_ROWS)


def _signs_bits(text: str) -> float:
    """Return the worth of signs without a pattern: letters of one case as words, others more."""
    if not text:
        return 0.0
    if text.isalpha() and (text[1:].islower() or text.isupper() or text.islower()):
        return _LETTER_BITS * len(text)
    spaced = text.split()
    if len(spaced) > 1:
        return sum(map(_signs_bits, spaced))
    kinds = ((str.islower, 26), (str.isupper, 26), (str.isdigit, 10), (_is_sign, 33))
    alphabet = sum(size for is_kind, size in kinds if any(map(is_kind, text)))
    distinct = len(set(text))
    return distinct * math.log2(max(alphabet, 2)) + (len(text) - distinct)


def _is_sign(character: str) -> bool:
    return not character.isalnum()
