#!/bin/sh
# A full disk, a read-only disk, a network disk with two computers, and a wrong clock. Needs root.
. "$(dirname "$0")/checks.sh"
cd "$WORK" || exit 2

make_source source 40

# A disk with 400 kB for originals of 800 kB.
mkdir small
check "a small disk can be mounted" mount -t tmpfs -o size=1m tmpfs small
MOUNTED="$MOUNTED $WORK/small"
"$KHIZANA" init small/archive > /dev/null
check "a full disk is reported" expect 2 disk-full ingest source --archive small/archive
mount -o remount,size=20m "$WORK/small"
check "the next run completes" expect 0 '' ingest source --archive small/archive
check "the store is valid" expect 0 '' verify --archive small/archive
before=$(hash_of_folder small/archive/store)
mount -o remount,size="$(($(du -sk small | cut -f 1) + 8))k" "$WORK/small"
check "a full disk is reported while publishing" expect 2 disk-full publish --archive small/archive
unchanged() { [ "$(hash_of_folder "$1")" = "$before" ]; }
check "the store was not changed" unchanged small/archive/store

# A read-only disk.
"$KHIZANA" init archive > /dev/null
expect 0 '' ingest source --archive archive
mkdir read-only
mount --bind archive read-only
check "a read-only disk can be mounted" mount -o remount,ro,bind read-only
MOUNTED="$MOUNTED $WORK/read-only"
before=$(hash_of_folder archive)
check "ingest reports a read-only disk" expect 2 store-read-only ingest source --archive read-only
check "repair reports a read-only disk" expect 2 store-read-only repair --archive read-only
check "verify works on a read-only disk" expect 0 '' verify --archive read-only
check "publish to another folder works" expect 0 '' publish --archive read-only --out "$WORK/site"
check "nothing was written" unchanged archive

# A network disk. The second computer is one with another host name, for which the lock is not visible.
printf '#!/bin/sh\nexec /usr/lib/openssh/sftp-server\n' > ssh
chmod +x ssh
mkdir nas share
check "a network disk can be mounted" sshfs -o ssh_command="$WORK/ssh" "localhost:$WORK/nas" share
MOUNTED="$MOUNTED $WORK/share"
export XDG_CACHE_HOME="$WORK/cache"
"$KHIZANA" init share/archive > /dev/null
check "an archive on a network disk can be filled" expect 0 '' ingest source --archive share/archive
check "its catalogue is on the local disk" sh -c 'ls cache/khizana/*/catalogue.sqlite > /dev/null && ! ls share/archive/catalogue.sqlite 2> /dev/null'
check "the mark of the writer was removed" [ ! -e share/archive/store-work/writer ]
printf 'other-computer 12345678' > share/archive/store-work/writer
check "a writer on another computer is refused" expect 2 archive-in-use ingest source --archive share/archive
check "the message names the computer" grep -q other-computer out.json
rm share/archive/store-work/writer
check "then the run completes" expect 0 '' ingest source --archive share/archive
check "it can be published" expect 0 '' publish --archive share/archive
check "the store is valid" expect 0 '' verify --archive share/archive
rm -r cache
check "another computer has no catalogue and makes one" expect 0 '' ingest source --archive share/archive

# A clock behind the newest state.
if command -v faketime > /dev/null; then
    printf 'item-new,New,0.bin\n' >> source/metadata.csv
    check "a clock behind the newest state is reported" sh -c \
        "faketime '2020-01-01' '$KHIZANA' ingest source --archive archive --json | grep -q clock-behind"
else
    check "faketime is installed" false
fi
