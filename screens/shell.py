"""The shell: rail, breadcrumb, content and keys; places are pages inside it."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.css.query import NoMatches
from textual.widgets import ContentSwitcher, Static

from screens.base import ConsoleScreen, context_of
from screens.page import Page
from screens.places import HOME, PLACES, place_at, split_address
from screens.widgets.key_bar import KeyBar
from screens.widgets.rail import Rail
from screens.widgets.whereabouts import Whereabouts
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.text import clean


class ShellScreen(ConsoleScreen[None]):
    """The one screen that holds all places; `navigate` is the only way from one to another."""

    CSS_PATH = [
        "../styles/shell.tcss",
        "../styles/record_table.tcss",
        "../styles/list_page.tcss",
        "../styles/form.tcss",
        "../styles/credential_form.tcss",
        "../styles/health_board.tcss",
        "../styles/event_list.tcss",
        "../styles/channel_checks.tcss",
        "../styles/rcs_wizard.tcss",
    ]
    AUTO_FOCUS = None
    BINDINGS = [
        Binding(
            "f6",
            "toggle_rail",
            N_("Rail"),
            id="shell.rail",
            key_display="F6",
            priority=True,
            show=False,
            tooltip=N_("From the content to the rail, or back"),
        ),
        Binding(
            "f12",
            "environments",
            N_("Environments"),
            id="shell.environments",
            key_display="F12",
            show=False,
            tooltip=N_("Switch to another environment, make one, or change one"),
        ),
    ]
    area = N_("console")

    def __init__(self, address: str = HOME) -> None:
        super().__init__()
        self._first_address = address
        self._history: list[str] = []
        self.address = ""

    def compose(self) -> ComposeResult:
        with Horizontal(id="header"):
            yield Static(id="breadcrumb")
            yield Whereabouts()
        with Horizontal(id="body"):
            yield Rail()
            yield ContentSwitcher(id="content")
        yield KeyBar()

    def on_mount(self) -> None:
        self.navigate(self._first_address)

    @property
    def page(self) -> Page | None:
        """The page that is shown, or None before the first one."""
        content = self.query_one("#content", ContentSwitcher)
        return content.visible_content if isinstance(content.visible_content, Page) else None

    def on_resize(self) -> None:
        """Fit the header to the new width."""
        self.query_one(Whereabouts).tell()
        self.show_where()

    @work(exclusive=True, group="navigate")
    async def navigate(self, address: str, remember: bool = True) -> None:
        """Go to an address: ask if typed text would be lost, build the page, show it, focus it.

        An address that leads nowhere opens the start page and says so.
        """
        if not await self.may_leave():
            return
        path, rest = split_address(address)
        place = place_at(path)
        if place is None:
            self.notify(_("There is no place called {place}.").format(place=path), markup=False)
            place = next(each for each in PLACES if each.path == HOME)
            rest, address = "", HOME
        await self._show(place.build(rest), remember)

    async def _show(self, page: Page, remember: bool) -> None:
        content = self.query_one("#content", ContentSwitcher)
        left = self.page
        if left is not None and left.address == page.address:
            left.shown()
            left.focus_first()
            return
        widget_id = "page-" + "".join(c if c.isalnum() else f"_{ord(c):x}" for c in page.address)
        with self.app.batch_update():
            try:
                kept = content.query_one(f"#{widget_id}", Page)
            except NoMatches:
                kept = page
                await content.add_content(page, id=widget_id)
            content.current = widget_id
            if left is not None:
                if remember:
                    self._history.append(left.address)
                elif self._history and self._history[-1] == kept.address:
                    self._history.pop()
                if not left.keep:
                    await left.remove()
            self.address = kept.address
            self.set_class(kept.needs_width, "-rail-folded")
            self.show_where()
        kept.shown()
        kept.focus_first()

    def show_where(self) -> None:
        """Write the breadcrumb and mark the place in the rail; pages call it when renamed."""
        place = place_at(split_address(self.address)[0])
        if self.page is not None and place is not None:
            self._write_trail()
            self.query_one(Rail).mark(place.path)

    @on(Whereabouts.Changed)
    def _write_trail(self) -> None:
        page = self.page
        place = place_at(split_address(self.address)[0])
        if page is None or place is None:
            return
        words = [_(word) for word in place.trail] + ([page.crumb] if page.crumb else [])
        room = self.app.size.width - self.query_one(Whereabouts).room - 4
        line = " › ".join(words)
        while cell_len(line) > room and len(words) > 1:
            words = words[1:]
            line = "… › " + " › ".join(words)
        self.query_one("#breadcrumb", Static).update(Text(line, no_wrap=True, overflow="ellipsis"))

    async def may_leave(self) -> bool:
        """Ask before typed text is lost; True when one may go on."""
        page = self.page
        if page is not None:
            await page.settle()
        if page is None or not page.is_dirty:
            return True
        from screens.confirm import may_lose

        return await may_lose(self)

    @work(exclusive=True, group="environment")
    async def action_environments(self) -> None:
        """Open the list of environments; go to the one that is chosen there."""
        from screens.environments import EnvironmentsDialog

        chosen = await self.app.push_screen_wait(EnvironmentsDialog())
        if chosen is not None:
            await self._switch(chosen)

    @work(exclusive=True, group="environment")
    async def go_to_environment(self, environment_id: int) -> None:
        """Work in another environment from now on."""
        await self._switch(environment_id)

    async def _switch(self, environment_id: int) -> None:
        """Ask if typed text would be lost, switch, and begin anew at the list one was in."""
        session = context_of(self).session
        here = session.environment
        if (here is not None and here.id == environment_id) or not await self.may_leave():
            return
        try:
            await session.switch(environment_id)
        except SmstuiError as error:
            self.notify(error.message, severity="warning", markup=False)
            return
        place = place_at(split_address(self.address)[0])
        assert place is not None  # noqa: S101 - some place is shown always
        content = self.query_one("#content", ContentSwitcher)
        with self.app.batch_update():
            content.current = None
            await content.remove_children()
            self._history.clear()
            self.query_one(Whereabouts).tell()
            await self._show(place.build(""), remember=False)
        if session.environment is not None:
            said = _("You are in {name} now.").format(name=clean(session.environment.name))
            self.notify(said, markup=False)

    def on_screen_resume(self) -> None:
        """Say in the header what changed while something lay over this screen."""
        super().on_screen_resume()
        self.query_one(Whereabouts).tell()

    def back(self) -> None:
        """Go where one came from, or one level up."""
        if self._history:
            self.navigate(self._history[-1], remember=False)
        elif "/" in self.address:
            self.navigate(self.address.rsplit("/", 1)[0], remember=False)

    def action_toggle_rail(self) -> None:
        """Move the focus between rail and content; a folded rail unfolds for it."""
        rail = self.query_one(Rail)
        if rail.has_focus:
            self.leave_rail()
        else:
            # A class that changes nothing still costs a repaint of the whole screen.
            if not rail.display:
                self.add_class("-rail-open")
            rail.focus()

    @on(Rail.Left)
    def leave_rail(self) -> None:
        """Give the focus back to the content, and fold the rail where it covers that."""
        self.remove_class("-rail-open")
        self.show_where()
        if self.page is not None:
            self.page.focus_first()

    @on(Rail.PlaceChosen)
    def open_place(self, event: Rail.PlaceChosen) -> None:
        """Open the place that was chosen in the rail."""
        self.remove_class("-rail-open")
        self.navigate(event.path)
