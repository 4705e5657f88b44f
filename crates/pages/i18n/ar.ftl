# نصوص الواجهة بالعربية.

skip-to-content = الانتقال إلى المحتوى
home = الرئيسية
browse = تصفّح
search = بحث
search-label = البحث في الأرشيف
search-hint = اسم أو مكان أو كلمة
language-choice = اللغة
collections = المجموعات
browse-all = تصفّح جميع المواد
sections = أقسام المجموعة
all-items = جميع المواد
breadcrumb = مسار التنقل
pager = التنقل بين الصفحات
previous = السابقة
next = التالية
neighbours = المادة السابقة والتالية
page-number = الصفحة { NUMBER($page) }
read-part = اقرأ من الصفحة { $pages }
part-pages = ص { $pages }
page-of = الصفحة { NUMBER($page) } من { NUMBER($pages) }
browse-title = تصفّح الأرشيف
results-for = نتائج البحث عن «{ $query }»
filter-items = تصفية المواد
filters = عوامل التصفية المحدّدة
filter-remove = إزالة عامل التصفية: { $value }
filters-clear = إزالة جميع عوامل التصفية
show-all = عرض الكل ({ NUMBER($count) })
did-you-mean = هل تقصد:
show-fewer = عرض أقل
show-most = عرض الأكثر تكرارًا ({ NUMBER($count) })
years = السنوات
year-from = من
year-to = إلى
years-apply = تطبيق
year-first = السنة الأولى
year-last = السنة الأخيرة
years-narrow = حصر النتائج في هذه السنوات
decade = عقد { $year }
sort-by = الترتيب: { $order }
sort-relevance = الأكثر صلة
sort-title = العنوان
sort-date = الأقدم أولًا
sort-date-descending = الأحدث أولًا
results = النتائج
layout-choice = طريقة العرض
layout-shelf = رفّ
layout-list = قائمة
layout-table = جدول
nothing-found = لا توجد نتائج
nothing-found-help = جرّب كلمات أقل أو أقصر، أو تهجئة أخرى للاسم. لا يميّز البحث بين صور الألف والياء والتاء المربوطة، ويتجاهل التشكيل.
offers = لعلّ المقصود أحد هذه:
offer-spelling = تهجئة أخرى
offer-fewer = من دون «{ $word }»
offer-unfiltered = من دون عوامل التصفية
offer-languages = البحث نفسه بلغة أخرى:
search-needs-script = يتطلب البحث والجمع بين عوامل التصفية والتنقل بين صفحات النتائج JavaScript. من دونه تؤدي القوائم إلى أولى المواد التي لها قيمة معيّنة، وجميع المواد في المجموعات:
search-not-started = تعذّر تشغيل العارض، ولا يعمل البحث من دونه. جميع المواد في المجموعات:
no-items = لا توجد مواد بعد.
contents = المحتويات
pages = الصفحات
page-previous = الصفحة السابقة
page-next = الصفحة التالية
reading = طريقة عرض الصفحات
reading-single = صفحة واحدة
reading-spread = صفحتان متقابلتان
reading-scroll = تمرير متواصل
pages-overview = جميع الصفحات
page-go = الانتقال إلى صفحة
page-go-do = انتقال
page-none = لا توجد صفحة بهذا الرقم.
pages-of = الصفحات { NUMBER($first) }–{ NUMBER($last) } من { NUMBER($pages) }
open-image = عرض بالحجم الكامل
text-of-page = نص الصفحة
text-of-item = النص
table = الجدول
table-cut = تُعرض الصفوف ١–{ NUMBER($shown) } من { NUMBER($rows) }. يحتوي الملف على جميع الصفوف.
text-loading = جارٍ تحميل النص…
text-open = عرض النص
lines-hint = استخدم سهمي الأعلى والأسفل للتنقل بين السطور. اضغط مفتاح الإدخال لتكبير السطر.
found-clear = إزالة التمييز
transcript = التفريغ النصي
captions = التسميات التوضيحية
chapters = الفصول
transcript-find = البحث في التفريغ النصي
speed = سرعة التشغيل
duration = المدة
image-missing = لا تتوفر صورة
remote-image = صورة معروضة من المضيف { $host }
details = التفاصيل
parts = الأجزاء
part-of = جزء من
related = مواد ذات صلة
same-creator = المؤلف أو الصانع نفسه:
same-place = المكان نفسه:
same-subject = الموضوع نفسه:
same-field = { $field }:
collection = المجموعة
identifier = المعرّف
date = التاريخ
date-written = كما ورد: { $date }
date-circa = نحو { $date }
date-from = منذ { $date }
date-until = حتى { $date }
date-from-circa = منذ نحو { $date }
date-until-circa = حتى نحو { $date }
date-uncertain = { $date } (؟)
date-before-era = { $year } ق.م
date-hijri = { $date } هـ
date-gregorian = { $date } م
date-converted = { $date } م (محوّل)
date-converted-days = { $date } م (محوّل، بفارق يومين على الأكثر)
languages = اللغة
rights = الحقوق
no-rights = لا تتوفر معلومات عن الحقوق.
location = الإحداثيات
map-of = خريطة: { $place }
location-at = { $latitude } { $north }، { $longitude } { $east }
north = شمالًا
south = جنوبًا
east = شرقًا
west = غربًا
links = روابط
embedded-metadata = من البيانات المضمّنة في الملف
downloads = التنزيلات
download-image = صورة { $width } × { $height }
download-text = النص
size-bytes = { $size } بايت
size-kilobytes = { $size } كيلوبايت
size-megabytes = { $size } ميغابايت
cite = الاستشهاد بهذه المادة
copy = نسخ الاستشهاد
permanent-link = الرابط الدائم
iiif-manifest = بيان IIIF
not-found-title = الصفحة غير موجودة
not-found-help = ربما كان العنوان خاطئًا أو نُقلت الصفحة. ابحث عن المادة، أو ابدأ من المجموعات.
offline-title = لا يوجد اتصال بالشبكة
offline-help = لم تُفتح هذه الصفحة من قبل، فلا يمكن قراءتها دون اتصال. أما هذه الصفحات فيمكن قراءتها:
failure-title = تعذّر تحميل هذه الصفحة
failure-offline = لا يوجد اتصال. تحقّق من اتصالك بالإنترنت ثم أعد المحاولة.
failure-status = استجاب الخادم بالخطأ { $status }. أعد المحاولة بعد بضع دقائق.
failure-damaged = لا يطابق أحد الملفات بصمته الرقمية المنشورة، ولذلك لم يُستخدم. ربما تلف أثناء النقل.
failure-unreadable = لا يستطيع هذا الإصدار من العارض قراءة ملفات الأرشيف. أعد تحميل الصفحة. إذا استمرت المشكلة، فتواصل مع المؤسسة.
failure-image = تعذّر تحميل الصورة.
failure-text = تعذّر تحميل النص.
failure-start = تعذّر تشغيل العارض، ولا تعمل هذه الصفحة من دونه. يمكنك تصفّح المجموعات أدناه.
failure-detail = التفاصيل: { $detail }
try-again = إعادة المحاولة
loading = جارٍ التحميل…
loading-slow = يستغرق هذا وقتًا أطول من المعتاد.
script-needed = تتطلب هذه الصفحة JavaScript. يمكنك تصفّح هذه المجموعات من دونه.
footer-note = نُشر باستخدام «خزانة». يُتحقَّق من كل ملف في الفهرس بمطابقته ببصمته الرقمية قبل استخدامه.
footer = روابط الموقع
tools = أدوات المادة
enlarge = تكبير
share = مشاركة
cite-short = استشهاد
download = تنزيل
copy-link = نسخ الرابط
embed-copy = نسخ شيفرة التضمين
share-with = إرسال…
other-languages = بلغات أخرى
copied = نُسخ إلى الحافظة

