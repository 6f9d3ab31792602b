// axe-core on a page: what keeps people with a screen reader, a keyboard or weak eyes out.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe calls grave; «moderate» and «minor» are matters of taste as often as not. */
const GRAVE = ['serious', 'critical'];

/**
 * What is seriously or critically wrong with the page as it stands now.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>} a sentence each, with where it is
 */
export async function flaws(page) {
  // Half faded in, colours are not what they will be; a window that has gone may be followed by the next.
  await page.evaluate(async () => {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const running = () => document.getAnimations()
      .filter((it) => it.playState === 'running' && it.effect?.getComputedTiming().endTime !== Infinity);
    await drawn();
    for (let all = running(); all.length > 0; all = running()) {
      await Promise.allSettled(all.map((it) => it.finished));
      await drawn();
    }
  });
  // Evaluated by the debugger: the page's security policy lets no strange script in.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    const { axe } = /** @type {any} */ (globalThis);
    const result = await axe.run(document, { resultTypes: ['violations'], preload: false });
    return result.violations.map((/** @type {any} */ it) => ({
      id: it.id, impact: it.impact, help: it.help,
      where: it.nodes.map((/** @type {any} */ node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''} | ${node.html.slice(0, 160)}`),
    }));
  });
  return violations
    .filter((/** @type {any} */ it) => GRAVE.includes(it.impact))
    .map((/** @type {any} */ it) => `${it.impact}: ${it.help} (${it.id})\n    ${it.where.join('\n    ')}`);
}
