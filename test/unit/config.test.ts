import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { StartRefused } from '../../src-main/base/start-refused.ts'
import { flagOf, readConfig, saveSettings, settings } from '../../src-main/config.ts'
import { startMailSage } from '../../src-main/library.ts'

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

describe('The settings', () => {
  it('The settings have the documented defaults', () => {
    expect(readConfig(env)).toMatchObject({
      dataFolder: folder,
      httpPort: 8025,
      smtpPort: 1025,
      smtpsPort: null,
      smtpStarttls: 'auto',
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

  it('A flag takes precedence over the environment, the file and the default', () => {
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

  it('An empty environment variable counts as unset', () => {
    const empty = { ...env, MAILSAGE_HTTP_PORT: '', API_KEY: '', SMTP_HOST: '' }
    expect(readConfig(empty)).toMatchObject({ httpPort: 8025, apiKey: null, relay: null })
  })

  it('Secrets in the settings file are ignored', () => {
    withFile('{"apiKey": "0123456789abcdef", "relayHost": "x"}', () => {
      expect(readConfig(env)).toMatchObject({ apiKey: null, relay: null })
    })
  })

  it('A flag may set the data folder, and the settings file of that folder is read', () => {
    withFile('{"httpPort": 3000}', () => {
      expect(readConfig({}, ['--data-folder', folder])).toMatchObject({
        dataFolder: folder,
        httpPort: 3000,
      })
    })
  })

  it('Lists are written with commas, or as JSON in the file', () => {
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
  ])('A boolean setting accepts %s', (word, expected) => {
    const { anonymousCapture } = readConfig({ ...env, MAILSAGE_ANONYMOUS_CAPTURE: word })
    expect(anonymousCapture).toBe(expected)
  })
})

it.each([
  ['auto', 'auto'],
  ['on', 'on'],
  ['true', 'on'],
  ['1', 'on'],
  ['off', 'off'],
  ['false', 'off'],
  ['0', 'off'],
])('MAILSAGE_SMTP_STARTTLS may be %s', (word, expected) => {
  expect(readConfig({ ...env, MAILSAGE_SMTP_STARTTLS: word }).smtpStarttls).toBe(expected)
  withFile(`{"smtpStarttls": "${expected}"}`, () => {
    expect(readConfig(env).smtpStarttls).toBe(expected)
  })
})

describe('A variable that looks like a setting and is none', () => {
  it.each([
    ['MAILSAGE_KEEPDAYS', 'Did you mean MAILSAGE_KEEP_DAYS?'],
    ['MAILSAGE_ALLOWED_HOST', 'Did you mean MAILSAGE_ALLOWED_HOSTS?'],
    ['MAILSAGE_LOG_LEVEL', 'Did you mean LOG_LEVEL?'],
    ['MAILSAGE_ZEBRA', '“mailsage serve --help” lists the settings.'],
  ])('The variable %s gets a sentence with the nearest setting', (name, advice) => {
    const { unknownSettings } = readConfig({ ...env, [name]: '7' })
    expect(unknownSettings).toEqual([`There is no setting ${name}. ${advice}`])
  })

  it('Settings, variables of the command line and variables of other programs get no sentence', () => {
    const others = ['MAILSAGE_URL', 'MAILSAGE_API_KEY', 'MAILSAGE_KEY', 'MAILSAGE_ELECTRON_ARGS']
    const known = Object.fromEntries([...others, 'PATH'].map((name) => [name, 'x']))
    expect(readConfig({ ...env, ...known, MAILSAGE_KEEP_DAYS: '7' }).unknownSettings).toEqual([])
  })

  it('The function startMailSage refuses it with the same sentence', async () => {
    await expect(startMailSage({ settings: { MAILSAGE_KEEPDAYS: '7' } })).rejects.toThrow(
      'There is no setting MAILSAGE_KEEPDAYS. Did you mean MAILSAGE_KEEP_DAYS?',
    )
    await expect(startMailSage({ settings: { KEEP_DAYS: '7' } })).rejects.toThrow(
      'Did you mean MAILSAGE_KEEP_DAYS?',
    )
  })
})

describe('The function startMailSage', () => {
  it('A refusal of a used port names the option, not the variable', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    for (const option of ['httpPort', 'smtpPort'] as const) {
      const started = startMailSage({ [option]: port })
      await expect(started).rejects.toThrow(
        `Port ${port} is in use by another program. Stop that program, or choose another port with ${option} (0 picks a free one).`,
      )
    }
    other.close()
  })

  it.each([
    [{ httpPort: 70_000 }, 'The setting httpPort must be'],
    [{ httpPort: 8025, smtpPort: 8025 }, 'The settings httpPort and smtpPort are both 8025.'],
    [{ host: '192.0.2.1' }, 'host names an address that this machine does not have.'],
    [{ settings: { MAILSAGE_HTTP_PORT: '1' } }, 'The option httpPort takes the place of'],
    [{ settings: { MAILSAGE_KEEP_DAYS: 'x' } }, 'The setting MAILSAGE_KEEP_DAYS must be'],
  ])('The refusal of %j names the option', async (options, sentence) => {
    await expect(startMailSage(options)).rejects.toThrow(sentence)
  })
})

describe('The refusal of a wrong setting', () => {
  it.each([
    ['MAILSAGE_HTTP_PORT', 'eighty'],
    ['MAILSAGE_HTTP_PORT', '65536'],
    ['MAILSAGE_SMTP_PORT', '-1'],
    ['MAILSAGE_SMTPS_PORT', '1.5'],
    ['API_KEY', 'too-short'],
    ['LOG_LEVEL', 'loud'],
    ['MAILSAGE_PLAN', 'gold'],
    ['MAILSAGE_ANONYMOUS_CAPTURE', 'maybe'],
    ['MAILSAGE_SMTP_STARTTLS', 'required'],
    ['SMTP_PORT', 'x'],
    ['SMTP_TLS_VERIFY', 'x'],
  ])('The value in %s=%s is refused by a sentence that names the setting', (name, value) => {
    const { reason, setting, message } = refusal(() => readConfig({ ...env, [name]: value }))
    expect([reason, setting]).toEqual(['invalid-setting', name])
    expect(message).toContain(name)
    expect(message).toMatch(/\.$/)
  })

  it.each([
    ['eighty', 'must be a number'],
    [' ', 'must be a number'],
    ['0x401', 'must be a number'],
    ['1e3', 'must be a number'],
    ['127.0.0.1:1025', 'must be a number'],
    ['1.5', 'must be a whole number'],
    ['-1', 'must be 0 or more'],
    ['65536', 'must be 65535 or less'],
  ])('The refusal of the SMTP port %j names the range of ports', (value, problem) => {
    const { message } = refusal(() => readConfig({ ...env, MAILSAGE_SMTP_PORT: value }))
    expect(message).toBe(
      `The setting MAILSAGE_SMTP_PORT ${problem}. It is “${value}”. A port is a number from 1 to 65535, or 0 for any free one.`,
    )
  })

  it('The refusal of a port of SMTP over TLS explains that an empty value means none', () => {
    const { message } = refusal(() => readConfig({ ...env, MAILSAGE_SMTPS_PORT: 'off' }))
    expect(message).toMatch(/or 0 for any free one\. Leave it empty for none\.$/)
  })

  it('The refusal of the port 0 of a relay names the setting of the own port', () => {
    const { message } = refusal(() => readConfig({ ...env, SMTP_PORT: '0' }))
    expect(message).toMatch(
      /^The setting SMTP_PORT must be 1 or more\..* relay SMTP_HOST\. MAILSAGE_SMTP_PORT is/,
    )
  })

  it.each([
    [{ MAILSAGE_SMTP_PORT: '8025' }, 'MAILSAGE_HTTP_PORT and MAILSAGE_SMTP_PORT are both 8025'],
    [{ MAILSAGE_SMTPS_PORT: '1025' }, 'MAILSAGE_SMTP_PORT and MAILSAGE_SMTPS_PORT are both 1025'],
    [{ MAILSAGE_SMTPS_PORT: '8025' }, 'MAILSAGE_HTTP_PORT and MAILSAGE_SMTPS_PORT are both 8025'],
  ])('Two listeners on one port are refused: %j', (ports, sentence) => {
    const { message } = refusal(() => readConfig({ ...env, ...ports }))
    expect(message).toContain(`The settings ${sentence}. Each listener needs a port of its own`)
    const free = { MAILSAGE_HTTP_PORT: '0', MAILSAGE_SMTP_PORT: '0', MAILSAGE_SMTPS_PORT: '0' }
    expect(readConfig({ ...env, ...free })).toMatchObject({ smtpPort: 0, smtpsPort: 0 })
  })

  it('A wrong flag is refused by a sentence that names it', () => {
    const { message } = refusal(() => readConfig(env, ['--http-port', 'x']))
    expect(message).toContain('--http-port')
  })

  it('An unknown flag is refused by a sentence that lists the known flags', () => {
    const { message } = refusal(() => readConfig(env, ['--prot', '1']))
    expect(message).toContain('--prot')
    expect(message).toContain('--http-port')
  })

  it.each(['{', '[]', '"x"', ''])(
    'A settings file that contains %j is refused by a sentence that names it',
    (content) => {
      const { message } = withFile(content, () => refusal(() => readConfig(env)))
      expect(message).toContain(file)
    },
  )

  it('A refusal does not show a secret', () => {
    const { message } = refusal(() => readConfig({ ...env, API_KEY: 'hunter2' }))
    expect(message).not.toContain('hunter2')
  })
})

describe('The relay of the environment', () => {
  it('The relay needs a host, and its other settings have defaults', () => {
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

describe('Settings that change while the server runs', () => {
  it('A change is stored in the settings file with the other settings, readable by its owner only', () => {
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

it('Every setting has its own name and its own flag', () => {
  const all = Object.entries(settings)
  expect(new Set(all.map(([, { env: name }]) => name)).size).toBe(all.length)
  expect(new Set(all.map(([name]) => flagOf(name))).size).toBe(all.length)
  expect(flagOf('smtpsPort')).toBe('smtps-port')
})

it('The table of docs/settings.md names the variable and the flag of every setting', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8')
  const rows = [...page.matchAll(/^\| (`.*?) +\| (`.*?) +\|/gm)]
  const codes = (cell = '') => [...cell.matchAll(/`(.+?)`/g)].map(([, code]) => code)
  const written = rows.flatMap(([, variables, flags]) => {
    expect(codes(flags)).toHaveLength(codes(variables).length)
    return codes(variables).map((variable, at) => `${variable} ${codes(flags)[at]}`)
  })
  const known = Object.entries(settings).map(([name, one]) => `${one.env} --${flagOf(name)}`)
  expect(written.sort()).toEqual(known.sort())
})
