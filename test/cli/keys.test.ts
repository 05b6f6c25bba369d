import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { commandLine } from './command-line.ts'

const testServer = await startTestServer()
const { run } = commandLine(testServer.folder)
const withKey = (key: string) => ({ env: { MAILSAGE_API_KEY: key } })

describe('The command mailsage keys', () => {
  it('The subcommand create prints only a working test key on stdout', async () => {
    const { value, events } = await testServer.witness(() =>
      run(['keys', 'create', '-n', 'Tests', '-p', 'send', '-p', 'inbox:read', '--inbox', 'shop']),
    )
    expect(value).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S+_test_\S+\n$/) })
    expect(value.stderr).toMatch(/Created the test key key_\S+, “Tests”\.\n.*shown only once/)
    expect(events.map(({ type }) => type)).toEqual(['key.created'])
    const session = await testServer.reply('GET /v1/session', { key: value.stdout.trim() })
    expect(session).toMatchObject({ mode: 'test', permissions: ['send', 'inbox:read'] })
  })

  it('A test key made without permissions sends and reads its inbox, and a live key only sends', async () => {
    const permissionsOf = async (...args: string[]) =>
      JSON.parse((await run(['keys', 'create', 'Shop', '--json', ...args])).stdout).permissions
    expect(await permissionsOf()).toEqual(['send', 'inbox:read'])
    expect(await permissionsOf('--mode', 'live')).toEqual(['send'])
  })

  it('The subcommand create sends every setting', async () => {
    const made = await run([
      ...['keys', 'create', 'Web', '--mode', 'live', '--expires-in-days', '7', '--json'],
      ...['--requests-per-minute', '60', '--emails-per-day', '500'],
      ...['--allowed-sender', 'example.com', '--allowed-ip', '10.0.0.0/8'],
    ])
    expect(JSON.parse(made.stdout)).toMatchObject({
      name: 'Web',
      mode: 'live',
      rate_limit: { requests_per_minute: 60, emails_per_day: 500 },
      allowed_senders: ['example.com'],
      allowed_ips: ['10.0.0.0/8'],
      expires_at: expect.any(String),
      key: expect.any(String),
    })
    expect(made.stderr).toBe('')
  })

  it('The subcommand list writes tab-separated lines without colour to a pipe', async () => {
    const { id } = await testServer.makeKey({ name: 'Listed\u001b[31m\tkey' })
    const { code, stdout } = await run(['keys', 'list'])
    expect(code).toBe(0)
    const line = stdout.split('\n').find((text) => text.startsWith(id))
    expect(line).toBe(`${id}\tListed[31m key\ttest\ton\tnever\tsend`)
    const { data } = JSON.parse((await run(['keys', 'list', '--json'])).stdout)
    expect(data[0]).toMatchObject({ id })
  })

  it('The subcommand rotate prints a new secret and the end of the old one', async () => {
    const made = await testServer.makeKey()
    const rotated = await run(['keys', 'rotate', made.id, '--grace', '60'])
    expect(rotated.code).toBe(0)
    expect(rotated.stderr).toMatch(/works until \d{4}-/)
    for (const key of [made.key, rotated.stdout.trim()]) {
      expect((await testServer.request('GET /v1/session', { key })).status).toBe(200)
    }
    const now = await run(['keys', 'rotate', made.id, '--grace', '0'])
    expect((await testServer.request('GET /v1/session', { key: made.key })).status).toBe(401)
    expect((await testServer.request('GET /v1/session', { key: now.stdout.trim() })).status).toBe(
      200,
    )
  })

  it('The subcommand revoke revokes keys at once', async () => {
    const [one, two] = [await testServer.makeKey(), await testServer.makeKey()]
    const { code, stderr } = await run(['keys', 'revoke', one.id, two.id])
    expect([code, stderr]).toEqual([0, `Revoked ${one.id}.\nRevoked ${two.id}.\n`])
    expect((await testServer.request('GET /v1/session', { key: one.key })).status).toBe(401)
  })

  it('A refusal of the server exits with 1 and its sentence', async () => {
    const weak = await testServer.makeKey({ permissions: ['send'] })
    const refused = await run(['keys', 'list'], withKey(weak.key))
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^mailsage: The key .* lacks the permission api-keys:read/)
    const asJson = await run(['keys', 'revoke', 'key_none', '--json'])
    expect(asJson.code).toBe(1)
    expect(JSON.parse(asJson.stderr).error).toMatchObject({ code: 'not_found' })
    const unknown = await run(['keys', 'create', '-n', 'x', '-p', 'fly'])
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/must be one of/)])
  })

  it.each([
    ['keys', 'create'],
    ['keys', 'create', '-n', 'x', '--mode', 'dead'],
    ['keys', 'create', '-n', 'x', '--emails-per-day', 'many'],
    ['keys', 'revoke'],
    ['keys', 'rotate'],
    ['keys', 'list', 'all'],
    ['keys', 'list', '--all'],
    ['keys', 'fly'],
    ['keys'],
    ['fly'],
  ])('The arguments “%s %s …” are wrong usage and end with 2', async (...args) => {
    const ended = await run(args)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(/^mailsage: .{10,}/)
  })
})

