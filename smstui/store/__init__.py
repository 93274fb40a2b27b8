"""The encrypted store: one SQLCipher file, opened by a passphrase.

`Store` is loaded at first use: errors and records are wanted long before SQLCipher is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smstui.store.files import inspect_file
    from smstui.store.store import Store

__all__ = ["Store", "inspect_file"]


def __getattr__(name: str) -> Any:
    if name == "Store":
        from smstui.store.store import Store

        return Store
    if name == "inspect_file":
        from smstui.store.files import inspect_file

        return inspect_file
    raise AttributeError(name)
