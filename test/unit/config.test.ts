import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { StartRefused } from '../../src-main/base/start-refused.ts'
import { flagOf, readConfig, saveSettings, settings } from '../../src-main/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailsage-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const env = { MAILSAGE_DATA: folder }
const file = join(folder, 'settings.json')

function withFile<T>(content: string, read: () => T): T {
  writeFileSync(file, content)
  try {
    return read()
  } finally {
    rmSync(file)
  }
}

function refusal(read: () => unknown): StartRefused {
  try {
    read()
  } catch (error) {
    if (error instanceof StartRefused) return error
    throw error
  }
  throw new Error('It was not refused')
}

describe('settings', () => {
  it('have the documented defaults', () => {
    expect(readConfig(env)).toMatchObject({
      dataFolder: folder,
      httpPort: 8025,
      smtpPort: 1025,
      smtpsPort: null,
      host: '127.0.0.1',
      allowedHosts: [],
      corsOrigins: [],
      apiKey: null,
      logLevel: 'warn',
      plan: 'pro',
      anonymousCapture: true,
      relay: null,
    })
  })

  it('are taken from the flag before the environment, the file and the default', () => {
    withFile('{"httpPort": 3000, "plan": "free"}', () => {
      const named = { ...env, MAILSAGE_HTTP_PORT: '2000' }
      expect(readConfig(named, ['--http-port', '1000']).httpPort).toBe(1000)
      expect(readConfig(named, ['--http-port=1000']).httpPort).toBe(1000)
      expect(readConfig(named).httpPort).toBe(2000)
      expect(readConfig(env).httpPort).toBe(3000)
      expect(readConfig(env).smtpPort).toBe(1025)
      expect(readConfig(env).plan).toBe('free')
    })
  })

  it('an empty word in the environment is none', () => {
    const empty = { ...env, MAILSAGE_HTTP_PORT: '', API_KEY: '', SMTP_HOST: '' }
    expect(readConfig(empty)).toMatchObject({ httpPort: 8025, apiKey: null, relay: null })
  })

  it('secrets in the file are not looked at', () => {
    withFile('{"apiKey": "0123456789abcdef", "relayHost": "x"}', () => {
      expect(readConfig(env)).toMatchObject({ apiKey: null, relay: null })
    })
  })

  it('the folder may be named by a flag, and its file is the one that is read', () => {
    withFile('{"httpPort": 3000}', () => {
      expect(readConfig({}, ['--data-folder', folder])).toMatchObject({
        dataFolder: folder,
        httpPort: 3000,
      })
    })
  })

  it('lists are written with commas, or as JSON in the file', () => {
    const named = { ...env, CORS_ORIGINS: ' https://a.example , https://b.example,' }
    expect(readConfig(named).corsOrigins).toEqual(['https://a.example', 'https://b.example'])
    withFile('{"allowedHosts": ["mail.example.com"]}', () => {
      expect(readConfig(env).allowedHosts).toEqual(['mail.example.com'])
    })
  })

  it.each([
    ['true', true],
    ['1', true],
    ['on', true],
    ['false', false],
    ['0', false],
    ['off', false],
  ])('a switch may say %s', (word, expected) => {
    const { anonymousCapture } = readConfig({ ...env, MAILSAGE_ANONYMOUS_CAPTURE: word })
    expect(anonymousCapture).toBe(expected)
  })
})

describe('a wrong value is refused with a sentence that names it:', () => {
  it.each([
    ['MAILSAGE_HTTP_PORT', 'eighty'],
    ['MAILSAGE_HTTP_PORT', '65536'],
    ['MAILSAGE_SMTP_PORT', '-1'],
    ['MAILSAGE_SMTPS_PORT', '1.5'],
    ['API_KEY', 'too-short'],
    ['LOG_LEVEL', 'loud'],
    ['MAILSAGE_PLAN', 'gold'],
    ['MAILSAGE_ANONYMOUS_CAPTURE', 'maybe'],
    ['SMTP_PORT', 'x'],
    ['SMTP_TLS_VERIFY', 'x'],
  ])('%s=%s', (name, value) => {
    const { reason, setting, message } = refusal(() => readConfig({ ...env, [name]: value }))
    expect([reason, setting]).toEqual(['invalid-setting', name])
    expect(message).toContain(name)
    expect(message).toMatch(/\.$/)
  })

  it('a flag', () => {
    const { message } = refusal(() => readConfig(env, ['--http-port', 'x']))
    expect(message).toContain('--http-port')
  })

  it('an unknown flag, with those that are known', () => {
    const { message } = refusal(() => readConfig(env, ['--prot', '1']))
    expect(message).toContain('--prot')
    expect(message).toContain('--http-port')
  })

  it.each(['{', '[]', '"x"', ''])('a settings file that holds %j', (content) => {
    const { message } = withFile(content, () => refusal(() => readConfig(env)))
    expect(message).toContain(file)
  })

  it('a secret is not shown', () => {
    const { message } = refusal(() => readConfig({ ...env, API_KEY: 'hunter2' }))
    expect(message).not.toContain('hunter2')
  })
})

describe('the relay of the environment', () => {
  it('needs a host and takes the rest by default', () => {
    expect(readConfig({ ...env, SMTP_HOST: 'mail.example.com' }).relay).toEqual({
      name: 'mail.example.com',
      host: 'mail.example.com',
      port: 587,
      username: null,
      password: null,
      tls: 'starttls',
      tls_verify: true,
      from_email: null,
      priority: 50,
    })
  })

  it.each([
    ['true', '587', 'starttls'],
    ['true', '465', 'implicit'],
    ['false', '465', 'none'],
    ['no', '25', 'none'],
    ['implicit', '2465', 'implicit'],
    ['STARTTLS', '465', 'starttls'],
    ['none', '587', 'none'],
  ])('SMTP_TLS=%s on port %s is %s', (tls, port, mode) => {
    const { relay } = readConfig({ ...env, SMTP_HOST: 'x', SMTP_TLS: tls, SMTP_PORT: port })
    expect(relay?.tls).toBe(mode)
  })
})

describe('what is changed while running', () => {
  it('is kept in the file, beside what was there, readable by its owner only', () => {
    withFile('{"httpPort": 3000, "note": "mine"}', () => {
      saveSettings(folder, { plan: 'free' })
      saveSettings(folder, { anonymous_capture: false })
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
        httpPort: 3000,
        note: 'mine',
        plan: 'free',
        anonymousCapture: false,
      })
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(existsSync(`${file}.new`)).toBe(false)
      expect(readConfig(env)).toMatchObject({ plan: 'free', anonymousCapture: false })
    })
  })
})

it('every setting has its own name and its own flag', () => {
  const all = Object.entries(settings)
  expect(new Set(all.map(([, { env: name }]) => name)).size).toBe(all.length)
  expect(new Set(all.map(([name]) => flagOf(name))).size).toBe(all.length)
  expect(flagOf('smtpsPort')).toBe('smtps-port')
})
