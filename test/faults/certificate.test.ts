import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { generate } from 'selfsigned'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { loadCertificate } from '../../src-main/smtp/certificate.ts'
import { converse } from '../smtp/conversation.ts'
import { startTestServer } from '../test-server.ts'
import { collectLog } from './log-lines.ts'
import { damageNames, damages } from './torn-files.ts'

let folder = ''
let warnings: string[] = []
const load = () =>
  loadCertificate(folder, Date.now(), { warn: (sentence) => void warnings.push(sentence) })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailsage-torn-'))
  warnings = []
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

const cases = ['smtp.key', 'smtp.crt'].flatMap((name) =>
  damageNames.map((damage) => [name, damage] as const),
)

it.each(cases)(
  'A %s %s is set aside, the pair is created again, and the log names the file',
  async (name, damage) => {
    const before = await load()
    damages[damage](join(folder, name))
    const after = await load()
    expect(after.cert).not.toBe(before.cert)
    expect(() => createSecureContext(after)).not.toThrow()
    expect(warnings).toEqual([expect.stringContaining(join(folder, name))])
    expect(warnings[0]).toContain('MailSage created a new pair')
    // The intact file is kept too: the user may have put it there.
    const kept = readdirSync(folder).filter((file) => file.includes('.broken-'))
    expect(kept).toHaveLength(damage === 'that is missing' ? 1 : 2)
    for (const file of ['smtp.key', 'smtp.crt']) {
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
    }
    expect(await load()).toEqual(after)
    expect(warnings).toHaveLength(1)
  },
)

it('A key and a certificate that do not match are replaced', async () => {
  const { key } = await load()
  for (const file of readdirSync(folder)) rmSync(join(folder, file))
  await load()
  writeFileSync(join(folder, 'smtp.key'), key)
  await load()
  expect(warnings).toEqual([expect.stringContaining('the key does not match the certificate')])
})

it('A server with an empty certificate file starts, logs the fault, and offers TLS', async () => {
  const log = collectLog()
  const testServer = await startTestServer({ environment: { writeLog: log.write } })
  const file = join(testServer.folder, 'smtp.crt')
  await testServer.restart({}, () => damages['of 0 bytes'](file))
  await (await converse(testServer.server.smtpPort)).startTls()
  expect(log.sentences()).toEqual([expect.stringContaining(`${file} is not a certificate`)])
  expect(readFileSync(file, 'utf8')).toContain('BEGIN CERTIFICATE')
})

it('The user’s own certificate is kept when it expires, with a warning', async () => {
  const made = await generate([{ name: 'commonName', value: 'mail.example.com' }], {
    notAfterDate: new Date(Date.now() + 2 * 86_400_000),
  })
  writeFileSync(join(folder, 'smtp.key'), made.private)
  writeFileSync(join(folder, 'smtp.crt'), made.cert)
  expect(await load()).toEqual({ key: made.private, cert: made.cert, madeBy: 'own' })
  expect(readFileSync(join(folder, 'smtp.crt'), 'utf8')).toBe(made.cert)
  expect(warnings).toEqual([
    expect.stringMatching(/smtp\.crt expires at \d{4}-.*\. Replace it, or delete it/),
  ])
})

it('A certificate that MailSage made is renewed before it expires', async () => {
  const before = await load()
  const later = Date.now() + 395 * 86_400_000
  const after = await loadCertificate(folder, later)
  expect(after.cert).not.toBe(before.cert)
  expect([before.madeBy, after.madeBy]).toEqual(['self_made', 'self_made'])
})
