// A minimal client for the DevTools protocol of Chromium.
//
// Playwright enables network events, for which the browser keeps up to 100 MB of responses in the memory of the
// page. This would distort measurements of the memory.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { args, executablePath } from '../../../tests/browser/support/browser.mjs';

// Starts Chromium with a page of the given size. `send(method, parameters)` sends a command to the browser,
// `page(method, parameters)` to the page.
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
  const [commands, responses] = [child.stdio[3], child.stdio[4]];
  const pending = new Map();
  let [number, text] = [0, ''];
  responses.setEncoding('utf8');
  responses.on('data', (chunk) => {
    const parts = (text + chunk).split('\0');
    text = parts.pop();
    for (const message of parts.map((part) => JSON.parse(part))) {
      const { done, failed } = pending.get(message.id) ?? {};
      pending.delete(message.id);
      if (message.error) failed?.(new Error(message.error.message));
      else done?.(message.result);
    }
  });
  ended.then(() => pending.forEach(({ failed }) => failed(new Error('the browser has exited'))));
  const send = (method, params = {}, sessionId = undefined) => new Promise((done, failed) => {
    number += 1;
    pending.set(number, { done, failed });
    commands.write(`${JSON.stringify({ id: number, method, params, sessionId })}\0`);
  });
  const { targetInfos } = await send('Target.getTargets');
  const { targetId } = targetInfos.find((target) => target.type === 'page');
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const page = (method, params) => send(method, params, sessionId);
  await page('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  return {
    send,
    page,
    // Evaluates an expression. If it is a promise, returns its result.
    async evaluate(expression) {
      const parameters = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await page('Runtime.evaluate', parameters);
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
