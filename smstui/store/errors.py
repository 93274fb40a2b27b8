"""Everything that can go wrong with the store, each in one plain sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smstui.errors import SmstuiError
from smstui.i18n import N_

if TYPE_CHECKING:
    from smstui.store.references import Use


class StoreError(SmstuiError):
    """Base of the store's errors."""

    title = N_("Trouble with the store")


class StoreMissing(StoreError):
    """There is no file where the store should be."""

    title = N_("No store here")


class StoreExists(StoreError):
    """A file is there already; nothing is overwritten."""

    title = N_("There is a file already")


class NotAStore(StoreError):
    """The file is something else."""

    title = N_("Not a store")


class WrongPassphrase(StoreError):
    """The passphrase does not open the file."""

    title = N_("Wrong passphrase")


class NewerSchema(StoreError):
    """A later version of the program has written the file."""

    title = N_("Newer store")


class DamagedStore(StoreError):
    """The file was cut short, or a page of it was altered."""

    title = N_("Damaged store")


class ReadOnlyStore(StoreError):
    """The file or its folder cannot be written."""

    title = N_("Read-only store")


class NoAccess(StoreError):
    """The file cannot be reached or read with the rights of this user."""

    title = N_("No access")


class LoosePermissions(StoreError):
    """Others can reach the file; the message holds the command that mends it."""

    title = N_("Open to others")


class DiskFull(StoreError):
    """There is no room left to write; what was there before is whole."""

    title = N_("No room on the disk")


class DiskFault(StoreError):
    """Reading or writing fails for another reason: a quota, a limit, a fault of the disk."""

    title = N_("Trouble with the disk")


class StoreLocked(StoreError):
    """Another program holds the store for longer than the busy time-out."""

    title = N_("Store in use")


class NameTaken(StoreError):
    """Another record has that name; case does not matter."""

    title = N_("Name in use")


class NotFound(StoreError):
    """There is no such record, or no longer."""

    title = N_("Not there")


class InUse(StoreError):
    """Something refers to the record; the message names what, ``users`` holds them."""

    title = N_("In use")

    def __init__(self, message: str, *, users: Sequence[Use] = ()) -> None:
        self.users = tuple(users)
        super().__init__(message)


class OtherEnvironment(StoreError):
    """The record names one of another environment; the message says which."""

    title = N_("Another environment")


class WrongState(StoreError):
    """The record is in a state in which this cannot be done; the message says which."""

    title = N_("Not now")


class StaleRevision(StoreError):
    """The record was changed elsewhere since it was read; ``current`` is how it is now."""

    title = N_("Changed elsewhere")

    def __init__(self, message: str, *, current: Any) -> None:
        self.current = current
        super().__init__(message)
