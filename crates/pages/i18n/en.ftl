# The interface of the viewer in English.

skip-to-content = Skip to the content
home = Home
browse = Browse
search = Search
search-label = Search the archive
search-hint = A title, a name, a place, a word from a text
language-choice = Language
collections = Collections
browse-all = Browse everything
breadcrumb = Where you are
pager = Pages
previous = Previous
next = Next
page-number = Page { NUMBER($page) }
page-of = Page { NUMBER($page) } of { NUMBER($pages) }
browse-title = Browse the archive
results-for = Results for “{ $query }”
narrow = Narrow down
filters = Chosen filters
filter-remove = Remove the filter: { $value }
filters-clear = Remove all filters
show-all = Show all { NUMBER($count) }
did-you-mean = Did you mean:
show-fewer = Show fewer
show-most = Show the { NUMBER($count) } most frequent
years = Years
year-from = From
year-to = To
years-apply = Apply
decade = { $year }s
sort = Sort by
sort-relevance = Relevance
sort-title = Title
sort-date = Oldest first
sort-date-descending = Newest first
results = Results
nothing-found = Nothing was found
nothing-found-help = Try fewer or shorter words, or another spelling of a name. Accents, vowel signs and capital letters make no difference.
nothing-here = There is nothing here yet.
contents = Contents
pages = Pages
page-previous = Previous page
page-next = Next page
reading = Layout of the pages
reading-single = One page
reading-spread = Two pages
reading-scroll = Scroll
pages-overview = Overview
page-go = Go to page
page-go-do = Go
page-none = No page has this number.
pages-of = Pages { NUMBER($first) }–{ NUMBER($last) } of { NUMBER($pages) }
open-image = Open the image at its largest
text-of-page = Text of this page
text-of-item = Text
table = Table
table-cut = Rows 1–{ NUMBER($shown) } of { NUMBER($rows) } are shown; the file has all of them.
text-loading = The text is loading…
text-open = Open the text
lines-hint = The up and down arrows go from line to line; Enter shows the line close up.
found-clear = Remove the marks
transcript = Transcript
captions = Captions
chapters = Chapters
transcript-find = Find in the transcript
speed = Speed
duration = Length
image-missing = No picture of this item
details = Details
parts = Parts
part-of = Part of
collection = Collection
identifier = Identifier
date = Date
date-written = as written: { $date }
date-circa = c. { $date }
date-from = from { $date }
date-until = until { $date }
date-uncertain = { $date } (?)
date-before-era = { $year } BCE
date-hijri = { $date } AH
date-gregorian = { $date } CE
languages = Language
rights = Rights
rights-none = No rights are stated.
location = Location
location-at = { $latitude } { $north }, { $longitude } { $east }
north = N
south = S
east = E
west = W
links = Links
from-file = From the file itself
downloads = Download
download-image = Image, { $width } × { $height }
download-text = Text
size-bytes = { $size } bytes
size-kilobytes = { $size } kB
size-megabytes = { $size } MB
cite = How to cite
copy = Copy
permanent-link = Permanent link
iiif-manifest = IIIF manifest
not-found-title = There is nothing at this address
not-found-help = The address may have changed, or lack a part. Search for the item, or begin with the collections.
failure-title = This page could not be shown
failure-offline = There is no connection. Try again once it is back.
failure-status = The server answered { $status } instead of the file. It may be a passing fault.
failure-damaged = What arrived is not what was published: the file does not match its fingerprint, so it was not used. It may have been damaged on the way.
failure-unreadable = The files of the archive are in a form this viewer does not know. Reload the page; if that does not help, tell the institution.
failure-text = The text could not be loaded.
failure-start = The viewer could not start, and this page needs it. The collections below can be read without it.
failure-detail = Detail: { $detail }
try-again = Try again
loading = Loading…
loading-slow = This is taking longer than usual. Still waiting.
script-needed = This page needs JavaScript. These collections can be read without it.
footer-note = Published with Khizana. Every catalogue file is checked against its fingerprint before it is used.
copied-announcement = Copied to the clipboard

items-count = { $count ->
     [one] { NUMBER($count) } item
    *[other] { NUMBER($count) } items
}
pages-count = { $count ->
     [one] { NUMBER($count) } page
    *[other] { NUMBER($count) } pages
}
results-count = { $count ->
     [one] { NUMBER($count) } result
    *[other] { NUMBER($count) } results
}
collections-count = { $count ->
     [one] { NUMBER($count) } collection
    *[other] { NUMBER($count) } collections
}

## Months of the Gregorian calendar

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## Months of the Hijri calendar

hijri-month-1 = Muharram
hijri-month-2 = Safar
hijri-month-3 = Rabi I
hijri-month-4 = Rabi II
hijri-month-5 = Jumada I
hijri-month-6 = Jumada II
hijri-month-7 = Rajab
hijri-month-8 = Shaban
hijri-month-9 = Ramadan
hijri-month-10 = Shawwal
hijri-month-11 = Dhu al-Qada
hijri-month-12 = Dhu al-Hijja

## Fields

field-title = Title
field-rights_text = Rights statement
field-creator = Creator
field-contributor = Contributor
field-publisher = Publisher
field-subject = Subject
field-place = Place
field-type = Type
field-description = Description
field-medium = Medium
field-format = Format
field-dimensions = Dimensions
field-source = Source
field-period = Period
field-provenance = Provenance
field-note = Note
field-relation = Relation
field-coverage = Coverage
field-alternative = Other title
field-text = Text
field-kind = Kind of file
field-decade = Decade
field-century = Century
field-hijri-decade = Hijri decade
field-hijri-century = Hijri century

## The deep-zoom view

zoom-in = Closer
zoom-out = Farther
zoom-whole = Whole image
zoom-turn = Turn
zoom-mirror = Mirror
zoom-full = Full screen
zoom-light = Brightness and contrast
zoom-close = Close
zoom-brightness = Brightness
zoom-contrast = Contrast
zoom-invert = Inverted
zoom-compare = Compare
zoom-with = Compare with
zoom-nothing = No other image
zoom-over = One over the other
zoom-part = How much of the other is seen
zoom-scale = { $number }%
length-um = { $number } µm
length-mm = { $number } mm
length-cm = { $number } cm
length-m = { $number } m

## Languages

language-ar = Arabic
language-en = English
language-fr = French
language-fa = Persian
language-ota = Ottoman Turkish
language-tr = Turkish
language-he = Hebrew
language-syr = Syriac
language-arc = Aramaic
language-zgh = Standard Moroccan Amazigh
language-ber = Amazigh
language-kab = Kabyle
language-ku = Kurdish
language-ckb = Central Kurdish
language-ur = Urdu
language-hy = Armenian
language-cop = Coptic
language-am = Amharic
language-el = Greek
language-grc = Ancient Greek
language-la = Latin
language-es = Spanish
language-it = Italian
language-de = German
language-und = Unknown
