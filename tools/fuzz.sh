#!/usr/bin/env bash
# Runs every fuzz target of the project for a short time each, as many at once
# as there are processors. The output of one comes in one piece; inputs that
# failed are written below the package's testdata/fuzz, as go test does.
#
#     tools/fuzz.sh [TIME [whole]]
#
# The search is led by what the project's own code does with an input. With
# "whole" by what every library does with it too, as `go test -fuzz` has it:
# that compiles all of them anew and makes each try slower, so it is for long
# runs.
set -euo pipefail
time=${1:-3s}
follow=(-gcflags=dancu/...=-d=libfuzzer)
[[ ${2:-} != whole ]] || follow=(-fuzz=Fuzz)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The targets, as "folder name", and the packages that have some.
git grep -n --untracked '^func Fuzz[A-Z][A-Za-z0-9_]*(f \*testing.F)' -- '*_test.go' |
	sed -E 's|^(.*)/[^/]+:[0-9]+:func (Fuzz[A-Za-z0-9_]*).*|\1 \2|' >"$work/targets"
n=$(wc -l <"$work/targets")
((n > 0)) || { echo "no fuzz target was found" >&2; exit 1; }
cut -d' ' -f1 "$work/targets" | sort -u >"$work/packages"

# Each package is compiled once, for all its targets; go test makes one program
# of a package at a time when it leads by the libraries.
while read -r dir; do
	go test -c -vet=off "${follow[@]}" -o "$work/${dir//\//_}.test" "./$dir"
done <"$work/packages"

fuzz() { # folder name
	local binary=$work/${1//\//_}.test out=$work/$2.out cache
	cache=$(go env GOCACHE)/fuzz/$1
	mkdir -p "$cache"
	run() {
		(cd "$1" && "$binary" -test.run '^$' -test.fuzz "^$2\$" -test.fuzztime "$time" -test.parallel 1 \
			-test.fuzzcachedir "$cache" </dev/null >"$out" 2>&1)
	}
	# When its time ends in the wrong instant, go reports that end as a failure
	# of the target; a real one writes the input that failed.
	if run "$1" "$2" || { grep -q 'context deadline exceeded' "$out" && ! grep -q 'Failing input written' "$out" && run "$1" "$2"; }; then
		echo "ok    $2 in $1: $(grep -o 'execs: [0-9]*' "$out" | tail -1)"
		return 0
	fi
	echo "FAIL  $2 in $1"
	cat "$out"
	return 1
}
export -f fuzz
export work time

xargs -P "$(nproc)" -L 1 bash -c 'fuzz "$0" "$1"' <"$work/targets" || { echo "a fuzz target failed" >&2; exit 1; }
echo "$n fuzz targets, $time each"
