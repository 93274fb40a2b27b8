"""The rail: the places of the console as a tree, in Adobe's words and order."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from screens.places import PLACES
from smstui.i18n import N_, _

INDENT = 2


class Rail(Tree[str]):
    """The tree of places; says `PlaceChosen` with the address of the place."""

    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "
    BINDINGS = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("left", "fold", show=False),
        Binding("right", "unfold", show=False),
        Binding(
            "enter",
            "select_cursor",
            N_("Open"),
            id="rail.open",
            tooltip=N_("Open the place, or fold the branch"),
        ),
        Binding("escape", "leave", N_("Back"), id="rail.leave", tooltip=N_("Back to the content")),
    ]

    class PlaceChosen(Message):
        """A place was chosen."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    class Left(Message):
        """The focus wants to go back to the content."""

    def __init__(self) -> None:
        super().__init__("", id="rail")
        self.show_root = False
        self.show_guides = False
        self.guide_depth = INDENT
        self.auto_expand = False
        self._leaves: dict[str, TreeNode[str]] = {}
        branches: dict[tuple[str, ...], TreeNode[str]] = {(): self.root}
        for place in PLACES:
            for depth, word in enumerate(place.trail, start=1):
                trail = place.trail[:depth]
                if trail in branches:
                    continue
                parent = branches[trail[:-1]]
                if depth == len(place.trail):
                    leaf = parent.add_leaf(Text(_(word)), data=place.path)
                    branches[trail] = self._leaves[place.path] = leaf
                else:
                    branches[trail] = parent.add(Text(_(word)), expand=True)

    def mark(self, path: str) -> None:
        """Put the cursor on a place."""
        self.move_cursor(self._leaves[path])

    def notify_style_update(self) -> None:
        """Repaint; the toolkit's tree would lay out the whole screen for a move of the focus."""
        self._line_cache.clear()
        Widget.notify_style_update(self)
        self.refresh()

    def render_label(self, node: TreeNode[str], base_style: Style, style: Style) -> Text:
        """Draw a branch with its mark, a leaf without one; what is too long ends in "…"."""
        label = Text.assemble((_icon(self, node), base_style), (node.label.plain, style))  # type: ignore[union-attr]  # our labels are Text
        depth = 0
        above = node.parent
        while above is not None and above is not self.root:
            depth += 1
            above = above.parent
        room = self.scrollable_content_region.width - depth * INDENT
        if room > 4:
            label.truncate(room, overflow="ellipsis")
        return label

    def on_tree_node_selected(self, event: Tree.NodeSelected[str]) -> None:
        """Open the place, or fold the branch."""
        event.stop()
        if event.node.data:
            self.post_message(self.PlaceChosen(event.node.data))
        else:
            event.node.toggle()

    def action_fold(self) -> None:
        """Fold the branch under the cursor, or go to the branch above."""
        node = self.cursor_node
        if node is not None and node.is_expanded and node.allow_expand:
            node.collapse()
        else:
            self.action_cursor_parent()

    def action_unfold(self) -> None:
        """Unfold the branch under the cursor."""
        if self.cursor_node is not None:
            self.cursor_node.expand()

    def action_leave(self) -> None:
        """Give the focus back to the content."""
        self.post_message(self.Left())


def _icon(rail: Rail, node: TreeNode[str]) -> str:
    if not node.allow_expand:
        return "▌" if node is rail.cursor_node else " "
    return rail.ICON_NODE_EXPANDED if node.is_expanded else rail.ICON_NODE
