"""What can be wrong with a bundle, each in one plain sentence."""

from __future__ import annotations

from collections.abc import Sequence

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.text import clean


class BundleError(SmstuiError):
    """Base of the errors of bundles; whenever one is raised, nothing was changed."""

    title = N_("Trouble with the bundle")


class NotABundle(BundleError):
    """The file is something else."""

    title = N_("Not a bundle")


class DamagedBundle(BundleError):
    """The file was cut short or edited."""

    title = N_("Damaged bundle")


class NewerBundle(BundleError):
    """A later version of the program wrote it."""

    title = N_("Newer bundle")


class WrongBundlePassphrase(BundleError):
    """The passphrase does not open it."""

    title = N_("Wrong passphrase")


class BundleExists(BundleError):
    """A file is there already, and is not to be replaced."""

    title = N_("There is a file already")


class NotImported(BundleError):
    """What the bundle says cannot be taken over; ``problems`` has a line for each reason."""

    title = N_("Nothing was imported")

    def __init__(self, problems: Sequence[str]) -> None:
        # They name what stands in the file, which may be anything.
        self.problems = tuple(clean(problem) for problem in problems)
        super().__init__("\n".join(self.problems))


class StoreMoved(BundleError):
    """The store was changed since the differences were looked at."""

    title = N_("Nothing was imported")


def newer(version: int) -> NewerBundle:
    """Return the error for a bundle of a later version."""
    return NewerBundle(
        _(
            "This bundle has version {version}, which this smstui does not know. "
            "Update smstui here, or export it again with this version there."
        ).format(version=version)
    )
