#!/bin/sh
# Fetches what others made and we serve: Punkt CSS (MIT), Source Sans 3 (OFL-1.1) and htmx (0BSD), and writes it to ../static.
# Run it after a change in package.json and `npm install --package-lock-only` (take the "funding" addresses out of the
# lock), look at the diff, and commit the result: running SaLTo needs no Node.
#
# Punkt is put together of its own files: tokens, normalise, buttons and fields. (The whole is 533 kB, of which two thirds
# are spacing classes; our own parts stand on its tokens.) Three things are changed on the way. Its icons point at
# Punkt's CDN: they become ours, in ../static/ikoner. Its font is Oslo Sans, which only Oslo kommune may use: it becomes
# var(--skrift). Its body weight is 300, made for Oslo Sans: it becomes 400.
set -eu
cd "$(dirname "$0")"
npm ci --silent
static=../static
punkt=node_modules/@oslokommune/punkt-css
skrift=node_modules/@fontsource-variable/source-sans-3
htmx=node_modules/htmx.org
mkdir -p "$static/skrift" "$static/lisenser"

{
    echo '/*! Punkt CSS 16.8.2, a part of it, changed by infra/web/vendor/hent.sh. MIT, Oslo kommune: lisenser/punkt-css.txt */'
    grep -o ':root{--pkt[^}]*}' "$punkt/dist/css/pkt-base.min.css" | head -n 1
    for del in pkt-normalise elements/button elements/input; do
        cat "$punkt/dist/css/$del.min.css"
        echo
    done
} | sed -E \
    -e 's#url\("?https?://[^")]*/icons/([a-z-]+\.svg)"?\)#url(ikoner/\1)#g' \
    -e "s#font-family:['\"]?Oslo Sans['\"]?[^;}]*#font-family:var(--skrift)#g" \
    -e 's#font-weight:300#font-weight:400#g' \
    -e 's#/\*\# sourceMappingURL=[^*]*\*/##g' > "$static/punkt.min.css"

sed -e '/sourceMappingURL=/d' "$htmx/dist/htmx.min.js" > "$static/htmx.min.js"
for utvalg in latin latin-ext; do
    cp "$skrift/files/source-sans-3-$utvalg-wght-normal.woff2" "$static/skrift/source-sans-3-$utvalg.woff2"
done
cp "$punkt/LICENSE" "$static/lisenser/punkt-css.txt"
cp "$skrift/LICENSE" "$static/lisenser/source-sans-3.txt"
cp "$htmx/LICENSE" "$static/lisenser/htmx.txt"
if grep -lE '(url\(|@import|src=)[^)]{0,4}(https?:)?//' "$static"/*.css "$static"/*.js; then
    echo 'An address outside the house is left in these files.' >&2
    exit 1
fi
