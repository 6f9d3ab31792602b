// An authority of a story's own, and a certificate that it vouches for.

import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} folder where they are put: ca.pem, cert.pem, key.pem
 * @param {string} [name] whom the certificate is for
 * @returns {{ key: Buffer, cert: Buffer, authority: string }} the authority is a file
 */
export function certificates(folder, name = 'DNS:localhost') {
  const at = (/** @type {string} */ name) => join(folder, name);
  const openssl = (/** @type {string[]} */ ...args) => execFileSync('openssl', args, { stdio: 'pipe' });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...curve, '-days', '2', '-subj', '/CN=Telefonistka test authority',
    '-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', at('ca.key'), '-out', at('ca.pem'));
  openssl('req', ...curve, '-subj', '/CN=Telefonistka test', '-keyout', at('key.pem'), '-out', at('request.pem'));
  writeFileSync(at('names'), `subjectAltName=${name}\nbasicConstraints=critical,CA:FALSE\n`);
  openssl('x509', '-req', '-in', at('request.pem'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'),
    '-CAcreateserial', '-days', '2', '-extfile', at('names'), '-out', at('cert.pem'));
  return { key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')), authority: at('ca.pem') };
}

/** @param {Buffer} cert @returns {string} its SHA-256, as people compare it */
export const fingerprint = (cert) => new X509Certificate(cert).fingerprint256;
