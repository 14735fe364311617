import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/**
 * A key and a certificate for localhost, created for each run. It can sign no other; a process trusts it
 * through NODE_EXTRA_CA_CERTS.
 */
export async function writeLocalhostCertificate(folder: string) {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  const file = join(folder, 'localhost.cert.pem');
  await writeFile(file, cert);
  return { key, cert, file };
}
