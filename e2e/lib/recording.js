// A recording as a browser plays it: its Ogg decoded by Chromium.

import { RATE } from './audio.js';

/**
 * @param {import('playwright-core').Page} page signed in
 * @param {string} path
 * @returns {Promise<import('./audio.js').Samples[]>} its channels at the telephone's rate
 */
export async function decode(page, path) {
  const channels = await page.evaluate(async ({ path, rate }) => {
    const response = await fetch(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    const context = new OfflineAudioContext(2, 1, rate);
    const sound = await context.decodeAudioData(await response.arrayBuffer());
    return Array.from({ length: sound.numberOfChannels }, (_, channel) => {
      const samples = Int16Array.from(sound.getChannelData(channel), (s) => Math.max(-32768, Math.min(32767, s * 32768)));
      let text = '';
      for (const byte of new Uint8Array(samples.buffer)) text += String.fromCharCode(byte);
      return btoa(text);
    });
  }, { path, rate: RATE });
  return channels.map((text) => {
    const bytes = Buffer.from(text, 'base64');
    return Float32Array.from(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2), (n) => n / 32768);
  });
}