describe('The server of a command', () => {
  it('The flags take precedence over the environment', async () => {
    const { key } = await testServer.makeKey({ permissions: ['api-keys:read'] })
    const wrong = { MAILSAGE_URL: 'http://127.0.0.1:1', MAILSAGE_API_KEY: 'ms_test_wrong' }
    const args = ['keys', 'list', '--url', testServer.url, '--key', key]
    expect((await run(args, { env: wrong })).code).toBe(0)
    const right = {
      MAILSAGE_URL: `${testServer.url}/`,
      MAILSAGE_API_KEY: key,
      MAILSAGE_DATA: '/nowhere',
    }
    expect((await run(['keys', 'list'], { env: right })).code).toBe(0)
  })

  it('The key comes from MAILSAGE_API_KEY, or from MAILSAGE_KEY where that is empty', async () => {
    const { key } = await testServer.makeKey({ permissions: ['api-keys:read'] })
    const keysFor = async (env: NodeJS.ProcessEnv) => (await run(['keys', 'list'], { env })).code
    expect(await keysFor({ MAILSAGE_API_KEY: key })).toBe(0)
    expect(await keysFor({ MAILSAGE_KEY: key })).toBe(0)
    expect(await keysFor({ MAILSAGE_API_KEY: '', MAILSAGE_KEY: key })).toBe(0)
    expect(await keysFor({ MAILSAGE_API_KEY: key, MAILSAGE_KEY: 'ms_test_wrong' })).toBe(0)
    expect(await keysFor({ MAILSAGE_API_KEY: 'ms_test_wrong', MAILSAGE_KEY: key })).toBe(1)
  })

  it('A refusal names the variable of a key that lacks a permission', async () => {
    const weak = await testServer.makeKey({ permissions: ['send'] })
    for (const name of ['MAILSAGE_API_KEY', 'MAILSAGE_KEY']) {
      const refused = await run(['keys', 'list'], { env: { [name]: weak.key } })
      expect(refused.stderr).toContain(`The key comes from ${name}.`)
    }
    const given = await run(['keys', 'list', '--key', weak.key])
    expect(given.stderr).not.toContain('comes from')
  })

  it.each([
    [['--key', ''], /^mailsage: --key is empty\. .*environment variable/],
    [['--url', ''], /^mailsage: --url is empty\. .*environment variable/],
    [['--key', 'ms_test_ü'], /^mailsage: The key has an invalid character/],
  ])('The options %j are refused before a request', async (args, sentence) => {
    const ended = await run(['keys', 'list', ...args])
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(sentence) })
  })

  it('The key of one server is never sent to another', async () => {
    const ended = await run(['keys', 'list', '--url', 'http://127.0.0.1:9'])
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/no key for http/) })
  })

  it('An unreachable server gives exit code 3', async () => {
    const gone = await run(['keys', 'list', '--url', 'http://127.0.0.1:1', '--key', 'x'])
    expect(gone).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^mailsage: MailSage does not answer at/),
    })
    const none = await run(['keys', 'list'], { env: { MAILSAGE_DATA: '/nowhere' } })
    expect(none).toMatchObject({ code: 3, stderr: expect.stringMatching(/mailsage serve/) })
    expect((await run(['keys', 'list', '--url', 'nonsense'])).code).toBe(2)
  })
})
