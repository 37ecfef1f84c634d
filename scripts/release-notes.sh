#!/bin/sh
# Prints the changelog's section of one version, which is the text of its release: scripts/release-notes.sh 1.2.3 [CHANGELOG.md]
set -eu
notes=$(awk -v heading="## [$1]" '
  index($0, "## ") == 1 { inside = index($0, heading) == 1; next }
  /^\[[^]]+\]: / { next } # link definitions at the end of the file
  inside
' "${2:-CHANGELOG.md}")
if ! printf '%s' "$notes" | grep -q '[^[:space:]]'; then
  echo "The changelog has no text for version $1: add a section \"## [$1] - YYYY-MM-DD\"." >&2
  exit 1
fi
printf '%s\n' "$notes" | sed '/./,$!d'
