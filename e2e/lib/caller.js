// People who call the company from outside. They live at a telephone provider,
// an Asterisk of its own at the address that the customer's PBX takes trunk
// calls from and sends calls to outside numbers to: so they speak real RTP, and
// what they hear is recorded there.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Asterisk } from './asterisk.js';
import { RATE, readWav, resample, writeWav } from './audio.js';
import { freePort, temporaryFolder, voice } from './place.js';
import { until } from './wait.js';

/** @typedef {'ivan-petrov' | 'olga-smirnova' | 'sergey-orlov'} Voice */

const ADDRESS = '127.0.0.9';

/** The company's numbers, by what its PBX does with a call to them (asterisk.conf.d/extensions.conf). */
export const numbers = {
  /** the employees' telephones ring, then the answering service's extension */
  missed: '74950000001',
  /** the answering service's extension at once */
  direct: '74950000004',
  /** the same, and the answering service may transfer by keys */
  keys: '74950000005',
};

/** @type {Voice[]} */
const voices = ['ivan-petrov', 'olga-smirnova', 'sergey-orlov'];

/**
 * @param {string} pbx its address
 * @param {string} folder of the voices
 */
const dialplan = (pbx, folder) => `
; An extension here is four digits that name the call, the caller's number, the
; number that is called, seconds of silence, and which voice speaks then.
[dial]
exten => _X.,1,Answer()
 same => n,Set(CALLERID(num)=\${EXTEN:4:11})
 same => n,Dial(PJSIP/pbx/sip:\${EXTEN:15:11}@${pbx},3600,G(speak^\${EXTEN}^1))
 same => n,NoOp(call \${EXTEN:0:4} ended: \${DIALSTATUS}, cause \${HANGUPCAUSE})
 same => n,Hangup()

[speak]
exten => _X.,1,Hangup()
exten => _X.,2,NoOp(call \${EXTEN:0:4} answered on \${CHANNEL})
 same => n,MixMonitor(\${EXTEN:0:4}.wav,r(\${EXTEN:0:4}-heard.wav))
 same => n,Wait(\${EXTEN:26:2})
 same => n,Playback(${folder}/\${EXTEN:28})
 same => n,NoOp(call \${EXTEN:0:4} has spoken)
 same => n,Wait(7200)
exten => h,1,NoOp(call \${CHANNEL} hung up)

; Whoever is called by the company: most answer after a second and speak.
[people]
exten => _[78]XXXXXXXX02,1,Busy(10)
exten => _[78]XXXXXXXX03,1,NoOp(call \${EXTEN} rings)
 same => n,Ringing()
 same => n,Wait(3600)
exten => _[78]XXXXXXXXXX,1,NoOp(call \${EXTEN} rings)
 same => n,Ringing()
 same => n,Wait(1)
 same => n,Answer()
 same => n,NoOp(call \${EXTEN} answered on \${CHANNEL})
 same => n,MixMonitor(\${EXTEN}.wav,r(\${EXTEN}-heard.wav))
 same => n,Playback(${folder}/0)
 same => n,NoOp(call \${EXTEN} has spoken)
 same => n,Wait(7200)
exten => h,1,NoOp(call \${CHANNEL} hung up)
`;

/** @param {string} pbx its address */
const endpoint = (pbx) => `
[pbx](common)
context = people
aors = pbx
transport = udp
[pbx]
type = aor
[pbx]
type = identify
endpoint = pbx
match = ${pbx}
`;

export class Provider {
  #calls = 0;

  /** @param {Asterisk} asterisk */
  constructor(asterisk) {
    this.asterisk = asterisk;
  }

  static address = ADDRESS;

  /** A port for it, where that has to be known before it starts. */
  static port() {
    return freePort(ADDRESS);
  }

