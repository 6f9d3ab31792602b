// A company with everything it needs to have its missed calls answered: what
// most stories begin with.

import { Session } from './session.js';

export const people = {
  /** who gets the messages */
  employee: { email: 'anna@romashka.test', name: 'Анна Иванова' },
  admin: { login: 'director@romashka.test', password: 'director-Pa55word' },
  operator: { login: 'maria@telefonistka.test', password: 'operator-Pa55word', name: 'Мария' },
  platform: { login: 'platform@telefonistka.test', password: 'platform-Pa55word' },
};

/** The answering service's extension at the company's PBX (asterisk.conf.d/pjsip.conf). */
export const extension = { user: '200', password: 'secret200' };

/** What creates an administrator's company on the command line. */
export const opening = ['create-company', '--name', 'Ромашка', '--admin-email', people.admin.login, '--admin-name', 'Директор'];

export class Company {
  /**
   * @param {Session} admin
   * @param {string} line its id
   */
  constructor(admin, line) {
    this.admin = admin;
    this.line = line;
  }

  /**
   * Creates the company and an operator, and registers its line.
   * @param {import('./server.js').Server} server
   * @param {import('./asterisk.js').Asterisk} pbx
   * @param {{ connected?: boolean, open?: boolean, outsideHours?: boolean, transport?: 'udp' | 'tcp' }} [options]
   */
  static async create(server, pbx, { connected = true, open = true, outsideHours = true, transport = 'udp' } = {}) {
    const admin = await signInFirst(server, people.admin, ...opening);
    await signInFirst(server, people.operator,
      'create-operator', '--email', people.operator.login, '--name', people.operator.name);

    const departments = await admin.get('/api/departments');
    const sales = { id: null, name: 'Отдел продаж', extension: '', notify: { to: 'everyone' } };
    const { items: [department] } = await admin.put('/api/departments', { items: [sales], version: departments.version });
    const employees = await admin.get('/api/employees');
    const anna = { id: null, department: department.id, position: 'Менеджер', extension: '101', mobile: '', ...people.employee };
    await admin.put('/api/employees', { items: [anna], version: employees.version });

    const { version } = await admin.get('/api/working-hours');
    const day = open ? [{ from: '00:00:00', to: '00:00:00' }] : [];
    const hours = { zone: 'Europe/Moscow', week: Array.from({ length: 7 }, () => day), exceptions: [] };
    await admin.put('/api/working-hours', { hours, version });

    const line = await admin.post('/api/lines', { name: 'Отдел продаж', scenario: 'missed_calls' });
    await admin.put(`/api/lines/${line.id}/script`, {
      greeting: { kind: 'variant', number: 1 },
      farewell: { kind: 'variant', number: 1 },
      recipient: { to: 'department', department: department.id },
      outside_hours: outsideHours,
    });
    const outcome = await admin.put(`/api/lines/${line.id}/account`, {
      ...extension, server: pbx.bind, proxy: null, auth_name: null, port: pbx.port, transport, interval_s: 30,
    });
    if (!outcome.established) throw new Error(`the line is not registered: ${outcome.text}`);
    if (connected) await admin.post(`/api/lines/${line.id}/connect`);
    return new Company(admin, line.id);
  }
}

/**
 * Somebody whom the command line creates, with a password of their own.
 * @param {import('./server.js').Server} server
 * @param {{ login: string, password: string }} who
 * @param {string[]} command
 */
export async function signInFirst(server, { login, password }, ...command) {
  return Session.signIn(server.url, { login, password: await create(server, ...command), next: password });
}

/**
 * Has the command line create somebody.
 * @param {import('./server.js').Server} server
 * @param {string[]} command
 * @returns {Promise<string>} the password for the first sign-in
 */
export async function create(server, ...command) {
  const [name, ...rest] = command;
  const printed = await server.command('admin', name, '--config', server.config, ...rest);
  const password = /^password: +(\S+)/m.exec(printed)?.[1];
  if (!password) throw new Error(`no password was printed: ${printed}`);
  return password;
}
