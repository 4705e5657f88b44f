// The views, each with a path that displays it.

export const shard = encodeURIComponent('قطعة-خزف');

export const views = [
  { name: 'home', path: (lang) => `${lang}/`, view: 'home' },
  { name: 'collection', path: (lang) => `${lang}/collection/cabinet/`, view: 'collection' },
  { name: 'collection-page-2', path: (lang) => `${lang}/collection/letters/page/2/`, view: 'collection' },
  { name: 'browse', path: (lang) => `${lang}/browse/`, view: 'browse' },
  { name: 'results', path: (lang) => `${lang}/browse/?q=${encodeURIComponent(lang === 'ar' ? 'نجوم' : 'stars')}`, view: 'browse' },
  { name: 'filtered', path: (lang) => `${lang}/browse/?collection=cabinet`, view: 'browse' },
  { name: 'timeline', path: (lang) => `${lang}/browse/?q=${encodeURIComponent(lang === 'ar' ? 'رسالة' : 'letter')}&f.date:decade=1830&f.date:decade=1840&from=1800&to=1850`, view: 'browse' },
  { name: 'list', path: (lang) => `${lang}/browse/?view=list`, view: 'browse' },
  { name: 'table', path: (lang) => `${lang}/browse/?q=${encodeURIComponent(lang === 'ar' ? 'نجوم' : 'stars')}&view=table`, view: 'browse' },
  { name: 'facet-value', path: (lang) => `${lang}/browse/collection/letters/`, view: 'browse' },
  { name: 'excerpts', path: (lang) => `${lang}/browse/?q=${encodeURIComponent('صفيحة')}`, view: 'browse' },
  { name: 'suggestion', path: (lang) => `${lang}/browse/?q=${lang === 'ar' ? encodeURIComponent('الأسطرلابب') : 'lettter'}`, view: 'browse' },
  { name: 'no-results', path: (lang) => `${lang}/browse/?q=qqqqqqq%20letter`, view: 'browse', state: 'empty' },
  { name: 'book', path: (lang) => `${lang}/item/kitab-al-nujum/`, view: 'item' },
  { name: 'book-page-3', path: (lang) => `${lang}/item/kitab-al-nujum/?page=3`, view: 'item' },
  { name: 'image', path: (lang) => `${lang}/item/plate-cairo/`, view: 'item' },
  { name: 'sound', path: (lang) => `${lang}/item/maqam-rast/`, view: 'item' },
  { name: 'without-files', path: (lang) => `${lang}/item/letter-007/`, view: 'item' },
  { name: 'arabic-identifier', path: (lang) => `${lang}/item/${shard}/`, view: 'item' },
];
