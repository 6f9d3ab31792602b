// A page worked by the keyboard alone. Before each key it is looked whether the
// focus is somewhere, and can be seen there.

import assert from 'node:assert/strict';

/** So many times Tab goes on until what is wanted is not on the page's way. */
const FAR = 120;

export class Keyboard {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * Presses a key; where the focus is then, it has to be seen.
   * @param {string} key
   */
  async press(key) {
    await this.page.keyboard.press(key);
    await this.seen();
  }

  /** Types into what has the focus. @param {string} text */
  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** Replaces what stands in the field that has the focus. @param {string} text */
  async fill(text) {
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(text);
  }

  /**
   * Goes on by Tab until something has the focus.
   * @param {import('playwright-core').Locator} wanted
   * @param {'Tab' | 'Shift+Tab'} key
   */
  async to(wanted, key = 'Tab') {
    await wanted.first().waitFor();
    for (let steps = 0; steps < FAR; steps++) {
      if (await this.has(wanted)) return;
      await this.press(key);
    }
    throw new Error(`Tab does not come to ${wanted}`);
  }

  /** @param {import('playwright-core').Locator} wanted */
  async has(wanted) {
    const all = await wanted.all();
    for (const it of all) if (await it.evaluate((element) => element === document.activeElement)) return true;
    return false;
  }

  /** The focus is on something, and something shows it. */
  async seen() {
    const lost = await this.page.evaluate(() => {
      const at = /** @type {HTMLElement | null} */ (document.activeElement);
      if (!at || at === document.body || at === document.documentElement) return 'the focus is nowhere';
      const box = at.getBoundingClientRect();
      // What a control draws may be its neighbour: the line of a radio button, the frame of a field.
      const around = [at, at.parentElement, at.nextElementSibling, at.closest('label'), at.closest('[data-combobox-option]')];
      const text = `${at.tagName} «${at.getAttribute('aria-label') ?? at.textContent?.trim().slice(0, 40)}»`;
      if (at.getAttribute('role') === 'dialog' || at.tabIndex < 0) return null;
      if (box.width < 1 || box.height < 1) return `${text} has no size`;
      if (box.bottom < 0 || box.top > innerHeight) return `${text} is out of sight`;
      const shown = around.some((it) => {
        if (!it) return false;
        const style = getComputedStyle(it);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        return outlined || at.matches('input, textarea, [role=slider]');
      });
      return shown ? null : `nothing shows that ${text} has the focus`;
    });
    assert.equal(lost, null);
  }
}