items-count = { $count ->
     [zero] لا توجد مواد
     [one] مادة واحدة
     [two] مادتان
     [few] { NUMBER($count) } مواد
     [many] { NUMBER($count) } مادة
    *[other] { NUMBER($count) } مادة
}
pages-count = { $count ->
     [zero] لا توجد صفحات
     [one] صفحة واحدة
     [two] صفحتان
     [few] { NUMBER($count) } صفحات
     [many] { NUMBER($count) } صفحة
    *[other] { NUMBER($count) } صفحة
}
results-count = { $count ->
     [zero] لا توجد نتائج
     [one] نتيجة واحدة
     [two] نتيجتان
     [few] { NUMBER($count) } نتائج
     [many] { NUMBER($count) } نتيجة
    *[other] { NUMBER($count) } نتيجة
}
collections-count = { $count ->
     [zero] لا توجد مجموعات
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
field-pages = الصفحات
field-rights_text = بيان الحقوق
field-creator = المؤلف أو الصانع
field-contributor = المساهم
field-publisher = الناشر
field-subject = الموضوع
field-place = المكان
field-type = النوع
field-description = الوصف
field-medium = الخامة والتقنية
field-format = الصيغة
field-dimensions = الأبعاد
field-source = المصدر
field-period = الحقبة
field-provenance = تاريخ الملكية
field-note = ملاحظة
field-relation = مواد ذات صلة
field-coverage = التغطية
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
zoom-fit = ملاءمة الشاشة
zoom-rotate = تدوير
zoom-flip = قلب أفقي
zoom-full-screen = ملء الشاشة
zoom-light = السطوع والتباين
zoom-cite = انسخ إحالة إلى هذا التفصيل
zoom-close = إغلاق
zoom-brightness = السطوع
zoom-contrast = التباين
zoom-invert = عكس الألوان
zoom-compare = مقارنة
zoom-compare-hint = اختر صورة ثانية: صفحة أخرى من المادة، أو مادة ذات صلة، أو صورة كبّرتها من قبل. لإضافة صورة إلى القائمة، افتح «تكبير» في صفحتها.
zoom-with = مقارنة مع
zoom-compare-none = بلا مقارنة
zoom-over = تراكب
zoom-part = عتامة التراكب
zoom-scale = { $number }٪
length-um = { $number } ميكرومتر
length-mm = { $number } مم
length-cm = { $number } سم
length-m = { $number } م

## الاستشهاد

cite-and = و
cite-others = وآخرون
cite-in = في
cite-no-date = د.ت.
cite-accessed = اطُّلع عليه في { $date }
cite-retrieved = استُرجع في { $date } من
cite-online = على الإنترنت
cite-available = متاح على:
cite-detail = تفصيل
cite-page = ص { $page }
cite-pages = ص { $pages }
cite-volume = مج { $number }
cite-issue = ع { $number }
cite-styles = أساليب وصيغ أخرى
cite-formats = لبرامج إدارة المراجع
kind-artwork = عمل فني
kind-dataset = مجموعة بيانات
kind-film = فيلم
kind-image = صورة
kind-interview = مقابلة
kind-letter = رسالة
kind-manuscript = مخطوط
kind-map = خريطة
kind-object = قطعة
kind-photograph = صورة فوتوغرافية
kind-postcard = بطاقة بريدية
kind-poster = ملصق
kind-score = نوتة موسيقية
kind-sound = تسجيل صوتي
kind-speech = خطبة
kind-thesis = أطروحة
kind-video = تسجيل مرئي

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
language-zgh = الأمازيغية المغربية المعيارية
language-ber = اللغات الأمازيغية
language-kab = القبائلية
language-ku = الكردية
language-ckb = الكردية المركزية
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

# The institution
menu = القائمة
partners = بالتعاون مع
descriptions-license = رخصة الأوصاف:
contact = للتواصل:
page-in-other-language = هذه الصفحة غير متوفرة بالعربية، وهي معروضة بلغة أخرى: { $language }.
featured = مواد مختارة
