"""The last row: which keys do what, here and now."""

from __future__ import annotations

from rich.text import Text
from textual.binding import Binding
from textual.keys import key_to_character
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from smstui.i18n import _

Key = tuple[str, str, bool]
"""A key as people write it, what it does (not translated yet), and whether it can act now."""


class KeyBar(Widget):
    """The keys of the focused place, as one line that repaints only when its words change.

    Bindings with ``show`` are listed from the focused widget outwards; those of the whole
    application come last and stay when the row is too short for all.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"key-bar--key", "key-bar--disabled"}

    here: reactive[tuple[Key, ...]] = reactive(())
    everywhere: reactive[tuple[Key, ...]] = reactive(())
    remark: reactive[str] = reactive("")
    """What the right end says, such as "not saved yet"."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._collect)
        self.call_after_refresh(self._collect, self.screen)

    def _collect(self, screen: Screen[object]) -> None:
        if not self.is_attached:
            return
        here: dict[str, Key] = {}
        everywhere: dict[str, Key] = {}
        for node, binding, enabled, _tooltip in screen.active_bindings.values():
            if binding.show and binding.description:
                keys = everywhere if node is self.app else here
                key = (key_name(binding), binding.description, enabled)
                keys.setdefault(binding.action, key)
        # The way back comes last in a place, whichever class declares it.
        self.here = tuple(sorted(here.values(), key=lambda key: key[0] == ESCAPE))
        self.everywhere = tuple(sorted(everywhere.values(), key=lambda key: (len(key[0]), key[0])))

    def render(self) -> Text:
        remark = f" {self.remark} " if self.remark else ""
        # Without a remark the very last blank may fall off the row.
        room = self.size.width - len(remark) if remark else self.size.width + 1
        here = list(self.here)
        while here and _width((*here, *self.everywhere)) > room:
            # The first key and the way back stay longest.
            here.pop(-2 if here[-1][0] == ESCAPE and len(here) > 2 else -1)
        line = Text(no_wrap=True, end="")
        key_style = self.get_visual_style("key-bar--key").rich_style
        dim_style = self.get_visual_style("key-bar--disabled").rich_style
        for key, description, enabled in (*here, *self.everywhere):
            line.append(f" {key} ", key_style if enabled else dim_style)
            line.append(f"{_(description)} ", "" if enabled else dim_style)
        if remark:
            line.append(" " * max(room - line.cell_len, 0))
            line.append(remark, dim_style)
        return line


def key_name(binding: Binding) -> str:
    """Return the key that is shown for a binding, as people write it: ``Ctrl+S``, ``F1``, ``n``."""
    return binding.key_display or written_key(binding.key.partition(",")[0])


def written_key(key: str) -> str:
    """Return the toolkit's name of a key as people write it: ``Ctrl+Q`` for ``ctrl+q``."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    name = NAMES.get(last)
    if name is None:
        character = key_to_character(last)
        name = character if character and character.isprintable() else last.capitalize()
    if modifiers:
        name = name.upper() if len(name) == 1 else name
        return "+".join([*(word.capitalize() for word in modifiers), name])
    return name


ESCAPE = "Esc"
NAMES = {
    "escape": ESCAPE,
    "space": "Space",
    "slash": "/",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def _width(keys: tuple[Key, ...]) -> int:
    return sum(len(key) + len(_(description)) + 3 for key, description, _on in keys)
