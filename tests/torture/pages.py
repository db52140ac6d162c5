"""Twenty people on the upload page at once, each in a browser session of their own."""

from __future__ import annotations

from contextlib import ExitStack

from playwright.sync_api import expect

from tests.browser.chromium import MISSING, chromium, find_chromium
from tests.browser.visits import PATIENCE, one_person
from tests.dashboard.serving import serving
from tests.torture.clients import obey_permissions
from tests.torture.gates import SERVED
from tests.torture.rounds import AT_ONCE, CanNotBeTried, Torture

ALL_OF_THEM = 3 * PATIENCE
"""milliseconds: twenty browser pages share this machine with the server that they ask"""


def pages_at_once(torture: Torture) -> None:
    """Every one has chosen a file before the first one lands; then all land."""
    path = find_chromium()
    if path is None:
        raise CanNotBeTried(MISSING)
    # without a proxy in front that signs people in
    settings = torture.world.folder / "leadline.toml"
    settings.write_text("", encoding="utf-8")
    exports = [torture.world.export(120) for _ in range(AT_ONCE)]
    with chromium(path) as browser, ExitStack() as stack:
        served = stack.enter_context(serving(torture.world.folder, obey_permissions))
        pages = [stack.enter_context(one_person(browser)) for _ in exports]
        for page in pages:
            page.goto(served.address("/upload"))
        for page, export in zip(pages, exports, strict=True):
            chooser = page.locator('input[type="file"]').first
            expect(chooser).to_be_attached(timeout=PATIENCE)
            chooser.set_input_files(export.file)
        buttons = [page.get_by_role("button", name="Land 1 file") for page in pages]
        for button in buttons:
            expect(button).to_be_enabled(timeout=ALL_OF_THEM)
        for button, export in zip(buttons, exports, strict=True):
            export.state = "unknown"
            button.click()
        for page, export in zip(pages, exports, strict=True):
            expect(page.get_by_text("landed as import").first).to_be_visible(timeout=ALL_OF_THEM)
            export.state = "landed"
            torture.endings["done"] += 1
    settings.write_text(SERVED, encoding="utf-8")
