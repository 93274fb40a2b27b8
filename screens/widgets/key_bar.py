"""The last row: which keys do what, here and now."""

from __future__ import annotations

from rich.text import Text
from textual.binding import Binding
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from smstui.i18n import _


class KeyBar(Widget):
    """The keys of the focused place, as one line that repaints only when its words change.

    Bindings with ``show`` are listed from the focused widget outwards; those of the whole
    application come last and are kept when the row is too short for all.
    """

    ALLOW_SELECT = False

    keys: reactive[tuple[tuple[str, str, bool], ...]] = reactive(())
    remark: reactive[str] = reactive("")
    """What the right end says, such as "not saved yet"."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._collect)
        self.call_after_refresh(self._collect, self.screen)

    def _collect(self, screen: Screen[object]) -> None:
        if not self.is_attached:
            return
        found: dict[str, tuple[str, str, bool, bool]] = {}
        for node, binding, enabled, _tooltip in screen.active_bindings.values():
            if binding.show and binding.description and binding.action not in found:
                key = _display(self.app.get_key_display(binding), binding)
                found[binding.action] = (key, binding.description, enabled, node is self.app)
        local = [entry[:3] for entry in found.values() if not entry[3]]
        everywhere = [entry[:3] for entry in found.values() if entry[3]]
        self.keys = tuple(local + everywhere)

    def render(self) -> Text:
        width = self.size.width - 1
        remark = f" {self.remark} " if self.remark else ""
        room = width - len(remark)
        shown = list(self.keys)
        while shown and sum(len(k) + len(_(d)) + 3 for k, d, _e in shown) > room + 2:
            # The least important is the last one that belongs to this place only.
            drop = max(len(shown) - 4, 0)
            shown.pop(drop)
        line = Text(no_wrap=True, end="")
        key_style = self.get_visual_style("key-bar--key").rich_style
        dim_style = self.get_visual_style("key-bar--disabled").rich_style
        for key, description, enabled in shown:
            line.append(f" {key} ", key_style if enabled else dim_style)
            line.append(f"{_(description)} ", "" if enabled else dim_style)
        if remark:
            line.append(" " * max(width - line.cell_len - len(remark), 0))
            line.append(remark, dim_style)
        return line

    COMPONENT_CLASSES = {"key-bar--key", "key-bar--disabled"}


def _display(key: str, binding: Binding) -> str:
    """Return the key as people write it: ``Ctrl+S``, ``F1``, ``n``."""
    if binding.key_display:
        return binding.key_display
    if key.startswith("^"):
        return f"Ctrl+{key[1:].upper()}"
    return {"escape": "Esc", "esc": "Esc", "enter": "Enter", "⏎": "Enter"}.get(key, key)
