// Sound as numbers: reads and writes WAV, and finds a known voice in a recording.

import { readFileSync, writeFileSync } from 'node:fs';

/** Voices as alike as this are one voice; others come to 0.57 at most. */
export const SAME = 0.6;

/** The telephone's sampling rate. */
export const RATE = 8000;

/**
 * @typedef {Float32Array<ArrayBufferLike>} Samples at most 1 either way
 * @typedef {{ rate: number, channels: Samples[] }} Sound
 */

/** @param {string | Buffer} source a file's name, or a file's contents: 16-bit PCM @returns {Sound} */
export function readWav(source) {
  const file = typeof source === 'string' ? readFileSync(source) : source;
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('this is no WAV');
  }
  let count = 1;
  let rate = RATE;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const body = at + 8;
    // A recording that was cut off has a size that never was filled in.
    const size = Math.min(file.readUInt32LE(at + 4), file.length - body);
    if (name === 'fmt ') {
      count = file.readUInt16LE(body + 2);
      rate = file.readUInt32LE(body + 4);
      if (file.readUInt16LE(body + 14) !== 16) throw new Error('this WAV is not 16-bit PCM');
    } else if (name === 'data') {
      const frames = Math.floor(size / (2 * count));
      const channels = Array.from({ length: count }, () => new Float32Array(frames));
      for (let frame = 0, from = body; frame < frames; frame++) {
        for (let c = 0; c < count; c++, from += 2) channels[c][frame] = file.readInt16LE(from) / 32768;
      }
      return { rate, channels };
    }
    at = body + size + (size % 2);
  }
  throw new Error('this WAV has no data');
}

/** @param {string} name @param {Sound} sound */
export function writeWav(name, { rate, channels }) {
  const count = channels.length;
  const frames = channels[0].length;
  const file = Buffer.alloc(44 + frames * count * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(count, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * count * 2, 28);
  file.writeUInt16LE(count * 2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(frames * count * 2, 40);
  for (let frame = 0, at = 44; frame < frames; frame++) {
    for (let c = 0; c < count; c++, at += 2) {
      const level = Math.max(-1, Math.min(1, channels[c][frame]));
      file.writeInt16LE(Math.round(level * 32767), at);
    }
  }
  writeFileSync(name, file);
}

/**
 * To the telephone's rate, through a windowed-sinc low pass.
 * @param {Samples} samples
 * @param {number} from their rate, no less than the telephone's
 * @returns {Samples}
 */
export function resample(samples, from) {
  if (from === RATE) return samples;
  const step = from / RATE;
  const half = Math.ceil(16 * step);
  const out = new Float32Array(Math.floor(samples.length / step));
  for (let i = 0; i < out.length; i++) {
    const centre = i * step;
    const first = Math.max(0, Math.ceil(centre - half));
    const last = Math.min(samples.length - 1, Math.floor(centre + half));
    let sum = 0;
    for (let k = first; k <= last; k++) {
      const x = (k - centre) / step;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      sum += samples[k] * sinc * (0.5 + 0.5 * Math.cos((Math.PI * (k - centre)) / half));
    }
    out[i] = sum / step;
  }
  return out;
}

/** A file's first channel at the telephone's rate. @param {string | Buffer} source */
export function readVoice(source) {
  const { rate, channels } = readWav(source);
  return resample(channels[0], rate);
}

/** How loud it is, as the root of the mean square. @param {Samples} samples */
export function loudness(samples) {
  let sum = 0;
  for (const s of samples) sum += s * s;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

/** Milliseconds of each step of an envelope. */
const STEP_MS = 10;

/**
 * The loudness of each ten milliseconds, the loud parts pressed together: it
 * stays alike through codecs, gain control and a jitter buffer.
 * @param {Samples} samples
 */
function envelope(samples) {
  const size = (RATE * STEP_MS) / 1000;
  const out = new Float64Array(Math.floor(samples.length / size));
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.log1p(300 * loudness(samples.subarray(i * size, (i + 1) * size)));
  }
  return out;
}

/** A voice is looked for in parts of so many steps: two seconds. */
const PART = 200;
/** From part to part it may come so many steps earlier or later: a busy machine stutters, a jitter buffer stretches. */
const DRIFT = 40;

/**
 * Where in the sound a voice is spoken, by their envelopes, and how alike they
 * are there: 1 is the same, another voice's best place comes to less than a half.
 * @param {Samples} sound
 * @param {Samples} voice
 * @returns {{ atMs: number, score: number }} where the voice begins
 */
export function find(sound, voice) {
  const a = envelope(sound);
  const b = envelope(voice);
  const lags = a.length - PART;
  if (lags <= 0 || b.length < PART) return { atMs: 0, score: 0 };
  // best[lag]: the best sum of scores of the parts so far where the latest one lies at `lag`.
  let best = new Float64Array(lags).fill(0);
  let begin = Int32Array.from(best, (_, lag) => lag);
  let parts = 0;
  for (let from = 0; from + PART <= b.length; from += PART, parts++) {
    const scores = partScores(a, b, from, lags);
    const next = new Float64Array(lags).fill(-Infinity);
    const origin = new Int32Array(lags);
    for (let lag = 0; lag < lags; lag++) {
      let before = lag;
      let sum = parts === 0 ? 0 : -Infinity;
      for (let it = lag - PART - DRIFT; parts > 0 && it <= lag - PART + DRIFT; it++) {
        if (it >= 0 && best[it] > sum) {
          sum = best[it];
          before = it;
        }
      }
      next[lag] = sum + scores[lag];
      origin[lag] = parts === 0 ? lag : begin[before];
    }
    best = next;
    begin = origin;
  }
  let at = 0;
  best.forEach((sum, lag) => (at = sum > best[at] ? lag : at));
  return { atMs: begin[at] * STEP_MS, score: Math.max(0, best[at] / parts) };
}

/**
 * How alike a part of the voice is to the sound, at each place.
 * @param {Float64Array} a the sound
 * @param {Float64Array} b the voice
 * @param {number} from where the part begins in the voice
 * @param {number} lags
 */
function partScores(a, b, from, lags) {
  return Float64Array.from({ length: lags }, (_, lag) => correlation(a, lag, b, from));
}

/**
 * @param {Float64Array} a
 * @param {number} atA
 * @param {Float64Array} b
 * @param {number} atB
 */
function correlation(a, atA, b, atB) {
  let sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (let i = 0; i < PART; i++) {
    const x = a[atA + i], y = b[atB + i];
    sa += x; sb += y; saa += x * x; sbb += y * y; sab += x * y;
  }
  const spread = Math.sqrt((saa - (sa * sa) / PART) * (sbb - (sb * sb) / PART));
  return spread > 1e-9 ? (sab - (sa * sb) / PART) / spread : 0;
}