  /** @param {Asterisk} pbx the customer's, which calls are for @param {number} [port] */
  static async start(pbx, port) {
    const folder = temporaryFolder();
    const spoken = join(folder, 'voices');
    mkdirSync(spoken);
    voices.forEach((who, index) => {
      const { rate, channels } = readWav(voice(who));
      writeWav(join(spoken, `${index}.wav`), { rate: RATE, channels: [resample(channels[0], rate)] });
    });
    writeFileSync(join(folder, 'pjsip-provider.conf'), endpoint(pbx.bind));
    writeFileSync(join(folder, 'extensions-provider.conf'), dialplan(`${pbx.bind}:${pbx.port}`, spoken));
    return new Provider(await Asterisk.start({ name: 'provider', bind: ADDRESS, port, extra: folder }));
  }

  /**
   * Somebody calls.
   * @param {{ from: string, to?: string, says?: Voice, after?: number }} call `from` is eleven digits,
   *   `after` the seconds between the answer and the first word
   */
  async call({ from, to = numbers.missed, says = 'ivan-petrov', after = 0 }) {
    const id = String(++this.#calls).padStart(4, '0');
    const extension = `${id}${from}${to}${String(after).padStart(2, '0')}${voices.indexOf(says)}`;
    await this.asterisk.cli('channel', 'originate', `Local/${extension}@dial`, 'application', 'Wait', '7200');
    return new Call(this.asterisk, id, extension);
  }

  /**
   * The telephone of somebody whom the company calls: it is answered after a second, and Ivan speaks. One
   * whose number ends in 02 is busy, one in 03 rings for ever. One call a number.
   * @param {string} number as the PBX dials it
   */
  telephone(number) {
    return new Call(this.asterisk, number, number);
  }
}

/** A call between somebody outside and the company, whichever of them calls. */
export class Call {
  /**
   * @param {Asterisk} provider
   * @param {string} id
   * @param {string} extension
   */
  constructor(provider, id, extension) {
    this.provider = provider;
    this.id = id;
    this.extension = extension;
  }

  /** Waits until it rings at somebody whom the company calls. */
  async rings(withinMs = 30_000) {
    await this.provider.says(new RegExp(`call ${this.id} rings`), withinMs);
  }

  /** Waits until the other side answers. @returns {Promise<number>} when, in milliseconds */
  async answered(withinMs = 60_000) {
    const pattern = new RegExp(`^\\[(\\S+ \\S+?)\\].*call ${this.id} answered on (\\S+?)"`, 'm');
    const [, at, channel] = await this.provider.says(pattern, withinMs);
    this.channel = channel;
    return Date.parse(at.replace(' ', 'T'));
  }

  /** Waits until all of the voice has been played. */
  async hasSpoken(withinMs = 60_000) {
    await this.provider.says(new RegExp(`call ${this.id} has spoken`), withinMs);
  }

  /** The caller hangs up, or gives up where nobody has answered. */
  async hangUp() {
    const { stdout } = { stdout: await this.provider.cli('core', 'show', 'channels', 'concise') };
    const own = stdout.split('\n').map((line) => line.split('!')[0]);
    const ours = this.channel
      ? own.filter((name) => name === this.channel)
      : own.filter((name) => name.startsWith(`Local/${this.extension}@`)).slice(0, 1);
    for (const name of ours) await this.provider.cli('channel', 'request', 'hangup', name);
  }

  /** Waits until an answered call is over. */
  async over(withinMs = 30_000) {
    await this.provider.says(new RegExp(`call ${this.channel} hung up`), withinMs);
  }

  /** Waits until a call that nobody answers is over. @returns {Promise<string>} how: BUSY, NOANSWER, CANCEL… */
  async refused(withinMs = 60_000) {
    const [, status] = await this.provider.says(new RegExp(`call ${this.id} ended: (\\w+)`), withinMs);
    return status;
  }

  /** What the caller heard since the answer. Whole once the call is over. */
  async heard() {
    const file = join(this.provider.state, 'spool/monitor', `${this.id}-heard.wav`);
    await until('the provider has closed its recording', async () => {
      const said = await this.provider.cli('core', 'show', 'channels', 'count');
      return existsSync(file) && /\b0 active channels/.test(said);
    });
    return readWav(file).channels[0];
  }
}
