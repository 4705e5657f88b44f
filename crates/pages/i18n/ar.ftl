# واجهة العارض بالعربية.

skip-to-content = انتقل إلى المحتوى
home = الرئيسية
browse = تصفّح
search = ابحث
search-label = البحث في الخزانة
search-hint = عنوان أو اسم أو مكان أو كلمة من نص
language-choice = اللغة
collections = المجموعات
browse-all = تصفّح الكل
breadcrumb = موضعك
pager = الصفحات
previous = السابقة
next = التالية
page-number = الصفحة { NUMBER($page) }
page-of = الصفحة { NUMBER($page) } من { NUMBER($pages) }
browse-title = تصفّح الخزانة
results-for = نتائج البحث عن «{ $query }»
narrow = حصر النتائج
filters = المرشّحات المختارة
filter-remove = أزل المرشّح: { $value }
filters-clear = أزل كل المرشّحات
show-all = أظهر الكل ({ NUMBER($count) })
did-you-mean = هل تقصد:
show-fewer = أظهر أقل
show-most = أظهر أكثر { NUMBER($count) } تكرارًا
years = السنوات
year-from = من
year-to = إلى
years-apply = طبّق
decade = عقد { $year }
sort = الترتيب
sort-relevance = الأقرب
sort-title = العنوان
sort-date = الأقدم أولًا
sort-date-descending = الأحدث أولًا
results = النتائج
nothing-found = لا نتائج
nothing-found-help = جرّب كلمة أقل أو أقصر، أو كتابة أخرى للاسم. البحث لا يفرّق بين صور الألف والتاء والياء ولا يحتاج إلى التشكيل.
nothing-here = لا مواد هنا بعد.
contents = المحتويات
pages = الصفحات
page-previous = الصفحة السابقة
page-next = الصفحة التالية
reading = عرض الصفحات
reading-single = صفحة واحدة
reading-spread = صفحتان
reading-scroll = تمرير
pages-overview = نظرة شاملة
page-go = الانتقال إلى الصفحة
page-go-do = انتقال
page-none = لا توجد صفحة بهذا الرقم.
pages-of = الصفحات { NUMBER($first) }–{ NUMBER($last) } من { NUMBER($pages) }
open-image = افتح الصورة بأكبر حجم
text-of-page = نص الصفحة
text-of-item = النص
table = الجدول
table-cut = تُعرض الصفوف ١–{ NUMBER($shown) } من { NUMBER($rows) }، وفي الملف جميعها.
text-loading = يُحمَّل النص…
text-open = افتح النص
lines-hint = سهما الأعلى والأسفل ينتقلان من سطر إلى سطر، ومفتاح الإدخال يُظهر السطر مكبَّرًا.
found-clear = أزل التمييز
transcript = التفريغ النصي
captions = التسميات التوضيحية
chapters = الفصول
transcript-find = ابحث في التفريغ
speed = السرعة
duration = المدة
image-missing = لا صورة لهذه المادة
details = البيانات
parts = الأجزاء
part-of = جزء من
collection = المجموعة
identifier = المعرّف
date = التاريخ
date-written = كما كُتب: { $date }
date-circa = نحو { $date }
date-from = منذ { $date }
date-until = حتى { $date }
date-uncertain = { $date } (؟)
date-before-era = { $year } ق.م
date-hijri = { $date } هـ
date-gregorian = { $date } م
languages = اللغة
rights = الحقوق
rights-none = لم تُذكر الحقوق.
location = الموقع
location-at = { $latitude } { $north }، { $longitude } { $east }
north = شمالًا
south = جنوبًا
east = شرقًا
west = غربًا
links = روابط
from-file = من بيانات الملف نفسه
downloads = التنزيل
download-image = صورة { $width } × { $height }
download-text = النص
size-bytes = { $size } بايت
size-kilobytes = { $size } ك.ب
size-megabytes = { $size } م.ب
cite = كيف تستشهد بها
copy = انسخ
permanent-link = الرابط الدائم
iiif-manifest = بيان IIIF
not-found-title = لا شيء في هذا العنوان
not-found-help = ربما تغيّر العنوان، أو كُتب ناقصًا. ابحث عن المادة، أو ابدأ من المجموعات.
failure-title = تعذّر عرض هذه الصفحة
failure-offline = لا اتصال بالشبكة. حين يعود الاتصال، أعد المحاولة.
failure-status = أجاب الخادم بالرمز { $status } بدلًا من الملف. قد يكون الخلل عابرًا.
failure-damaged = ما وصل ليس ما نُشر: بصمة الملف لا تطابق المنشور، فلم يُستعمل. قد يكون تلف في الطريق.
failure-unreadable = ملفات الأرشيف بصيغة لا يعرفها هذا العارض. حدّث الصفحة؛ فإن تكرّر الأمر فأخبر المؤسسة.
failure-text = تعذّر تحميل النص.
failure-start = لم يبدأ العارض، وهذه الصفحة لا تُملأ إلا به. المجموعات أدناه تُقرأ من دونه.
failure-detail = التفصيل: { $detail }
try-again = أعد المحاولة
loading = جارٍ التحميل…
loading-slow = يستغرق هذا وقتًا أطول من المعتاد. ما زلنا ننتظر.
script-needed = هذه الصفحة تحتاج إلى JavaScript. المجموعات التالية تُقرأ من دونه.
footer-note = نُشرت بخزانة. كل ملف يُقارن ببصمته قبل أن يُستعمل.
copied-announcement = نُسخ إلى الحافظة

