// The parts of a story that most stories share: PBX, provider, program, company.

import { Asterisk } from './asterisk.js';
import { Provider } from './caller.js';
import { Company } from './company.js';
import { Server } from './server.js';

/**
 * @param {object} [options]
 * @param {import('./server.js').Mail} [options.mail]
 * @param {import('./server.js').Settings} [options.settings]
 * @param {Parameters<typeof Company.create>[2]} [options.company]
 */
export async function setting({ mail, settings, company: options } = {}) {
  const port = await Provider.port();
  const pbx = await Asterisk.start({ noAnswer: 1, mobile: `${Provider.address}:${port}` });
  const [server, provider] = await Promise.all([Server.start({ mail, settings }), Provider.start(pbx, port)]);
  const company = await Company.create(server, pbx, options);
  return { pbx, server, provider, company, admin: company.admin };
}
