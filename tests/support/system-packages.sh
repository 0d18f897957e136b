#!/bin/sh
# What the tests need beside Python: a browser to drive, node for the search's rules, coturn's client as the relay's judge, a
# spreadsheet that opens and saves the editors' workbook, a Chinese font.
# Installed where the user may; where not, the run stops here and says what to install.
set -eu

missing=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
command -v node >/dev/null || missing="$missing nodejs"
command -v turnutils_uclient >/dev/null || missing="$missing coturn"
command -v soffice >/dev/null || missing="$missing libreoffice-calc-nogui"
fc-list 2>/dev/null | grep -qiE 'noto ?sans ?cjk|wenquanyi|source ?han' || missing="$missing fonts-noto-cjk fontconfig"
[ -z "$missing" ] && exit 0

if command -v apt-get >/dev/null; then
	if [ "$(id -u)" = 0 ]; then as=""; elif sudo -n true 2>/dev/null; then as="sudo"; else as="none"; fi
	if [ "$as" != none ]; then
		echo "installing for the tests:$missing"
		$as env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing" >/dev/null
		exit 0
	fi
fi
echo "The tests need these packages (Debian's names):$missing" >&2
echo "Install them, for example: sudo apt-get install$missing" >&2
exit 1
