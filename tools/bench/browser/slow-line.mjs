// Simulates a slow connection in a server: each response starts a round-trip time after its request, and all
// responses share the bandwidth.
//
// The simulation of the browser only applies to a page and not to its workers.

import { setTimeout as delay } from 'node:timers/promises';

// The payload of a TCP packet.
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
