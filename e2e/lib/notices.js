// The desktop's service of notifications: what programs want shown, and a click on it.

import { body, Bus } from './bus.js';
import { until } from './wait.js';

const NAME = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';

/** @typedef {{ id: number, title: string, text: string }} Notice */

export class Notices {
  /** How many there were. */
  count = 0;
  /** Those that are shown now. @type {Map<number, Notice>} */
  shown = new Map();

  /** What programs ask of it. @type {import('./bus.js').Service} */
  #service = {
    GetCapabilities: () => body('as', ['actions', 'body', 'persistence']),
    GetServerInformation: () => body('ssss', 'desktop', 'telefonistka', '1', '1.2'),
    Notify: (asked) => {
      asked.text(); // the program's name
      const id = asked.number() || ++this.count;
      asked.text(); // its icon
      this.shown.set(id, { id, title: asked.text(), text: asked.text() });
      return body('u', id);
    },
    CloseNotification: (asked) => {
      this.shown.delete(asked.number());
      return body();
    },
  };
  #bus = new Bus({ [NAME]: this.#service });

  static async start() {
    const notices = new Notices();
    await notices.#bus.up();
    return notices;
  }

  /** What a program finds it by: DBUS_SESSION_BUS_ADDRESS. */
  get address() {
    return this.#bus.address;
  }

  /** Waits until one is shown. */
  one() {
    return until('a notification is shown', () => [...this.shown.values()][0]);
  }

  /** Waits until none is. */
  none() {
    return until('no notification is shown', () => this.shown.size === 0);
  }

  /** Somebody clicks on it. @param {Notice} notice */
  click({ id }) {
    this.#bus.emit(PATH, NAME, 'ActionInvoked', body('us', id, 'default'));
  }
}
