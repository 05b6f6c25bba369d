import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { until } from '../wait-for.ts'
import { commandLine } from './command-line.ts'

const testServer = await startTestServer()
const { run } = commandLine(testServer.folder)
const key = await testServer.makeKey({ inbox: 'shop' })

async function send(fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const body = { from: 'a@example.com', to: 'ann@example.com', subject: 'Hi', text: 'x', ...fields }
  return (await testServer.reply('POST /v1/send', { key: key.key, body })).id
}

describe('The command mailsage send', () => {
  it('A message without a key is captured', async () => {
    const file = join(testServer.folder, 'Bericht ü.txt')
    writeFileSync(file, 'attached')
    const { value, events } = await testServer.witness(() =>
      run([
        ...['send', 'Ann <ann@example.com>', '--cc', 'c@example.com', '--bcc', 'b@example.com'],
        ...[
          '-f',
          'App <app@example.com>',
          '-s',
          'Größe',
          '--text',
          'Hello',
          '--html',
          '<p>Hello</p>',
        ],
        ...['-a', file],
      ]),
    )
    expect(value.code).toBe(0)
    const id = value.stdout.trim()
    expect(events.map(({ type, messageId }) => [type, messageId])).toEqual([['captured', id]])
    expect(await testServer.reply('GET /v1/inbox/{id}', { params: { id } })).toMatchObject({
      inbox: 'default',
      from: { name: 'App', address: 'app@example.com' },
      to: [{ name: 'Ann', address: 'ann@example.com' }],
      subject: 'Größe',
      bcc: ['b@example.com'],
      has_html: true,
      attachment_list: [{ filename: 'Bericht ü.txt', size_bytes: 8 }],
    })
  })

  it('The text comes from stdin, and with a key it is sent over HTTP', async () => {
    const env = { MAILSAGE_API_KEY: key.key }
    const args = [
      'send',
      'ann@example.com',
      '-f',
      'a@example.com',
      '-s',
      'x',
      '--tag',
      't',
      '--json',
    ]
    const { code, stdout } = await run(args, { env, stdin: 'From a pipe\n.\n' })
    expect(code).toBe(0)
    const { id } = JSON.parse(stdout)
    const text = await testServer.reply('GET /v1/inbox/{id}/text', { params: { id } })
    expect(text.replace(/\r/g, '')).toContain('From a pipe\n.\n')
  })

  it('Live mail needs an explicit option, and is refused without a relay', async () => {
    const ended = await run([
      'send',
      'ann@example.com',
      '-f',
      'a@example.com',
      '-s',
      'x',
      '--text',
      'x',
      '--live',
    ])
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/relay/) })
  })

  it('A test key with --live is refused before the message is sent', async () => {
    for (const how of [
      { args: ['--key', key.key], env: {} },
      { args: [], env: { MAILSAGE_API_KEY: key.key } },
    ]) {
      const args = ['send', 'ann@example.com', '--text', 'x', '--live', ...how.args]
      const { value, events } = await testServer.witness(() => run(args, { env: how.env }))
      expect(value).toMatchObject({ code: 1, stdout: '' })
      expect(value.stderr).toMatch(/--live sends for real, but the key “A key” is a test key/)
      expect(events.filter(({ type }) => type !== 'request')).toEqual([])
    }
  })

  it('A live key of all permissions in the environment sends for real only with --live', async () => {
    const admin = await testServer.makeKey({ mode: 'live', permissions: ['*'] })
    const sender = await testServer.makeKey({ mode: 'live', permissions: ['send'] })
    const args = ['send', 'ann@example.com', '-s', 'x', '--text', 'x']
    for (const name of ['MAILSAGE_API_KEY', 'MAILSAGE_KEY']) {
      const env = { [name]: admin.key }
      const { value, events } = await testServer.witness(() => run(args, { env }))
      expect(value).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(`because ${name} is`),
      })
      expect(events.map(({ type }) => type).sort()).toEqual(['captured', 'request'])
      const live = await run([...args, '--live'], { env })
      expect(live).toMatchObject({ code: 1, stderr: expect.stringMatching(/relay/) })
    }
    for (const how of [
      { args: ['--key', admin.key], env: {} },
      { args: [], env: { MAILSAGE_API_KEY: sender.key } },
    ]) {
      const ended = await run([...args, ...how.args], { env: how.env })
      expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/relay/) })
    }
  })

  it.each([
    [['send'], 2],
    [['send', 'nobody', '--text', 'x'], 2],
    [['send', 'ann@example.com', '--text', 'x', '-a', '/nowhere/x.pdf'], 2],
    [['send', 'ann@example.com', '--template', 'x', '--data', '[1]', '--key', 'x'], 2],
    [['send', 'ann@example.com', '--template', 'welcome'], 1],
  ])('The arguments %j end with %i', async (args, code) => {
    expect((await run(args)).code).toBe(code)
  })
})

