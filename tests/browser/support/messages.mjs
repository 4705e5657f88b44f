// The messages of the interface, read from the Fluent files of the viewer, so that tests do not repeat them.

import { readFileSync } from 'node:fs';

import { fromRoot } from './site.mjs';

export const languages = ['ar', 'en', 'fr'];

const messages = Object.fromEntries(
  languages.map((lang) => {
    const text = readFileSync(fromRoot(`crates/pages/i18n/${lang}.ftl`), 'utf8');
    return [lang, new Map([...text.matchAll(/^([a-z][a-z0-9-]*) = (.+)$/gm)].map((m) => [m[1], m[2]]))];
  }),
);

// Formats a message that has no plural forms.
export function message(lang, key, values = {}) {
  const pattern = messages[lang].get(key);
  if (pattern === undefined) throw new Error(`${lang}.ftl has no ${key}`);
  return pattern.replace(/\{ (?:NUMBER\()?\$([a-z]+)\)? \}/g, (_, name) => {
    const value = values[name];
    return typeof value === 'number' ? number(lang, value) : value;
  });
}

// Formats a number in the digits of the interface language.
export function number(lang, value) {
  const digits = String(value);
  return lang === 'ar' ? digits.replace(/\d/g, (d) => '٠١٢٣٤٥٦٧٨٩'[d]) : digits;
}
