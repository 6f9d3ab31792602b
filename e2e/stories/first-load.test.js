// How much of a program a browser fetches before a page can be used.

import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import test from 'node:test';

import { Browser } from '../lib/browser.js';
import { startDemo } from '../lib/demo.js';

/** Of JavaScript, gzipped. */
const MOST = 250 * 1024;

/** What is fetched when somebody wants it, by the names of its files. */
const LATER = /\/(Player|.*[Cc]hart|recharts|.*Guide)[^/]*\.js/;

const [url, browser] = await Promise.all([startDemo(), Browser.start()]);

for (const [path, who] of [['/sign-in', null], ['/cabinet', 'admin'], ['/cabinet/lines', 'admin'], ['/cabinet/settings/employees', 'admin'], ['/desk', 'operator'], ['/platform', 'platform'], ['/account', 'employee'], ['/app', 'employee'], ['/app/me', 'employee'], ['/cabinet/settings/notices', 'admin']]) {
  test(`${path} needs less than ${MOST / 1024} KB of JavaScript`, async () => {
    const page = await browser.page(url);
    if (who) await page.request.get(`/api/demo/enter?as=${who}`);
    /** @type {Map<string, number>} */
    const fetched = new Map();
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return;
      fetched.set(response.url(), 0);
    });
    await page.goto(path ?? '/', { waitUntil: 'networkidle' });
    for (const address of fetched.keys()) {
      const body = await (await page.request.get(address)).body();
      fetched.set(address, gzipSync(body).length);
    }
    const sum = [...fetched.values()].reduce((all, it) => all + it, 0);
    assert.ok(fetched.size > 0 && sum < MOST, `${Math.round(sum / 1024)} KB: ${[...fetched.keys()].join(' ')}`);
    assert.deepEqual([...fetched.keys()].filter((it) => LATER.test(it)), []);
  });
}
