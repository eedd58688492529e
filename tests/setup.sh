#!/bin/sh
# What tests need beside Python: a Chromium, a CJK font, gettext and PostgreSQL. Silent when all is here.
set -eu

python=.venv/bin/python

has_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome || ls -d "$HOME"/.cache/ms-playwright/chromium*
}
has_font() { command -v fc-list && fc-list :lang=zh-cn | grep -q .; }
has_gettext() { command -v xgettext; }
has_postgres() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; }

missing=
has_chromium >/dev/null 2>&1 || missing="$missing chromium"
has_font >/dev/null 2>&1 || missing="$missing fonts-noto-cjk fontconfig"
has_gettext >/dev/null 2>&1 || missing="$missing gettext"
has_postgres >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # A server that Debian would start on its own is not wanted: tests start and stop their own.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    apt-get update -qq >/dev/null
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if ! has_chromium >/dev/null 2>&1; then
    "$python" -m playwright install chromium
fi
has_font >/dev/null 2>&1 || echo "No CJK font here: install one (Noto Sans CJK), or pictures show boxes." >&2
has_gettext >/dev/null 2>&1 || echo "No GNU gettext here: the check of translations will fail." >&2
has_postgres >/dev/null 2>&1 || echo "No PostgreSQL here: its tests will be skipped." >&2
