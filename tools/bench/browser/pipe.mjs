// A Chromium that is told what to do and nothing more.
//
// Playwright has the browser report what goes over the line, and the browser then keeps what came, up to a
// hundred megabytes of it, in the memory of the page. Where that memory is measured, it must not.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { args, executablePath } from '../../../tests/browser/support/browser.mjs';

// Starts a Chromium with one page of this size. `send(method, parameters)` asks the browser,
// `page(method, parameters)` the page, as the DevTools protocol has it.
export async function chromium({ width, height }) {
  const profile = mkdtempSync(join(tmpdir(), 'khizana-browser-'));
  const child = spawn(executablePath, [
    ...args,
    '--headless',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    `--window-size=${width},${height}`,
    'about:blank',
  ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise((end) => { child.once('exit', end); });
  const [ask, answers] = [child.stdio[3], child.stdio[4]];
  const waiting = new Map();
  let [number, text] = [0, ''];
  answers.setEncoding('utf8');
  answers.on('data', (part) => {
    const parts = (text + part).split('\0');
    text = parts.pop();
    for (const message of parts.map((own) => JSON.parse(own))) {
      const { done, failed } = waiting.get(message.id) ?? {};
      waiting.delete(message.id);
      if (message.error) failed?.(new Error(message.error.message));
      else done?.(message.result);
    }
  });
  ended.then(() => waiting.forEach(({ failed }) => failed(new Error('the browser has ended'))));
  const send = (method, params = {}, sessionId = undefined) => new Promise((done, failed) => {
    number += 1;
    waiting.set(number, { done, failed });
    ask.write(`${JSON.stringify({ id: number, method, params, sessionId })}\0`);
  });
  const { targetInfos } = await send('Target.getTargets');
  const { targetId } = targetInfos.find((own) => own.type === 'page');
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const page = (method, params) => send(method, params, sessionId);
  await page('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  return {
    send,
    page,
    // What a script, which may be a promise, comes to.
    async evaluate(expression) {
      const asked = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await page('Runtime.evaluate', asked);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },
    async close() {
      await send('Browser.close');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
