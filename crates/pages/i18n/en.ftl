# Interface text in English.

skip-to-content = Skip to content
home = Home
browse = Browse
search = Search
search-label = Search the archive
search-hint = Name, place, word
language-choice = Language
collections = Collections
browse-all = Browse all items
sections = Sections of the collection
all-items = All items
breadcrumb = Breadcrumb
pager = Pagination
previous = Previous
next = Next
neighbours = Previous and next item
page-number = Page { NUMBER($page) }
read-part = Read on page { $pages }
part-pages = p. { $pages }
page-of = Page { NUMBER($page) } of { NUMBER($pages) }
browse-title = Browse the archive
results-for = Results for “{ $query }”
filter-items = Filter items
filters = Active filters
filter-remove = Remove filter: { $value }
filters-clear = Clear all filters
show-all = Show all { NUMBER($count) }
did-you-mean = Did you mean:
show-fewer = Show fewer
show-most = Show the { NUMBER($count) } most common
years = Years
year-from = From
year-to = To
years-apply = Apply
year-first = First year
year-last = Last year
years-narrow = Narrow to these years
decade = { $year }s
sort-by = Sort: { $order }
sort-relevance = Relevance
sort-title = Title
sort-date = Oldest first
sort-date-descending = Newest first
results = Results
layout-choice = View
layout-shelf = Shelf
layout-list = List
layout-table = Table
nothing-found = No results found
nothing-found-help = Try fewer or shorter words, or another spelling of a name. Accents, vowel signs and capital letters are ignored.
offers = Perhaps one of these was meant:
offer-spelling = another spelling
offer-fewer = without “{ $word }”
offer-unfiltered = without filters
offer-languages = The same search in:
search-needs-script = Searching, combining filters and turning the pages of results require JavaScript. Without it, the menus lead to the first items with a value, and all items are in the collections:
search-not-started = The viewer could not be started, and the search does not work without it. All items are in the collections:
no-items = There are no items yet.
contents = Contents
pages = Pages
page-previous = Previous page
page-next = Next page
reading = Page layout
reading-single = Single page
reading-spread = Facing pages
reading-scroll = Continuous scroll
pages-overview = All pages
page-go = Go to page
page-go-do = Go
page-none = There is no page with this number.
pages-of = Pages { NUMBER($first) }–{ NUMBER($last) } of { NUMBER($pages) }
open-image = View full size
text-of-page = Page text
text-of-item = Text
table = Table
table-cut = Showing rows 1–{ NUMBER($shown) } of { NUMBER($rows) }. The file contains all rows.
text-loading = Loading text…
text-open = View text
lines-hint = Use the up and down arrow keys to move between lines. Press Enter to zoom in on a line.
found-clear = Clear highlights
transcript = Transcript
captions = Captions
chapters = Chapters
transcript-find = Search the transcript
speed = Playback speed
duration = Duration
image-missing = No image available
remote-image = Displayed from { $host }
details = Details
parts = Parts
part-of = Part of
related = Related items
same-creator = Same creator:
same-place = Same place:
same-subject = Same subject:
same-field = { $field }:
collection = Collection
identifier = Identifier
date = Date
date-written = as written: { $date }
date-circa = c. { $date }
date-from = from { $date }
date-until = until { $date }
date-from-circa = from about { $date }
date-until-circa = until about { $date }
date-uncertain = { $date } (?)
date-before-era = { $year } BCE
date-hijri = { $date } AH
date-gregorian = { $date } CE
date-converted = { $date } CE (converted)
date-converted-days = { $date } CE (converted, ± 2 days)
languages = Language
rights = Rights
no-rights = No rights information is available.
location = Coordinates
map-of = Map: { $place }
location-at = { $latitude } { $north }, { $longitude } { $east }
north = N
south = S
east = E
west = W
links = Links
embedded-metadata = From embedded metadata
downloads = Downloads
download-image = Image, { $width } × { $height }
download-text = Text
size-bytes = { $size } bytes
size-kilobytes = { $size } kB
size-megabytes = { $size } MB
cite = Cite this item
copy = Copy citation
permanent-link = Permanent link
iiif-manifest = IIIF manifest
not-found-title = Page not found
not-found-help = The address may be wrong, or the page may have moved. Search for the item, or start from the collections.
offline-title = No connection
offline-help = This page has not been opened before, so it cannot be read without a connection. These pages can:
failure-title = This page could not be loaded
failure-offline = No connection. Check your internet connection and try again.
failure-status = The server responded with error { $status }. Try again in a few minutes.
failure-damaged = A file does not match its published checksum and was not used. It may have been damaged during transfer.
failure-unreadable = This version of the viewer cannot read the files of the archive. Reload the page. If the problem persists, contact the institution.
failure-image = The image could not be loaded.
failure-text = The text could not be loaded.
failure-start = The viewer could not be started, and this page does not work without it. You can browse the collections below.
failure-detail = Details: { $detail }
try-again = Try again
loading = Loading…
loading-slow = This is taking longer than usual.
script-needed = This page requires JavaScript. You can browse these collections without it.
footer-note = Published with Khizana. Every catalogue file is verified against its checksum before it is used.
footer = Site links
tools = Tools
enlarge = Enlarge
share = Share
cite-short = Cite
download = Download
copy-link = Copy the link
embed-copy = Copy the code to embed
share-with = Send…
other-languages = In other languages
copied = Copied to clipboard

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
hijri-month-3 = Rabi‘ I
hijri-month-4 = Rabi‘ II
hijri-month-5 = Jumada I
hijri-month-6 = Jumada II
hijri-month-7 = Rajab
hijri-month-8 = Sha‘ban
hijri-month-9 = Ramadan
hijri-month-10 = Shawwal
hijri-month-11 = Dhu al-Qa‘da
hijri-month-12 = Dhu al-Hijja

