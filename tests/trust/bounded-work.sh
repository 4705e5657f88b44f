#!/bin/sh
# Sources that take much time or memory if the work is not linear. Each run has 20 seconds and 1 GB.
. "$(dirname "$0")/checks.sh"
cd "$WORK" || exit 2
"$KHIZANA" init archive > /dev/null

# Runs `check` on a source: bounded DESCRIPTION SOURCE STATUS CODE
bounded() {
    start=$(date +%s)
    memory=$(/usr/bin/time -f %M timeout 20 "$KHIZANA" check "$2" --json 2>&1 > "$WORK/out.json" | tail -n 1)
    seconds=$(($(date +%s) - start))
    fits() { [ "$seconds" -lt 20 ] && [ "$memory" -lt 1000000 ]; }
    check "$1: $seconds s, $((memory / 1000)) MB" fits
    if [ -n "$3" ]; then
        check "$1: reports $3" grep -q "\"code\": *\"$3\"" "$WORK/out.json"
    fi
}

python3 - <<'PYTHON'
import os
os.makedirs("cycle")
with open("cycle/metadata.csv", "w") as table:
    table.write("id,title,parent\n")
    for n in range(20000):
        table.write(f"i{n},Title,i{(n + 1) % 20000}\n")
os.makedirs("chain")
with open("chain/metadata.csv", "w") as table:
    table.write("id,title,parent\ni0,Title,\n")
    for n in range(1, 20000):
        table.write(f"i{n},Title,i{n - 1}\n")
os.makedirs("pages/book")
with open("pages/metadata.csv", "w") as table:
    table.write("id,title,file\nbook,Title,book\n")
for n in range(100000):
    with open(f"pages/book/{n}.txt", "w") as page:
        page.write("x")
os.makedirs("missing/many")
for n in range(20000):
    with open(f"missing/many/{n}.txt", "w") as file:
        file.write("x")
with open("missing/metadata.csv", "w") as table:
    table.write("id,title,file\n")
    for n in range(20000):
        table.write(f"i{n},Title,many/{n}.tif\n")
os.makedirs("long")
with open("long/metadata.csv", "w") as table:
    table.write("id,title\nlong," + "x" * 100_000_000 + "\n")
os.makedirs("wide")
with open("wide/metadata.csv", "w") as table:
    table.write("id," + ",".join(f"c{n}" for n in range(50000)) + "\n")
    table.write("i0," + ",".join("x" for n in range(50000)) + "\n")
os.makedirs("deep")
with open("deep/metadata.json", "w") as table:
    table.write('[{"id": "a", "title": ' + "[" * 100000 + "]" * 100000 + "}]")
PYTHON
bounded "a cycle of 20,000 parents" cycle parent-cycle
bounded "a chain of 20,000 parents" chain ''
bounded "100,000 pages in a folder" pages ''
bounded "20,000 missing files in a folder of 20,000" missing file-missing
bounded "a title of 100 MB" long value-too-long
bounded "50,000 columns" wide ''
bounded "JSON that is nested 100,000 times" deep ''
