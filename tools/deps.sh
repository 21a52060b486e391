#!/usr/bin/env bash
# Finds what the tests need beside Go: PostgreSQL, a browser, npm, OpenSSL. As
# root on Debian it installs what is missing; else it says what will be left out.
set -euo pipefail

have_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
have_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
have_npm() { command -v npm >/dev/null; }
have_openssl() { command -v openssl >/dev/null; }

want=()
for what in postgres chromium npm openssl; do
	"have_$what" && continue
	case $what in
	postgres) want+=(postgresql) ;;
	chromium) want+=(chromium) ;;
	npm) want+=(nodejs npm) ;;
	openssl) want+=(openssl) ;;
	esac
done
((${#want[@]} == 0)) && exit 0

if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
	echo "installing ${want[*]}"
	export DEBIAN_FRONTEND=noninteractive
	{ apt-get install -y -q --no-install-recommends "${want[@]}" ||
		{ apt-get update -q && apt-get install -y -q --no-install-recommends "${want[@]}"; }; } >/tmp/dancu-deps.log 2>&1 ||
		tail -5 /tmp/dancu-deps.log >&2
fi

have_postgres || echo "LEFT OUT: the tests on PostgreSQL (apt-get install postgresql)"
have_chromium || echo "LEFT OUT: the tests in a browser (apt-get install chromium)"
have_openssl || echo "LEFT OUT: the tests against OpenSSL's signatures (apt-get install openssl)"
have_npm || { echo "npm is missing, and with it the pages' assets (apt-get install npm)" >&2; exit 1; }
