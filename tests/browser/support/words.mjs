// What the interface says, from the viewer's own Fluent files: tests do not repeat its words.

import { readFileSync } from 'node:fs';

import { fromRoot } from './site.mjs';

export const languages = ['ar', 'en', 'fr'];

const messages = Object.fromEntries(
  languages.map((lang) => {
    const text = readFileSync(fromRoot(`crates/pages/i18n/${lang}.ftl`), 'utf8');
    return [lang, new Map([...text.matchAll(/^([a-z][a-z0-9-]*) = (.+)$/gm)].map((m) => [m[1], m[2]]))];
  }),
);

// A message without plural forms, its variables filled in.
export function word(lang, key, values = {}) {
  const message = messages[lang].get(key);
  if (message === undefined) throw new Error(`${lang}.ftl has no ${key}`);
  return message.replace(/\{ (?:NUMBER\()?\$([a-z]+)\)? \}/g, (_, name) => {
    const value = values[name];
    return typeof value === 'number' ? number(lang, value) : value;
  });
}

// A number in the digits of the interface.
export function number(lang, value) {
  const digits = String(value);
  return lang === 'ar' ? digits.replace(/\d/g, (d) => '٠١٢٣٤٥٦٧٨٩'[d]) : digits;
}
