"""The colours: one accent, and green, amber and red for what went well, oddly or wrong."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="smstui-dark",
    primary="#5fb3b3",
    secondary="#8fa1b3",
    accent="#5fb3b3",
    warning="#e0b060",
    error="#ec7a7a",
    success="#8fc98f",
    foreground="#d8dee4",
    background="#14181c",
    surface="#1a2026",
    panel="#222a32",
    dark=True,
    variables={
        "block-cursor-background": "#2f6f73",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#26343c",
        "block-cursor-blurred-foreground": "#d8dee4",
        "input-selection-background": "#2f6f73",
        "footer-key-foreground": "#5fb3b3",
    },
)

LIGHT = Theme(
    name="smstui-light",
    primary="#146c70",
    secondary="#4a5a68",
    accent="#146c70",
    warning="#8a5a00",
    error="#b3261e",
    success="#2a6b2a",
    foreground="#1c2126",
    background="#ffffff",
    surface="#f4f6f7",
    panel="#e8ecee",
    dark=False,
    variables={
        "block-cursor-background": "#146c70",
        "block-cursor-foreground": "#ffffff",
        "footer-key-foreground": "#146c70",
    },
)

CONTRAST = Theme(
    name="smstui-contrast",
    primary="#00ffff",
    secondary="#ffffff",
    accent="#00ffff",
    warning="#ffff00",
    error="#ff8080",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#101010",
    dark=True,
    variables={
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        "footer-key-foreground": "#ffff00",
    },
)

THEMES = (DARK, LIGHT, CONTRAST)
