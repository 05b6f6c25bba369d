import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { DkimKey } from '../../contract/relay-tests.ts'
import { dkimRecord } from './rows.ts'

const generate = promisify(generateKeyPair)

/** 2048 bits (RFC 8301 §3.2): the record still fits into one DNS response. */
export async function makeDkimKey(where: {
  readonly domain: string
  readonly selector: string
}): Promise<DkimKey> {
  const { privateKey, publicKey } = await generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const published = publicKey.toString('base64')
  return { private_key: privateKey, ...dkimRecord(where.domain, where.selector, published) }
}
