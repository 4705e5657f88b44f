// A slow connection, simulated by a server: each answer begins a round trip after its request arrived,
// and all answers share the rate.
//
// The browser's own simulation is not used: it applies to one page, and not to the workers of the page.

import { setTimeout as delay } from 'node:timers/promises';

// As much as one TCP packet holds.
const CHUNK = 1460;

export class SlowLine {
  constructor({ roundTrip, bytesPerSecond }) {
    this.roundTrip = roundTrip;
    this.bytesPerSecond = bytesPerSecond;
    this.freeAt = 0;
  }

  // Waits for the round trip of a request.
  async request() {
    await delay(this.roundTrip);
  }

  // Writes a body at the rate of the line, after everything that was written before.
  async write(response, body) {
    for (let start = 0; start < body.length && !response.destroyed; start += CHUNK) {
      const part = body.subarray(start, start + CHUNK);
      this.freeAt = Math.max(performance.now(), this.freeAt) + (part.length / this.bytesPerSecond) * 1000;
      const wait = this.freeAt - performance.now();
      if (wait > 0) await delay(wait);
      response.write(part);
    }
  }
}
