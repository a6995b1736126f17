#!/bin/sh
# Builds codemirror.js of codemirror.entry.js and the packages that codemirror.packages names, in these versions;
# writes its hash and the licences of all that is in it, too.
# usage: codemirror.sh [FOLDER]    where the files are written; without it beside this script
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:-$here}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/codemirror.entry.js" "$work"
cd "$work"
echo '{"private": true}' > package.json
xargs npm install --save-exact --no-package-lock --ignore-scripts --no-audit --no-fund --silent < "$here/codemirror.packages"
node_modules/.bin/esbuild codemirror.entry.js --bundle --minify --format=esm --target=es2022 --charset=utf8 \
  --legal-comments=none --log-level=warning --outfile="$out/codemirror.js"
while IFS=@ read -r first second third; do  # @scope/name@version, or name@version
  case "$first" in "") name="@$second" version=$third ;; *) name=$first version=$second ;; esac
  [ "$name" = esbuild ] && continue  # builds the file, and is not part of it
  printf '%s %s\n\n' "$name" "$version"
  cat "node_modules/$name/LICENSE"
  printf '\n----\n\n'
done < "$here/codemirror.packages" > "$out/codemirror.LICENSE"
cd "$out"
sha256sum codemirror.js > codemirror.sha256
