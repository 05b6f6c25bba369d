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
 * The self-signed certificate of STARTTLS and implicit TLS: created at the first start, and renewed
 * a week before it expires. Files that cannot be used are renamed, as they may be somebody's own.
 */
export async function loadCertificate(
  folder: string,
  now: number,
  log: Pick<Log, 'warn'> = createLog('warn'),
): Promise<Certificate> {
  const keyFile = join(folder, 'smtp.key')
  const certFile = join(folder, 'smtp.crt')
  const files = [keyFile, certFile].filter(existsSync)
  const found = files.length === 0 ? null : read(keyFile, certFile)
  if (found && found.problem === null && found.validTo - now > renewBeforeMs) return found.pair
  if (found && found.problem !== null) {
    const renamed = files.map((file) => setAside(file, now))
    log.warn(
      `The SMTP certificate ${certFile} with its key ${keyFile} cannot be used: ${found.problem}. MailSage created a new pair and renamed the old one to ${renamed.join(' and ')}. Clients that trust the old certificate must trust the new one`,
    )
  }
  const created = await create(now)
  writeDurably(keyFile, created.key)
  writeDurably(certFile, created.cert)
  return created
}

type Reading =
  | { readonly problem: null; readonly pair: Certificate; readonly validTo: number }
  | { readonly problem: string }

/** A crash between the two writes leaves a key and a certificate that do not match. */
function read(keyFile: string, certFile: string): Reading {
  const missing = [keyFile, certFile].find((file) => !existsSync(file))
  if (missing !== undefined) return { problem: `${missing} is missing` }
  const pair = { key: readText(keyFile), cert: readText(certFile) }
  const key = attempt(() => createPrivateKey(pair.key))
  if (!key) return { problem: `${keyFile} is not a private key` }
  const certificate = attempt(() => new X509Certificate(pair.cert))
  if (!certificate) return { problem: `${certFile} is not a certificate` }
  if (!certificate.checkPrivateKey(key) || !attempt(() => createSecureContext(pair))) {
    return { problem: 'the key does not match the certificate' }
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

async function create(now: number): Promise<Certificate> {
  const created = await generate([{ name: 'commonName', value: 'localhost' }], {
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
  return { key: created.private, cert: created.cert }
}