## Fields

field-title = Title
field-pages = Pages
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
field-relation = Related
field-coverage = Coverage
field-alternative = Alternative title
field-text = Text
field-kind = File type
field-decade = Decade
field-century = Century
field-hijri-decade = Hijri decade
field-hijri-century = Hijri century

## Deep zoom

zoom-in = Zoom in
zoom-out = Zoom out
zoom-fit = Fit to screen
zoom-rotate = Rotate
zoom-flip = Flip horizontally
zoom-full-screen = Full screen
zoom-light = Brightness and contrast
zoom-cite = Copy a citation of this detail
zoom-close = Close
zoom-brightness = Brightness
zoom-contrast = Contrast
zoom-invert = Invert colours
zoom-compare = Compare
zoom-compare-hint = Choose a second image: another page, a related item, or an image that you enlarged before. To add an image to the list, enlarge it on its page.
zoom-with = Compare with
zoom-compare-none = None
zoom-over = Overlay
zoom-part = Overlay opacity
zoom-scale = { $number }%
length-um = { $number } µm
length-mm = { $number } mm
length-cm = { $number } cm
length-m = { $number } m

## Citations

cite-and = and
cite-others = et al.
cite-in = In
cite-no-date = n.d.
cite-accessed = Accessed { $date }
cite-retrieved = Retrieved { $date }, from
cite-online = Online
cite-available = Available from:
cite-detail = detail
cite-page = p. { $page }
cite-pages = pp. { $pages }
cite-volume = vol. { $number }
cite-issue = no. { $number }
cite-styles = Other styles and formats
cite-formats = For reference managers
kind-artwork = Artwork
kind-dataset = Data set
kind-film = Film
kind-image = Image
kind-interview = Interview
kind-letter = Letter
kind-manuscript = Manuscript
kind-map = Map
kind-object = Object
kind-photograph = Photograph
kind-postcard = Postcard
kind-poster = Poster
kind-score = Musical score
kind-sound = Audio recording
kind-speech = Speech
kind-thesis = Thesis
kind-video = Video recording

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
language-zgh = Standard Moroccan Tamazight
language-ber = Amazigh languages
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

# The institution
menu = Menu
partners = In cooperation with
descriptions-license = License of the descriptions:
contact = Contact:
page-in-other-language = This page is not available in English. It is displayed in another language: { $language }.
featured = Selected items
