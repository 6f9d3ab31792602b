// Chromium on somebody's desktop: with a profile of their own, tabs that hide
// each other, and notifications that the desktop shows.
//
// Other stories' pages are told that they are in sight and have the focus,
// wherever they are: so several can be worked side by side.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { argsWith, Browser, program } from './browser.js';
import { Notices } from './notices.js';
import { temporaryFolder } from './place.js';
import { spawnGroup, stopAfter, stopGroup } from './stop.js';
import { until } from './wait.js';

export class Desktop extends Browser {
  /**
   * @param {import('playwright-core').Browser} browser
   * @param {Notices} notices
   */
  constructor(browser, notices) {
    super(browser);
    this.notices = notices;
  }

  /** @param {{ microphone?: string }} [options] */
  static async start({ microphone } = {}) {
    const notices = await Notices.start();
    const folder = temporaryFolder();
    const args = [...argsWith(microphone), '--remote-debugging-port=0', `--user-data-dir=${folder}`, '--accept-lang=ru', '--window-size=1440,900'];
    const child = spawnGroup(program, [...args, 'about:blank'], {
      stdio: 'ignore',
      env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: notices.address },
    });
    stopAfter(() => stopGroup(child));
    const told = join(folder, 'DevToolsActivePort');
    const [, port, path] = await until('Chromium tells its address',
      () => (existsSync(told) ? /^(\d+)\n(\S+)/.exec(readFileSync(told, 'utf8')) : null));
    const browser = await chromium.connectOverCDP(`ws://127.0.0.1:${port}${path}`, { noDefaults: true });
    return new Desktop(browser, notices);
  }

  /** The profile: there is one alone. */
  get #profile() {
    return this.browser.contexts()[0];
  }

  /**
   * A tab with a page that may use the microphone and show notifications.
   * @param {string} url
   * @param {{ allowed?: import('./watch.js').Allowed[] }} [options]
   */
  async page(url, { allowed = [] } = {}) {
    await this.#profile.grantPermissions(['microphone', 'notifications'], { origin: url });
    const page = await this.pageOf(this.#profile, url, allowed);
    const goto = page.goto.bind(page);
    // A profile of one's own has no address that others begin at.
    page.goto = (address, options) => goto(new URL(address, url).href, options);
    return page;
  }

  /** The person looks at something else; the page is hidden behind it. @param {import('playwright-core').Page} page */
  async lookAway(page) {
    const other = await this.#profile.newPage();
    await other.bringToFront();
    await page.waitForFunction(() => document.hidden);
  }
}