describe('The command mailsage inbox', () => {
  it('The subcommand list shows and searches messages', async () => {
    const id = await send({ subject: 'Receipt 17\tand more', text: 'quagga' })
    await testServer.server.idle()
    const { stdout } = await run(['inbox', 'list', '--inbox', 'shop', 'quagga'])
    const fields = stdout.trimEnd().split('\t')
    expect(fields).toEqual([
      ...[id, expect.stringMatching(/ ago$/), 'shop', 'a@example.com', 'ann@example.com'],
      'Receipt 17 and more',
    ])
    const none = await run(['inbox', 'list', 'zebra'])
    expect(none).toMatchObject({ code: 0, stdout: '', stderr: 'No message.\n' })
    const { data } = JSON.parse((await run(['inbox', 'list', '--limit', '1', '--json'])).stdout)
    expect(data).toHaveLength(1)
  })

  it('The subcommand show prints a message, or a part of it', async () => {
    const id = await send({
      subject: 'Sign in',
      text: 'Your code is 482913. https://a.example/in',
      html: '<p>Your code is 482913. <a href="https://a.example/in">Sign in</a></p>',
      attachments: [{ filename: 'a.bin', content: Buffer.from([0, 255, 10]).toString('base64') }],
    })
    const { stdout } = await run(['inbox', 'show'])
    expect(stdout).toMatch(/^Id {8}msg_/)
    for (const line of [
      'Codes     482913',
      'Link      https://a.example/in  Sign in',
      'Your code',
    ]) {
      expect(stdout).toContain(line)
    }
    const page = JSON.parse((await run(['inbox', 'show', id, '--json'])).stdout)
    expect(page).toMatchObject({ id, codes: ['482913'] })
    expect((await run(['inbox', 'show', id, '--html'])).stdout).toMatch(/^<p>/)
    expect((await run(['inbox', 'show', id, '--text'])).stdout).toMatch(/^Your code/)
    expect((await run(['inbox', 'show', id, '--headers'])).stdout).toMatch(/^Subject: Sign in$/m)
    expect((await run(['inbox', 'show', id, '--raw'])).stdout).toMatch(/multipart/)
    const bytes = (await run(['inbox', 'show', id, '--attachment', '0'])).stdout
    expect(bytes).toHaveLength(3)
    expect((await run(['inbox', 'show', 'msg_none'])).code).toBe(1)
    expect((await run(['inbox', 'show', id, '--attachment', 'x'])).code).toBe(2)
  })

  it('The subcommand wait prints the code of the next message', async () => {
    const waited = run(['inbox', 'wait', '--to', 'new@example.com', '--code'])
    await until('it waits', () => testServer.server.domain.waits.count() > 0)
    await send({ to: 'new@example.com', text: 'Your code is 771204.' })
    expect(await waited).toEqual({ code: 0, stdout: '771204\n', stderr: '' })
  })

  it('The subcommand wait prints the link, the id, or all', async () => {
    const to = 'link@example.com'
    const id = await send({ to, text: 'Open https://a.example/x' })
    const wait = async (...args: string[]) =>
      (await run(['inbox', 'wait', '--to', to, '--after', 'msg_0', ...args])).stdout
    expect(await wait('--link')).toBe('https://a.example/x\n')
    expect(await wait('--id')).toBe(`${id}\n`)
    expect(JSON.parse(await wait('--json'))).toMatchObject({ id, links: [{ text: null }] })
    expect(await wait()).toContain('Open https://a.example/x')
    const none = await run(['inbox', 'wait', '--to', to, '--after', 'msg_0', '--code'])
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/no one-time code/)])
  })

  it('The subcommand wait ends with 4 after its time, and lists the messages that arrived', async () => {
    const id = await send({ subject: 'Something else' })
    const ended = await run(['inbox', 'wait', '--subject', 'Nowhere', '--timeout', '0.2'])
    expect(ended).toMatchObject({ code: 4, stdout: '' })
    expect(ended.stderr).toContain(`came: ${id}  shop  ann@example.com  Something else`)
    expect(ended.stderr).toMatch(
      /within 0\.2 seconds\. The lines above show the messages that came/,
    )
    expect(ended.stderr).not.toContain('details')
    const json = await run(['inbox', 'wait', '--subject', 'Nowhere', '--timeout', '0', '--json'])
    expect(JSON.parse(json.stderr).error).toMatchObject({
      message: expect.stringContaining('details.arrived'),
      details: { arrived: expect.arrayContaining([expect.objectContaining({ id })]) },
    })
    expect((await run(['inbox', 'wait', '--timeout', 'long'])).code).toBe(2)
    expect((await run(['inbox', 'wait', '--timeout', '900'])).code).toBe(1)
  })

  it('The subcommand clear deletes only what its options name', async () => {
    await send()
    await run(['send', 'x@example.com', '--text', 'in the default inbox'])
    expect((await run(['inbox', 'clear'])).code).toBe(2)
    expect((await run(['inbox', 'clear', '--inbox', 'shop'])).stderr).toMatch(
      /^Deleted \d+ message/,
    )
    expect((await testServer.reply('GET /v1/inbox')).data.map(({ inbox }) => inbox)).not.toContain(
      'shop',
    )
    expect(
      JSON.parse((await run(['inbox', 'clear', '--all', '--json'])).stdout).changed,
    ).toBeGreaterThan(0)
    expect((await testServer.reply('GET /v1/inbox')).data).toEqual([])
  })
})
