// Starts server.mjs, sets the speed of its line, and reads its log.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const SLOW = { roundTrip: 400, bytesPerSecond: 400_000 / 8 };
// Longer than any pause between two requests of a query.
const QUIET_MS = 400;

export async function serve(folder) {
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), [folder]);
  const [{ address }] = await once(child, 'message');
  const send = async (command, value) => {
    child.send({ command, value });
    const [response] = await once(child, 'message');
    return response;
  };
  return {
    address,
    // Simulates a slow line, or removes it if `value` is null.
    setLine: (value) => send('line', value),
    // Returns the requests since the last call.
    takeLog: async () => (await send('log')).log,
    // Waits until there are no more requests.
    async untilIdle() {
      for (;;) {
        const { open, quietFor } = await send('state');
        if (open === 0 && quietFor >= QUIET_MS) return;
        await delay(open === 0 ? QUIET_MS - quietFor + 1 : 20);
      }
    },
    stop: () => child.disconnect(),
  };
}
