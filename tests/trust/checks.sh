# Functions of the other scripts. KHIZANA is the program, WORK a temporary folder.
KHIZANA=$(realpath "${1:?"usage: sh $0 KHIZANA"}")
WORK=$(mktemp -d)
FAILED=0
MOUNTED=

# Unmounts and removes everything, and sets the exit status.
finish() {
    cd /
    for folder in $MOUNTED; do
        umount "$folder" 2> /dev/null || umount -l "$folder"
    done
    rm -rf "$WORK"
    exit "$FAILED"
}
trap finish EXIT

# Prints whether a check succeeded: check DESCRIPTION COMMAND...
check() {
    description=$1
    shift
    if "$@"; then
        echo "ok      $description"
    else
        echo "FAILED  $description"
        FAILED=1
    fi
}

# Runs khizana and expects an exit status and, optionally, the code of an error or a problem:
# expect STATUS CODE ARGUMENT...
expect() {
    status=$1
    code=$2
    shift 2
    "$KHIZANA" "$@" --json > "$WORK/out.json" 2> "$WORK/err.txt"
    found=$?
    if [ "$found" != "$status" ]; then
        echo "        exit status $found, expected $status: $*"
        head -c 400 "$WORK/out.json"
        head -c 400 "$WORK/err.txt"
        return 1
    fi
    if [ -n "$code" ] && ! grep -q "\"code\": *\"$code\"" "$WORK/out.json"; then
        echo "        $code is not reported by: $*"
        head -c 400 "$WORK/out.json"
        return 1
    fi
}

# Prints the hash of all names and contents in a folder.
hash_of_folder() {
    (cd "$1" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum)
}

# Creates an archive in the folder $1 and a source with $2 items in $1-source.
make_archive() {
    "$KHIZANA" init "$1" > /dev/null
    make_source "$1-source" "$2"
}

make_source() {
    mkdir -p "$1"
    python3 - "$1" "$2" <<'PYTHON'
import random, sys
folder, count = sys.argv[1], int(sys.argv[2])
generator = random.Random(1)
with open(f"{folder}/metadata.csv", "w") as table:
    table.write("id,title@en,file\n")
    for number in range(count):
        table.write(f"item-{number},Title {number},{number}.bin\n")
        with open(f"{folder}/{number}.bin", "wb") as file:
            file.write(generator.randbytes(20000))
PYTHON
}
