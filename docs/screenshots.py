"""Takes the pictures of the documentation anew, in a real browser over a store of the bundled samples: `make screenshots`."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser import ask, chromium, free_port, ready, serve_command, served  # noqa: E402 - the path comes first

PICTURES = ROOT / "docs" / "pictures"


def main() -> None:
    """Writes docs/pictures/*.png."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store, port = Path(folder) / "store", free_port()
        subprocess.run([Path(sys.executable).parent / "mingzhang", "ingest", ROOT / "data" / "samples", "--store", store], check=True)
        with served(serve_command(store, port), port) as address, chromium(device_scale_factor=1.5) as context:
            page = context.new_page()
            page.goto(address)
            ready(page)
            page.get_by_role("button", name=re.compile("三公经费")).first.wait_for()
            _take(page, "empty")
            ask(page, "示例市教育局2025年招待费花了多少？")
            page.get_by_text(re.compile("来源 1")).first.click()
            page.locator("[data-testid=stImage] img").first.wait_for()
            page.wait_for_timeout(700)
            page.locator(".mz-answer").first.scroll_into_view_if_needed()
            _take(page, "answer")
            page.get_by_text("清空对话").click()
            page.wait_for_function("document.querySelectorAll('.mz-answer').length === 0")
            ask(page, "示例市教育局2025年水费、电费、邮电费合计多少")
            page.locator(".mz-sum").first.wait_for()
            _take(page, "sum")
            page.goto(f"{address}/browse")
            page.locator(".mz-table").first.wait_for()
            page.wait_for_timeout(700)
            _take(page, "shelf")


def _take(page: object, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
