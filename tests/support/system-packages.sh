#!/bin/sh
# What the tests need beside Python: a browser to drive, coturn's client as the relay's judge, a
# spreadsheet that opens and saves the editors' workbook, node and Java for the judges of pages, a Chinese font, the web
# servers that deploy/ sets up and systemd's judge of its units.
# Installed where the user may; where not, the run stops here and says what to install.
set -eu

missing=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
command -v turnutils_uclient >/dev/null || missing="$missing coturn"
command -v caddy >/dev/null || missing="$missing caddy"
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing="$missing nginx"
[ -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || missing="$missing libnginx-mod-http-brotli-static"
command -v systemd-analyze >/dev/null || missing="$missing systemd"
[ -e /usr/share/zoneinfo/Asia/Shanghai ] || missing="$missing tzdata"
command -v soffice >/dev/null || missing="$missing libreoffice-calc-nogui"
command -v node >/dev/null && command -v npm >/dev/null || missing="$missing nodejs npm"
command -v java >/dev/null || missing="$missing default-jre-headless"
fc-list 2>/dev/null | grep -qiE 'noto ?sans ?cjk|wenquanyi|source ?han' || missing="$missing fonts-noto-cjk fontconfig"
[ -z "$missing" ] && exit 0

if command -v apt-get >/dev/null; then
	if [ "$(id -u)" = 0 ]; then as=""; elif sudo -n true 2>/dev/null; then as="sudo"; else as="none"; fi
	if [ "$as" != none ]; then
		echo "installing for the tests:$missing"
		$as env DEBIAN_FRONTEND=noninteractive sh -es -- $missing >/dev/null <<'END'
# The servers among them are for the tests alone: started neither now nor with the machine.
policy=/usr/sbin/policy-rc.d
[ -e $policy ] || { trap "rm -f $policy" EXIT; printf '#!/bin/sh\nexit 101\n' >$policy; chmod 755 $policy; }
apt-get update -qq </dev/null
apt-get install -y -qq --no-install-recommends "$@" </dev/null
for server in caddy coturn nginx; do
	case " $* " in *" $server "*) ! command -v systemctl >/dev/null || systemctl --quiet disable $server 2>/dev/null || : ;; esac
done
END
		exit 0
	fi
fi
echo "The tests need these packages (Debian's names):$missing" >&2
echo "Install them, for example: sudo apt-get install$missing" >&2
exit 1
