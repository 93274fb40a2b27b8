"""Bundles as files: read with a limit, written for their owner alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from smstui.bundles.document import Bundle, from_json, to_json
from smstui.bundles.errors import BundleError, BundleExists, NotABundle, WrongBundlePassphrase
from smstui.bundles.sealing import is_sealed, look_at, seal, unseal
from smstui.bundles.sections.registry import sections
from smstui.i18n import N_, _
from smstui.store.errors import StoreError, StoreExists
from smstui.store.files import new_file, refuse_store, writable_trouble

if TYPE_CHECKING:
    from pydantic import SecretStr

MOST_BYTES = 64 * 1024 * 1024
"""A bundle of ten thousand records has about twenty megabytes."""


def pack(bundle: Bundle, passphrase: SecretStr | None) -> bytes:
    """Return a bundle as the bytes of a file; with a passphrase it takes some tenths of a second.

    Args:
        bundle: what is written.
        passphrase: encrypts it; without one it is plain JSON, and must have no secrets.

    Raises:
        InvalidPassphrase: the passphrase is too short.
    """
    if passphrase is not None:
        return seal(to_json(bundle), passphrase)
    if bundle.has_secrets:
        raise BundleError(_("Secrets are written only to an encrypted bundle."))
    return to_json(bundle)


def needs_passphrase(data: bytes) -> bool:
    """Whether a file is an encrypted bundle.

    Raises:
        BundleError: it is one, and was cut short, edited, or written by a later version.
    """
    if not is_sealed(data):
        return False
    look_at(data)
    return True


def unpack(data: bytes, passphrase: SecretStr | None) -> Bundle:
    """Return the bundle in a file; one that is encrypted takes some tenths of a second.

    Raises:
        WrongBundlePassphrase: the passphrase is missing, or does not open it.
        NewerBundle: a later version wrote it.
        DamagedBundle: it was cut short or edited.
        NotABundle: it is something else.
        NotImported: its shape is wrong.
    """
    if is_sealed(data):
        sealed = look_at(data)
        if passphrase is None:
            raise WrongBundlePassphrase(_("This bundle is encrypted: its passphrase is needed."))
        data = unseal(sealed, passphrase)
    return from_json(data, tuple(sections()))


def read(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        BundleError: it cannot be read, or is too large for a bundle.
    """
    try:
        with path.expanduser().open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise BundleError(
            _("{path} cannot be read: {reason}.").format(
                path=path, reason=reason or _("no such path")
            )
        ) from error
    if len(data) > MOST_BYTES:
        raise NotABundle(_("This file is no bundle of smstui: it is too large for one."))
    return data


def refuse_existing(path: Path) -> None:
    """Refuse a path where something is already, before anybody is asked for a passphrase.

    Raises:
        BundleExists: something is there.
    """
    if os.path.lexists(path):
        said = _("{path} exists already; it is left as it is. Choose another name.")
        raise BundleExists(said.format(path=path))


def write(path: Path, data: bytes, *, store_path: Path, replace: bool = False) -> None:
    """Write a file of mode 0600; killed midway, it leaves what was there.

    Args:
        path: where to.
        data: what.
        store_path: where the store is, which is not to be replaced.
        replace: it may take the place of a file that is there.

    Raises:
        BundleExists: something is there, and is not to be replaced.
        BundleError: it cannot be written.
    """
    try:
        refuse_store(path, store_path)
        with (
            new_file(path, replace=replace) as temporary,
            writable_trouble(path),
            temporary.open("wb") as file,
        ):
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except StoreExists as error:
        raise BundleExists(error.message) from error
    except StoreError as error:
        raise BundleError(error.message, title=N_("Nothing was written")) from error
