import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { generate } from 'selfsigned'
import { setAside, writeDurably } from '../base/durable-file.ts'
import { createLog, type Log } from '../base/log.ts'

export type Certificate = { readonly key: string; readonly cert: string }

const dayMs = 86_400_000
const validDays = 397
const renewBeforeMs = 7 * dayMs

/**
 * The certificate for STARTTLS and implicit TLS: made on the first start, renewed before its end. A
 * pair that cannot serve is set aside, in case somebody put it there, and made anew.
 */
export async function loadCertificate(
  folder: string,
  now: number,
  log: Pick<Log, 'warn'> = createLog('warn'),
): Promise<Certificate> {
  const keyFile = join(folder, 'smtp.key')
  const certFile = join(folder, 'smtp.crt')
  const there = [keyFile, certFile].filter(existsSync)
  const known = there.length === 0 ? null : read(keyFile, certFile)
  if (known && known.problem === null && known.validTo - now > renewBeforeMs) return known.pair
  if (known && known.problem !== null) {
    const aside = there.map((file) => setAside(file, now))
    log.warn(
      `The SMTP certificate ${certFile} with its key ${keyFile} cannot be used: ${known.problem}. A new pair was made; the old one is ${aside.join(' and ')}. Clients that trust the old certificate have to trust the new one`,
    )
  }
  const made = await make(now)
  writeDurably(keyFile, made.key)
  writeDurably(certFile, made.cert)
  return made
}

type Read =
  | { readonly problem: null; readonly pair: Certificate; readonly validTo: number }
  | { readonly problem: string }

/** A crash between the two writes leaves a key and a certificate that do not belong together. */
function read(keyFile: string, certFile: string): Read {
  const missing = [keyFile, certFile].find((file) => !existsSync(file))
  if (missing !== undefined) return { problem: `${missing} is missing` }
  const pair = { key: readText(keyFile), cert: readText(certFile) }
  const key = attempt(() => createPrivateKey(pair.key))
  if (!key) return { problem: `${keyFile} is no private key` }
  const certificate = attempt(() => new X509Certificate(pair.cert))
  if (!certificate) return { problem: `${certFile} is no certificate` }
  if (!certificate.checkPrivateKey(key) || !attempt(() => createSecureContext(pair))) {
    return { problem: 'the key does not belong to the certificate' }
  }
  return { problem: null, pair, validTo: Date.parse(certificate.validTo) }
}

const readText = (file: string): string => attempt(() => readFileSync(file, 'utf8')) ?? ''

function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

async function make(now: number): Promise<Certificate> {
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
  return { key: made.private, cert: made.cert }
}
