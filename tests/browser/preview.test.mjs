// The page of `khizana preview`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { axeViolations } from './support/axe.mjs';
import { eventually, launch, visit } from './support/browser.mjs';
import { squares } from './support/images.mjs';
import { program, workFolder } from './support/site.mjs';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// The frame has no scripts until the site has been published.
const expected = [/Blocked script execution/];

const folder = join(workFolder, 'source');
const description = 'word '.repeat(600);
const rows = [
  'id,title@ar,title@en,date,description@en,file',
  `a,الأول,First,1900,${description},scan.png`,
  'b,الثاني,Second,15/03/1906,,',
  'c,الثالث,Third,,,missing.png',
];

// Replaces the table as a spreadsheet program does: with a new file.
function write(table) {
  writeFileSync(join(folder, 'new.tmp'), `${table.join('\n')}\n`);
  renameSync(join(folder, 'new.tmp'), join(folder, 'metadata.csv'));
}

let address, browser, child;
before(async () => {
  browser = await launch();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'scan.png'), squares(600, 400));
  write(rows);
  child = spawn(program, ['preview', folder, '--addr', '127.0.0.1:0', '--no-open'], {
    cwd: workFolder, stdio: ['ignore', 'ignore', 'pipe'],
  });
  address = await new Promise((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (data) => {
      output += data;
      const match = output.match(/http:\/\/[\d.:]+\/\.preview\//);
      if (match) resolve(match[0]);
    });
    child.on('exit', () => reject(new Error(`khizana preview ended: ${output}`)));
  });
});
after(async () => {
  await browser?.close();
  child?.kill();
});

const frameOf = (page) => page.frame({ name: 'site' });

// Waits until everything is up to date and displayed.
const settled = (page) => page.waitForSelector('body[data-state=ready]');

// Opens the page, and a page of the site in its frame.
async function openPreview(page, lang, path) {
  await page.goto(`${address}?lang=${lang}`);
  await settled(page);
  if (path) await page.evaluate((path) => { document.getElementById('site').src = path; }, path);
  await eventually(() => frameOf(page).evaluate((path) => document.readyState === 'complete' && (!path || location.pathname === path), path));
}

for (const [lang, direction, remedy] of [['ar', 'rtl', 'ما العمل'], ['fr', 'ltr', 'Que faire'], ['en', 'ltr', 'What to do']]) {
  it(`the page in ${lang} lists the problems, fits narrow screens and is accessible`, () => visit(browser, address, async (page) => {
    await openPreview(page, lang);
    assert.equal(await page.evaluate(() => document.documentElement.dir), direction);
    const problems = page.locator('.problems > li');
    await eventually(async () => await problems.count() === 2);
    assert.ok((await problems.first().innerText()).includes(remedy));
    assert.equal(await problems.locator('h3').count(), 2);
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${width} pixels wide`);
      assert.deepEqual(await axeViolations(page, rules), [], `${width} pixels wide`);
      const [frame, report] = await Promise.all(['#site', '#report'].map((id) => page.locator(id).boundingBox()));
      if (width === 360) assert.ok(report.y >= frame.y + frame.height, 'the problems are below the site');
      else assert.ok(report.x >= frame.x + frame.width || frame.x >= report.x + report.width, 'the problems are next to the site');
    }
  }, { expected }));
}

describe('a curator', () => {
  it('filters the problems by kind', () => visit(browser, address, async (page) => {
    await openPreview(page, 'en');
    const problems = page.locator('.problems > li');
    await eventually(async () => await problems.count() === 2);
    await page.selectOption('#kind', 'file-missing');
    await eventually(async () => await problems.count() === 1);
    assert.ok((await problems.innerText()).includes('missing.png'));
    await page.selectOption('#kind', '');
    await eventually(async () => await problems.count() === 2);
  }, { expected }));

  it('follows a problem to the page of its item', () => visit(browser, address, async (page) => {
    await openPreview(page, 'en');
    await page.locator('.problems a', { hasText: 'b' }).first().click();
    await eventually(() => frameOf(page).evaluate(() => document.querySelector('h1')?.innerText === 'Second'));
  }, { expected }));

  it('sees a changed cell at the same position of the page', () => visit(browser, address, async (page) => {
    await page.setViewportSize({ width: 1200, height: 500 });
    await openPreview(page, 'en', '/en/item/a/');
    await eventually(() => frameOf(page).evaluate(() => {
      scrollTo({ top: 300, behavior: 'instant' });
      return scrollY === 300;
    }));
    write(rows.map((row) => row.replace('First', 'Changed')));
    await eventually(() => frameOf(page).evaluate(() => document.querySelector('h1')?.innerText === 'Changed' && scrollY === 300));
    await settled(page);
    await eventually(() => frameOf(page).evaluate(() => document.querySelector('h1')?.innerText === 'Changed' && scrollY === 300));
  }, { expected }));

  it('sees the error of a table that cannot be read, and the last good site', () => visit(browser, address, async (page) => {
    await openPreview(page, 'en', '/en/item/b/');
    write(['name', 'x']);
    const status = page.locator('#status');
    await eventually(async () => (await status.innerText()).includes('last good site'));
    assert.equal(await status.getAttribute('role'), 'status');
    assert.equal(await frameOf(page).evaluate(() => document.querySelector('h1').innerText), 'Second');
    write(rows);
    await eventually(async () => !(await status.innerText()).includes('last good site'));
  }, { expected }));
});
