// axe-core.

import { readFileSync } from 'node:fs';

import { fromRoot } from './site.mjs';

const axe = readFileSync(fromRoot('node_modules/axe-core/axe.min.js'), 'utf8');

// Runs axe-core on a page with the rules of these tags, all rules if there are none. Returns the violations,
// each with the elements that violate the rule.
export async function axeViolations(page, tags) {
  // Evaluated through the debugging protocol, since the policy of the page allows no foreign script.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, runOnly ? { runOnly } : {}), tags);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, html }) => `${target.join(' ')} ${html}`).join('; ')}`);
}
