// «Рабочее место оператора», in Chromium.

import { people } from './company.js';
import { until } from './wait.js';

/** @typedef {import('playwright-core').Page} Page */

/**
 * Signs in on the page's sign-in form.
 * @param {Page} page
 * @param {{ login: string, password: string }} who
 */
export async function signIn(page, { login, password }) {
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(login);
  await page.getByLabel('Пароль', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

export class Desk {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * The operator signs in, checks the microphone and is «Готов».
   * @param {import('./browser.js').Browser} browser
   * @param {{ url: string }} server
   * @param {import('./browser.js').PageOptions & { who?: { login: string, password: string } }} [options] another operator
   */
  static async ready(browser, server, { who = people.operator, ...options } = {}) {
    const page = await browser.page(server.url, options);
    await signIn(page, who);
    await page.waitForURL('**/desk');
    await page.getByRole('button', { name: 'Включить микрофон' }).click();
    await page.getByText('Вас слышно').waitFor();
    const check = page.getByRole('region', { name: 'Проверка микрофона' });
    await check.getByRole('button', { name: 'Готов', exact: true }).click();
    await page.getByText('Ждём звонка').waitFor();
    return new Desk(page);
  }

  /** A call rings. */
  async rings() {
    await this.page.getByText('Входящий звонок').waitFor({ timeout: 40_000 });
  }

  async answer() {
    await this.page.getByRole('button', { name: 'Ответить' }).click();
    await this.page.getByRole('button', { name: 'Завершить' }).waitFor();
  }

  async hangUp() {
    await this.page.getByRole('button', { name: 'Завершить' }).click();
  }

  /** Waits until the call is over for the operator. */
  async over() {
    await this.page.getByText('Звонок завершён').first().waitFor();
  }

  /** Ends «Постобработка» after a message: the next call may come. */
  async next() {
    await this.page.getByRole('button', { name: 'Освободиться' }).click();
    await this.page.getByText('Ждём звонка').waitFor();
  }

  /** Ends «Постобработка» without a message: nothing came of the call. */
  async free() {
    await this.page.getByRole('button', { name: 'Сброс' }).click();
    await this.page.getByText('Ждём звонка').waitFor();
  }

  /**
   * Fills the message in and sends it; to whom the line says, or to somebody else.
   * @param {{ name: string, text: string, to?: string }} message
   */
  async send({ name, text, to }) {
    if (to) {
      await this.page.getByRole('combobox', { name: 'Кому' }).or(this.page.getByRole('textbox', { name: 'Кому' })).first().click();
      // An employee's department stands behind the name.
      await this.page.getByRole('option', { name: new RegExp(`^${to}`) }).click();
    }
    await this.page.getByLabel(/^Имя (звонящего|абонента)$/).fill(name);
    await this.page.getByLabel('Текст сообщения').fill(text);
    await this.page.getByRole('button', { name: /^Отправить/ }).click();
    await this.page.getByText('Сообщение отправлено').waitFor();
  }

  /** Waits for the tab's title. @param {RegExp} title */
  title(title) {
    return until(`the tab's title ${title}`, async () => title.test(await this.page.title()));
  }
}
