// «Табло», in Chromium, and those who work with it.

import { signInFirst } from './company.js';
import { signIn } from './desk.js';
import { until } from './wait.js';

const password = 'staff-Pa55word';

/** Beside the operator of every company. */
export const staff = {
  olga: { login: 'olga@telefonistka.test', password, name: 'Ольга' },
  pyotr: { login: 'pyotr@telefonistka.test', password, name: 'Пётр' },
  supervisor: { login: 'sveta@telefonistka.test', password, name: 'Светлана' },
};

/** @typedef {'Прослушивание' | 'Суфлирование' | 'Вмешательство'} Way */

export class Board {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * Creates two more operators and a supervisor.
   * @param {import('./server.js').Server} server
   */
  static async hire(server) {
    const login = 'platform@telefonistka.test';
    const platform = await signInFirst(server, { login, password },
      'create-platform-admin', '--email', login, '--name', 'Платформа');
    for (const who of Object.values(staff)) {
      await signInFirst(server, who, 'create-operator', '--email', who.login, '--name', who.name);
    }
    const operators = await platform.get('/api/platform/operators');
    const { id, name } = operators.find((/** @type {any} */ it) => it.login === staff.supervisor.login);
    const made = await platform.send('PATCH', `/api/platform/operators/${id}`, { name, supervisor: true });
    if (!made.ok) throw new Error(`no supervisor: ${made.status}`);
  }

  /**
   * The supervisor signs in and looks at the board.
   * @param {import('./browser.js').Browser} browser
   * @param {import('./server.js').Server} server
   * @param {import('./browser.js').PageOptions} [options]
   */
  static async open(browser, server, options) {
    const page = await browser.page(server.url, options);
    await signIn(page, staff.supervisor);
    await page.goto('/desk/board');
    await page.getByRole('heading', { name: 'Табло' }).waitFor();
    return new Board(page);
  }

  /** An operator's row. @param {string} name */
  row(name) {
    return this.page.getByRole('listitem', { name, exact: true });
  }

  /** Waits until the operator is shown in a state. @param {string} name @param {string} state */
  shows(name, state) {
    return this.row(name).and(this.page.locator(`[data-operator=${state}]`)).waitFor();
  }

  /** The supervisor takes part in an operator's call. @param {string} name @param {Way} way @returns {Promise<number>} since when, in milliseconds */
  async takePart(name, way) {
    await this.row(name).getByRole('button', { name: `${way}: ${name}` }).click();
    const button = this.page.getByRole('region', { name: 'Ваше участие в разговоре' }).getByRole('button', { name: way, pressed: true });
    await button.waitFor();
    return Date.now();
  }

  /** @param {string} name @param {string} state in words */
  async put(name, state) {
    await this.page.getByRole('button', { name: `Состояние оператора: ${name}` }).click();
    await this.page.getByRole('menuitem', { name: state }).click();
  }

  async leave() {
    await this.page.getByRole('button', { name: 'Отключиться' }).click();
    const part = this.page.getByRole('region', { name: 'Ваше участие в разговоре' });
    await until('the supervisor is in no call', async () => (await part.count()) === 0);
  }
}
