"""Make the moving picture of README.md: a member takes a quiz and sees what it earned.

    python -m tests.support.film

Run it after the pages have changed, and look at what comes out. The site is a fresh one, with a
seeded community whose last day is today.
"""

import argparse
import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.support.chromium import ensure_chromium, launch_arguments, prepare_playwright
from tests.support.paths import ROOT
from tests.support.sites import plain_environment, run, serving

PICTURE = ROOT / "docs" / "images" / "thrive-points.webp"
MEMBER, STAFF = "alice", "sofia"
_VIEW = {"width": 1180, "height": 860}
_SIZE = (826, 602)

# Printed by the site: a session of each person, and a quiz with its right answers.
_PREPARE = f"""
import json
from django.contrib.auth import get_user_model
from django.test import Client
from allthrive.quizzes.models import Choice, Quiz

def session(username):
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    return client.cookies["sessionid"].value

quiz = Quiz.objects.order_by("pk").last()
right = Choice.objects.filter(question__quiz=quiz, is_right=True).order_by("question__pk")
print(json.dumps({{
    "member": session({MEMBER!r}),
    "staff": session({STAFF!r}),
    "quiz": quiz.get_absolute_url(),
    "right": [choice.text for choice in right],
}}))
"""


def main() -> int:
    """Seed a site, walk through it, and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=PICTURE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        environment = plain_environment(
            DATABASE_URL=f"sqlite:///{folder / 'film.sqlite3'}", ALLTHRIVE_DEBUG="1"
        )
        python = Path(sys.executable)

        def manage(*arguments: str) -> str:
            return run([python, "manage.py", *arguments], cwd=ROOT, env=environment)

        manage("migrate", "--verbosity", "0")
        manage("seed_demo", "--members", "120", "--days", "45", "--verbosity", "0")
        printed = manage("shell", "--no-imports", "--command", _PREPARE)
        facts = json.loads(printed.splitlines()[-1])
        with serving(python, cwd=ROOT, log=folder / "server.log", env=environment) as address:
            scenes = _film(address, facts)
    _save(scenes, options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1000:.0f} kB, {len(scenes)} scenes")
    return 0


def _film(address: str, facts: dict[str, Any]) -> list[tuple[bytes, int]]:
    """Return each scene's screenshot and how many milliseconds it is shown."""
    scenes: list[tuple[bytes, int]] = []
    executable = ensure_chromium()
    prepare_playwright()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=launch_arguments(), chromium_sandbox=False
        )

        def page_of(session: str) -> Page:
            context = chromium.new_context(
                base_url=address, viewport=_VIEW, locale="en-GB", reduced_motion="reduce"
            )
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
            return context.new_page()

        def show(page: Page, milliseconds: int, act: Callable[[], Any] | None = None) -> None:
            if act is not None:
                act()
                page.wait_for_load_state("networkidle")
            scenes.append((page.screenshot(animations="disabled"), milliseconds))

        page = page_of(facts["member"])
        show(page, 1800, lambda: page.goto("/"))
        show(page, 1200, lambda: page.goto(facts["quiz"]))
        for text in facts["right"]:
            page.get_by_text(text, exact=True).first.check()
        page.get_by_role("button", name="Hand in", exact=True).scroll_into_view_if_needed()
        show(page, 900)
        show(page, 2400, lambda: page.get_by_role("button", name="Hand in", exact=True).click())
        show(page, 3000, lambda: page.goto("/activity/"))
        show(page, 2000, lambda: page.goto("/activity/history/"))
        staff = page_of(facts["staff"])
        show(staff, 3000, lambda: staff.goto("/admin/thrive_points/pointseconomy/"))
        chromium.close()
    return scenes


def _save(scenes: list[tuple[bytes, int]], path: Path) -> None:
    frames = [
        Image.open(io.BytesIO(picture)).convert("RGB").resize(_SIZE, Image.Resampling.LANCZOS)
        for picture, _ in scenes
    ]
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        duration=[milliseconds for _, milliseconds in scenes],
        loop=0,
        quality=62,
        method=6,
        # Whole pictures: differences between lossy ones leave traces of the scene before.
        kmin=0,
        kmax=1,
    )


if __name__ == "__main__":
    sys.exit(main())