items-count = { $count ->
     [zero] لا مواد
     [one] مادة واحدة
     [two] مادتان
     [few] { NUMBER($count) } مواد
     [many] { NUMBER($count) } مادة
    *[other] { NUMBER($count) } مادة
}
pages-count = { $count ->
     [zero] لا صفحات
     [one] صفحة واحدة
     [two] صفحتان
     [few] { NUMBER($count) } صفحات
     [many] { NUMBER($count) } صفحة
    *[other] { NUMBER($count) } صفحة
}
results-count = { $count ->
     [zero] لا نتائج
     [one] نتيجة واحدة
     [two] نتيجتان
     [few] { NUMBER($count) } نتائج
     [many] { NUMBER($count) } نتيجة
    *[other] { NUMBER($count) } نتيجة
}
collections-count = { $count ->
     [zero] لا مجموعات
     [one] مجموعة واحدة
     [two] مجموعتان
     [few] { NUMBER($count) } مجموعات
     [many] { NUMBER($count) } مجموعة
    *[other] { NUMBER($count) } مجموعة
}

## أشهر السنة الميلادية

month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر

## أشهر السنة الهجرية

hijri-month-1 = محرم
hijri-month-2 = صفر
hijri-month-3 = ربيع الأول
hijri-month-4 = ربيع الآخر
hijri-month-5 = جمادى الأولى
hijri-month-6 = جمادى الآخرة
hijri-month-7 = رجب
hijri-month-8 = شعبان
hijri-month-9 = رمضان
hijri-month-10 = شوال
hijri-month-11 = ذو القعدة
hijri-month-12 = ذو الحجة

## الحقول

field-title = العنوان
field-rights_text = بيان الحقوق
field-creator = المؤلف أو الصانع
field-contributor = المساهم
field-publisher = الناشر
field-subject = الموضوع
field-place = المكان
field-type = النوع
field-description = الوصف
field-medium = المادة والتقنية
field-format = الهيئة
field-dimensions = الأبعاد
field-source = المصدر
field-period = العصر
field-provenance = تاريخ الاقتناء
field-note = ملاحظة
field-relation = صلة
field-coverage = النطاق
field-alternative = عنوان آخر
field-text = النص
field-kind = نوع الملف
field-decade = العقد
field-century = القرن
field-hijri-decade = العقد الهجري
field-hijri-century = القرن الهجري

## عارض الصور

zoom-in = تكبير
zoom-out = تصغير
zoom-whole = الصورة كاملة
zoom-turn = تدوير
zoom-mirror = عكس أفقي
zoom-full = ملء الشاشة
zoom-light = السطوع والتباين
zoom-close = إغلاق
zoom-brightness = السطوع
zoom-contrast = التباين
zoom-invert = عكس الألوان
zoom-compare = مقارنة
zoom-with = قارن مع
zoom-nothing = لا صورة أخرى
zoom-over = إحداهما فوق الأخرى
zoom-part = مقدار ظهور الأخرى
zoom-scale = { $number }٪
length-um = { $number } ميكرومتر
length-mm = { $number } مم
length-cm = { $number } سم
length-m = { $number } م

## اللغات

language-ar = العربية
language-en = الإنجليزية
language-fr = الفرنسية
language-fa = الفارسية
language-ota = التركية العثمانية
language-tr = التركية
language-he = العبرية
language-syr = السريانية
language-arc = الآرامية
language-zgh = الأمازيغية المعيارية
language-ber = الأمازيغية
language-kab = القبائلية
language-ku = الكردية
language-ckb = الكردية السورانية
language-ur = الأردية
language-hy = الأرمنية
language-cop = القبطية
language-am = الأمهرية
language-el = اليونانية
language-grc = اليونانية القديمة
language-la = اللاتينية
language-es = الإسبانية
language-it = الإيطالية
language-de = الألمانية
language-und = غير معروفة
