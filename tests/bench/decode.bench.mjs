// How long one telemetry message takes from bytes to state. `npx tsc -b messages && node tests/bench/decode.bench.mjs [--json]`
import { decode } from '../../dist/messages/index.js';

/** Seeded, so that before and after see the same messages. */
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = mulberry32(20_261_122);
const now = 1_790_000_000_000;
const encoder = new TextEncoder();
const round = (value, digits) => Number(value.toFixed(digits));
const messages = Array.from({ length: 20_000 }, (_, index) => {
  const whole = {
    ts: now + index,
    lat: round(43.7 + random() * 0.1, 7),
    lon: round(7.4 + random() * 0.1, 7),
    speed: round(random() * 30, 2),
    heading: round(random() * 360, 1),
  };
  const more = {
    accel: round(random() * 4 - 2, 2),
    yawRate: round(random() * 0.2 - 0.1, 3),
    accuracy: round(1 + random() * 4, 1),
    length: 4.5,
    width: 1.8,
    type: 'car',
  };
  const vehicleId = `car-${Math.floor(random() * 5000)}`;
  return {
    topic: `rahban/v1/telemetry/${vehicleId}`,
    payload: encoder.encode(JSON.stringify(index % 2 === 0 ? { ...whole, ...more } : whole)),
  };
});
const texts = messages.map(({ payload }) => new TextDecoder().decode(payload));

let sink = 0;
function measure(perRun, run) {
  for (let i = 0; i < 5; i++) run();
  const micros = [];
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    run();
    micros.push(((performance.now() - start) * 1000) / perRun);
  }
  micros.sort((a, b) => a - b);
  return { minMicros: round(micros[0], 3), medianMicros: round(micros[micros.length >> 1], 3) };
}

const result = {
  messages: messages.length,
  meanBytes: Math.round(messages.reduce((sum, { payload }) => sum + payload.length, 0) / messages.length),
  jsonParseAlone: measure(texts.length, () => {
    for (const text of texts) sink += JSON.parse(text).lat;
  }),
  decode: measure(messages.length, () => {
    for (const { topic, payload } of messages) {
      const decoded = decode(topic, payload, now);
      if (!decoded.ok) throw new Error(decoded.detail);
      sink += decoded.value.state.lat;
    }
  }),
};
if (!Number.isFinite(sink)) throw new Error('not a number among the results');
console.log(
  process.argv.includes('--json')
    ? JSON.stringify(result)
    : `decode, ${result.meanBytes} bytes a message: ${result.decode.medianMicros} us (fastest run ${result.decode.minMicros}), of which JSON.parse ${result.jsonParseAlone.medianMicros} us`,
);
