// Nothing goes wrong on a page unseen: what the console, the browser's security
// policy or the server calls an error fails the story whose page it was.

/** @typedef {{ words: RegExp, because: string }} Allowed what a story causes on purpose, and why that is right */

/** Its own doing: a page that is left gives up what it was still asking for. */
const GIVEN_UP = /^net::ERR_ABORTED$/;

/** @type {Allowed[]} */
const EVERYWHERE = [{ words: /status of 401 .*\/api\/session\)/, because: 'a page asks whether somebody is signed in' }];

/**
 * Collects what goes wrong on the pages of a browser's profile from now on.
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} url where the pages come from
 * @param {Allowed[]} allowed
 */
export async function watch(context, url, allowed) {
  /** @type {string[]} */
  const faults = [];
  const { origin } = new URL(url);
  const ours = (/** @type {string} */ address) => new URL(address).origin === origin;
  const tell = (/** @type {string} */ fault) => {
    if (![...EVERYWHERE, ...allowed].some(({ words }) => words.test(fault))) faults.push(fault);
  };
  context.on('weberror', (error) => tell(`page error: ${error.error().stack ?? error.error()}`));
  context.on('console', (said) => {
    if (said.type() === 'error') tell(`console: ${said.text()} (${said.location().url})`);
  });
  context.on('response', (response) => {
    if (ours(response.url()) && response.status() >= 500) {
      tell(`answer: ${response.status()} to ${response.request().method()} ${response.url()}`);
    }
  });
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (ours(request.url()) && !GIVEN_UP.test(why)) tell(`request: ${request.method()} ${request.url()}: ${why}`);
  });
  // Chromium tells of most breaches on the console by itself, but not of all: of report-only ones it doesn't.
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
      console.error(`CSP: ${violatedDirective} forbids ${blockedURI} (${sourceFile}:${lineNumber})`);
    });
  });
  return {
    faults,
    /** Fails where something went wrong. */
    verdict() {
      if (faults.length > 0) throw new Error(`on the pages:\n${[...new Set(faults)].join('\n')}`);
    },
  };
}
