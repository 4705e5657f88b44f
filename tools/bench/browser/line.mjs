// The other end of server.mjs: starts it, sets its line, reads its log.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const SLOW = { roundTrip: 400, bytesPerSecond: 400_000 / 8 };
// Longer than any pause in which a page only thinks about what to fetch next.
const QUIET_MS = 400;

export async function serve(folder) {
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), [folder]);
  const [{ address }] = await once(child, 'message');
  const ask = async (what, value) => {
    child.send({ ask: what, value });
    const [said] = await once(child, 'message');
    return said;
  };
  return {
    address,
    // Slow, or as fast as it goes where `value` is null.
    line: (value) => ask('line', value),
    // Every request since it was last asked.
    log: async () => (await ask('log')).log,
    // Waits until nothing is on its way.
    async quiet() {
      for (;;) {
        const { open, quietFor } = await ask('state');
        if (open === 0 && quietFor >= QUIET_MS) return;
        await delay(open === 0 ? QUIET_MS - quietFor + 1 : 20);
      }
    },
    stop: () => child.disconnect(),
  };
}
