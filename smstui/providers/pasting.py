"""What a paste would fill into a form, as an offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.providers.curl import Command, is_placeholder
from smstui.providers.fields import FieldSpec, Offer, Value, is_empty
from smstui.text import clean

_VARIABLES = N_("What stands as a variable in the command is left out.")
_SECRET = N_("{name} looks like a secret and is left out.")


def from_command(
    specs: Mapping[str, FieldSpec],
    changes: Mapping[str, Value],
    command: Command,
    remarks: Iterable[str] = (),
) -> Offer | None:
    """Return the offer to fill a form from a pasted command; None when it fills nothing.

    Args:
        specs: the fields of the form.
        changes: field names to values; empty ones are left out.
        command: the command; files that it names are told as not read.
        remarks: what of the command is not followed, as sentences.
    """
    filled = {name: value for name, value in changes.items() if not is_empty(value)}
    if not filled:
        return None
    label = _("Fill {fields} from the pasted command").format(fields=_labels(specs, filled))
    told = dict.fromkeys((*remarks, *_variables(command), *_unread(command)))
    return Offer(label, filled, " ".join(told))


def from_value(specs: Mapping[str, FieldSpec], name: str, value: Value) -> Offer:
    """Return the offer to put a bare id or key where it belongs."""
    label = _("Put it into {field}").format(field=_(specs[name].label))
    return Offer(label, {name: value})


def known(value: str) -> str:
    """Return a value; empty when it only stands for one that the reader has to fill in."""
    return "" if is_placeholder(value) else value


def known_secret(secret: SecretStr | None) -> SecretStr | None:
    """Return a secret; None when it only stands for one that the reader has to fill in."""
    return secret if secret is not None and known(secret.get_secret_value()) else None


def left_out(name: str) -> str:
    """Return the sentence about a secret that would be seen where it stands."""
    return _(_SECRET).format(name=clean(name)[:60])


def _labels(specs: Mapping[str, FieldSpec], filled: Mapping[str, Value]) -> str:
    return ", ".join(_(spec.label) for name, spec in specs.items() if name in filled)


def _variables(command: Command) -> Iterator[str]:
    has_one = command.password is not None and known_secret(command.password) is None
    token = command.header("authorization").rpartition(" ")[2]
    if has_one or is_placeholder(command.user) or is_placeholder(token):
        yield _(_VARIABLES)


def _unread(command: Command) -> Iterator[str]:
    for name in command.unread:
        yield _("The file {name} is not read.").format(name=clean(name)[:60])
