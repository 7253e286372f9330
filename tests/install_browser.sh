#!/usr/bin/env bash
# Chromium and a Chinese font for the browser tests: from Debian's packages, or from Playwright where there is no root.
set -euo pipefail

have_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
    || ls "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium-* >/dev/null 2>&1; }
have_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn 2>/dev/null | head -1)" ]; }

if have_browser && have_font; then exit 0; fi
as_root=""
if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then as_root="sudo"; else as_root="none"; fi
fi
if [ "$as_root" != none ]; then
    echo "Installing Chromium and a Chinese font for the browser tests (Debian packages chromium, fonts-noto-cjk)"
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null
elif ! have_browser; then
    echo "Installing Chromium for the browser tests (Playwright's own, since this user may not install packages)"
    .venv/bin/python -m playwright install chromium
fi
have_font || echo "No Chinese font found: screenshots will show boxes. As root: apt-get install fonts-noto-cjk" >&2
