"""What the status of a channel configuration allows.

The rules are Adobe's (page on channel configurations): an active one goes on as it is until a
change to it has passed its checks; a deactivated one is neither changed nor deleted; while checks
run nothing is changed.
"""

from __future__ import annotations

from smstui.i18n import _
from smstui.store.channel_records import ChannelRecord, NewChannel, State
from smstui.store.errors import WrongState

IMMEDIATE = ("description", "tags")
"""Fields that are changed at once, whatever the status allows of the others."""


def refuse_busy(record: ChannelRecord) -> None:
    """Refuse to do anything while checks run.

    Raises:
        WrongState: they do.
    """
    if record.is_busy:
        raise WrongState(
            _("The checks of {name} are running. Wait until they are through.").format(
                name=record.name
            )
        )


def refuse_change(record: ChannelRecord, *, is_immediate: bool) -> None:
    """Refuse to change a configuration as if it were a draft.

    Args:
        record: the configuration.
        is_immediate: nothing changes that has to be checked.

    Raises:
        WrongState: its status does not allow it.
    """
    refuse_busy(record)
    if record.state is State.DEACTIVATED:
        said = _("{name} is deactivated and cannot be changed. Reactivate or duplicate it.")
        raise WrongState(said.format(name=record.name))
    if record.state is State.ACTIVE and not is_immediate:
        said = _("{name} is active: submit the change, so that it is checked first.")
        raise WrongState(said.format(name=record.name))


def refuse_fixed(record: ChannelRecord, new: NewChannel) -> None:
    """Refuse to change what is fixed while a configuration is active.

    Raises:
        WrongState: that differs.
    """
    was, becomes = record.fields.get("subdomain", ""), new.fields.get("subdomain", "")
    if (record.name, record.channel, was) != (new.name, new.channel, becomes):
        said = _("Name, channel and Subdomain of {name} cannot be changed while it is active.")
        raise WrongState(said.format(name=record.name))


def refuse_deletion(record: ChannelRecord) -> None:
    """Refuse to delete what is deactivated, or being checked.

    Raises:
        WrongState: it is.
    """
    refuse_busy(record)
    if record.state is State.DEACTIVATED:
        said = _("{name} is deactivated and cannot be deleted. Reactivate it first.")
        raise WrongState(said.format(name=record.name))
