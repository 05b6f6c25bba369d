import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { readableTime } from '../base/clock.ts'
import { setAside, writeDurably } from '../base/durable-file.ts'
import { createLog, type Log } from '../base/log.ts'
import type { Settings } from '../contract/settings.ts'

export type Certificate = {
  readonly key: string
  readonly cert: string
  readonly madeBy: Settings['smtp_certificate']
}

const dayMs = 86_400_000
const validDays = 397
const renewBeforeMs = 7 * dayMs

/** A name that MailSage's own certificates have, and hardly any other. */
const ownName = 'mailsage.local'

/**
 * The certificate of STARTTLS and implicit TLS: created and self-signed at the first start, and
 * renewed a week before it expires. The user's own certificate is never renewed. Unusable files are
 * renamed, because the user may have put them there.
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
  const isLongValid = found?.problem === null && found.validTo - now > renewBeforeMs
  if (found?.problem === null && (isLongValid || found.pair.madeBy === 'own')) {
    if (!isLongValid) {
      log.warn(
        `The SMTP certificate ${certFile} expires at ${readableTime(found.validTo)}. Replace it, or delete it and ${keyFile}, so that MailSage creates a pair at the next start`,
      )
    }
    return found.pair
  }
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
  const files = { key: readText(keyFile), cert: readText(certFile) }
  const key = attempt(() => createPrivateKey(files.key))
  if (!key) return { problem: `${keyFile} is not a private key` }
  const certificate = attempt(() => new X509Certificate(files.cert))
  if (!certificate) return { problem: `${certFile} is not a certificate` }
  const pair = { ...files, madeBy: makerOf(certificate) }
  if (!certificate.checkPrivateKey(key) || !attempt(() => createSecureContext(pair))) {
    return { problem: 'the key does not match the certificate' }
  }
  return { problem: null, pair, validTo: Date.parse(certificate.validTo) }
}

function makerOf(certificate: X509Certificate): Certificate['madeBy'] {
  const { subject, issuer, subjectAltName = '' } = certificate
  return subject === issuer && subjectAltName.split(', ').includes(`DNS:${ownName}`)
    ? 'self_made'
    : 'own'
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
  // Loaded at the first start only; its parts are a tenth of all code of a start.
  const { generate } = await import('selfsigned')
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
          { type: 2, value: ownName },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return { key: created.private, cert: created.cert, madeBy: 'self_made' }
}
