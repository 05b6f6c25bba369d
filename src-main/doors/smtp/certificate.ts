import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'

export type Certificate = { readonly key: string; readonly cert: string }

const dayMs = 86_400_000
const validDays = 397

/** The certificate for STARTTLS and implicit TLS: made on the first start, renewed before its end. */
export async function loadCertificate(folder: string, now: number): Promise<Certificate> {
  const keyFile = join(folder, 'smtp.key')
  const certFile = join(folder, 'smtp.crt')
  if (existsSync(keyFile) && existsSync(certFile)) {
    const known = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
    if (Date.parse(new X509Certificate(known.cert).validTo) - now > 7 * dayMs) return known
  }
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - dayMs),
    notAfterDate: new Date(now + validDays * dayMs),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'mailsage.local' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  writeFileSync(keyFile, made.private, { mode: 0o600 })
  writeFileSync(certFile, made.cert)
  return { key: made.private, cert: made.cert }
}
