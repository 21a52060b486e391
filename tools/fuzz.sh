#!/usr/bin/env bash
# Runs every fuzz target of the project for a short time each.
set -euo pipefail
time=${1:-5s}
n=0
while IFS=: read -r file _ line; do
	name=${line#func }
	name=${name%%(*}
	echo "fuzz $name in $(dirname "$file") for $time"
	go test "./$(dirname "$file")" -run '^$' -fuzz "^$name\$" -fuzztime "$time" </dev/null
	n=$((n + 1))
done < <(git grep -n --untracked '^func Fuzz[A-Z][A-Za-z0-9_]*(f \*testing.F)' -- '*_test.go')
((n > 0)) || { echo "no fuzz target was found" >&2; exit 1; }
