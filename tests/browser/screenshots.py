"""Pictures of every page and of the alert card of the demo: `python -m tests.browser.screenshots docs/screenshots`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.chromium import chromium, find_chromium, settle
from tests.dashboard.serving import LEADLINE, Served, serving

# name, path, charts to wait for, the whole length of the page or one screen
SHOTS = (
    ("weekly-review", "/", 1, False),
    ("workflow", "/workflow", 4, True),
    ("alerts", "/alerts", 0, False),
    ("upload", "/upload", 0, False),
    ("charters", "/charters?workflow=lead-routing", 0, False),
    ("charter-form", "/charters?workflow=lead-routing&tab=form", 0, True),
    ("decisions", "/decisions", 0, False),
    ("data", "/data", 1, True),
)
CARD_OF = "lead-routing"
WIDTH, HEIGHT = 1440, 900


def take(browser: Browser, served: Served, folder: Path, scheme: str) -> None:
    """Every page in one colour scheme."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    for name, path, charts, whole in SHOTS:
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        page.goto(served.address(path))
        settle(page, charts)
        page.wait_for_load_state("networkidle")  # tables and pictures bring their code when first shown
        page.wait_for_timeout(600)
        if whole:
            for _ in range(2):  # charts and tables reach their heights once they are in sight
                length = page.evaluate(
                    "() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight"
                )
                page.set_viewport_size({"width": WIDTH, "height": max(length, HEIGHT)})
                page.wait_for_timeout(1500)
        page.screenshot(path=folder / f"{name}-{scheme}.png")
    context.close()


def take_card(workspace: Path, folder: Path, scheme: str) -> None:
    """The alert card as `leadline report` writes it, with as many colours as a page of the documentation needs."""
    file = folder / f"card-{scheme}.png"
    dark = ["--dark"] if scheme == "dark" else []
    subprocess.run(
        [LEADLINE, "report", "--out", file, "--workflow", CARD_OF, "--workspace", workspace, *dark],
        check=True,
    )
    with Image.open(file) as card:
        smaller = card.convert("RGB").resize((1600, 900), Image.Resampling.LANCZOS)
    smaller.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)


def main(folder: Path) -> int:
    """Builds the demo, serves it, takes the pictures."""
    path = find_chromium()
    if path is None:
        print("No Chromium found: install one, or name it in LEADLINE_CHROMIUM.", file=sys.stderr)
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary) / "leadline-demo"
        subprocess.run(
            [LEADLINE, "demo", "--build-only", "--as-of", "2026-11-15", "--workspace", workspace], check=True
        )
        for scheme in ("light", "dark"):
            take_card(workspace, folder, scheme)
        with serving(workspace) as served, chromium(path) as browser:
            for scheme in ("light", "dark"):
                take(browser, served, folder, scheme)
    for picture in sorted(folder.glob("*.png")):
        print(f"{picture} ({picture.stat().st_size / 1000:.0f} kB)")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots")))
