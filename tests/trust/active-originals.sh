#!/bin/sh
# Originals that contain scripts are published under names that no host serves as active content.
. "$(dirname "$0")/checks.sh"
cd "$WORK" || exit 2
mkdir -p source/files
page='<html xmlns="http://www.w3.org/1999/xhtml"><script>document.title="ran"</script></html>'
svg='<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1"><script>1</script></svg>'
printf 'id,title@en,file\n' > source/metadata.csv
number=0
for name in a.html a.HTM a.xhtml a.xht a.shtml a.xml a.xsl a.rdf a.atom a.svgz a.js a.mjs a.mht a.swf a.hta noextension \
    a.html.gz a.wasm a.php; do
    printf '%s' "$page" > "source/files/$name"
    number=$((number + 1))
    printf 'i%s,Title,files/%s\n' "$number" "$name" >> source/metadata.csv
done
printf '%s' "$svg" > source/files/drawing.svg
printf 'svg,Title,files/drawing.svg\n' >> source/metadata.csv
printf '%s' "$page" > source/files/page.txt
printf 'text,"Title <script>alert(1)</script>",files/page.txt\n' >> source/metadata.csv
"$KHIZANA" init archive > /dev/null
check "the source is ingested" expect 0 '' ingest source --archive archive
check "the archive is published" expect 0 '' publish --archive archive

only_inert_names() {
    ! find archive/site/f -type f | grep -vE '\.(bin|txt)$'
}
check "originals have inert names" only_inert_names
no_script_in_pages() {
    ! grep -rl 'alert(1)</script>' archive/site --include='*.html'
}
check "metadata is not published as markup" no_script_in_pages
every_page_has_a_policy() {
    for file in $(find archive/site -name '*.html' | head -n 200); do
        grep -q 'http-equiv="Content-Security-Policy"' "$file" || return 1
    done
}
check "every page contains the content security policy" every_page_has_a_policy

"$KHIZANA" serve archive/site --addr 127.0.0.1:18237 > /dev/null 2>&1 &
server=$!
python3 -m http.server 18238 --bind 127.0.0.1 --directory archive/site > /dev/null 2>&1 &
plain=$!
sleep 2
types_are_passive() {
    python3 - "$1" "$2" <<'PYTHON'
import os, sys, urllib.request
address, needs_headers = sys.argv[1], sys.argv[2] == "headers"
failed = False
for folder, _, names in os.walk("archive/site/f"):
    for name in names:
        path = os.path.relpath(os.path.join(folder, name), "archive/site")
        with urllib.request.urlopen(f"{address}/{path}") as answer:
            kind = answer.headers.get_content_type()
            passive = kind in ("application/octet-stream", "text/plain")
            sandboxed = answer.headers.get("Content-Security-Policy", "").startswith("sandbox") or "sandbox" in str(
                answer.headers.get_all("Content-Security-Policy"))
            sniffs = answer.headers.get("X-Content-Type-Options") != "nosniff"
            if not passive or (needs_headers and (sniffs or not sandboxed)):
                print("       ", path, kind, answer.headers.get_all("Content-Security-Policy"))
                failed = True
sys.exit(failed)
PYTHON
}
check "khizana serve sends passive types, nosniff and a sandbox" types_are_passive http://127.0.0.1:18237 headers
check "a plain server sends passive types" types_are_passive http://127.0.0.1:18238 none
kill "$server" "$plain"
