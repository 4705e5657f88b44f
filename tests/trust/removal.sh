#!/bin/sh
# Tables that would remove a large part of a collection.
. "$(dirname "$0")/checks.sh"
cd "$WORK" || exit 2
make_archive archive 100
table=archive-source/metadata.csv
expect 0 '' ingest archive-source --archive archive
cp "$table" good.csv
before=$(hash_of_folder archive/store)
unchanged() { [ "$(hash_of_folder archive/store)" = "$before" ]; }

head -c 500 good.csv > "$table"
check "a table cut at 500 bytes is refused" expect 2 removal-refused ingest archive-source --archive archive
check "a dry run lists the changes" expect 0 '' ingest archive-source --archive archive --dry-run
check "nothing was written" unchanged

sed 's/^item-/item-00/' good.csv > "$table"
check "identifiers with other zeros are refused" expect 2 removal-refused ingest archive-source --archive archive
sed 's/,file$/,files-of-the-item/' good.csv > "$table"
check "a renamed column of files is refused" expect 2 removal-refused ingest archive-source --archive archive
sed 's/Title/?????/' good.csv > "$table"
check "letters replaced by question marks are refused" expect 2 removal-refused ingest archive-source --archive archive
printf 'id,title@en,file\n' > "$table"
check "a table without rows is refused" expect 2 removal-refused ingest archive-source --archive archive
check "nothing was written" unchanged

mkdir -p other
make_source other/archive-source 5
sed -i 's/item-/other-/' other/archive-source/metadata.csv
check "another folder of the same name is refused" expect 2 collection-replaced ingest other/archive-source --archive archive
check "nothing was written" unchanged

head -n 89 good.csv > "$table"
check "another number than the requested one is refused" expect 2 removal-refused ingest archive-source --archive archive --remove 11
check "the requested number is removed" expect 0 '' ingest archive-source --archive archive --remove 12
cp good.csv "$table"
check "the items can be added again" expect 0 '' ingest archive-source --archive archive
check "the store is valid" expect 0 '' verify --archive archive
