import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { localHost } from '../../src-main/cli/local-host.ts'
import { startTestServer } from '../test-server.ts'
import { commandLine, program } from './command-line.ts'

const testServer = await startTestServer()
const { run } = commandLine(testServer.folder)
const link = join(testServer.folder, 'sendmail')
symlinkSync(program, link)

/** As a program that was written for /usr/sbin/sendmail calls it. */
const sendmail = (args: readonly string[], stdin: string, env: NodeJS.ProcessEnv = {}) =>
  run(args, { as: link, stdin, env })

/** As cron calls it: with almost no environment. */
async function asCron(script: string, args: readonly string[], stdin: string) {
  const child = spawn(script, args, { env: { PATH: '/usr/bin:/bin' } })
  let errors = ''
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString()
  })
  child.stdin.end(stdin)
  const [code] = await once(child, 'close')
  return [code, errors]
}

async function newest() {
  const [message] = (await testServer.reply('GET /v1/inbox', { query: { limit: 1 } })).data
  const params = { id: message?.id ?? '' }
  const detail = await testServer.reply('GET /v1/inbox/{id}', { params })
  return { ...detail, raw: String(await testServer.reply('GET /v1/inbox/{id}/raw', { params })) }
}

const letter = 'From: App <app@example.com>\nTo: ann@example.com\nSubject: Hi\n\nLine\n'

describe('The command sendmail', () => {
  it('The option -t reads recipients from the header and removes blind copies', async () => {
    const text = `Cc: "Bob, B." <bob@example.com>,\n carl@example.com\nBcc: hidden@example.com\n${letter}`
    const { value, events } = await testServer.witness(() => sendmail(['-t', '-i'], text))
    expect(value).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(events.map(({ type }) => type)).toEqual(['captured'])
    const message = await newest()
    expect(message.envelope).toEqual({
      mail_from: 'app@example.com',
      rcpt_to: ['bob@example.com', 'carl@example.com', 'hidden@example.com', 'ann@example.com'],
    })
    expect(message.raw).not.toContain('hidden')
    expect(message.raw).toMatch(/^Date: .* \+0000\r$/m)
    expect(message.raw).toMatch(/^Message-ID: <.+@.+>\r$/m)
  })

  it.each([
    [['-f', 'bounce@example.com', 'ann@example.com'], 'bounce@example.com', ['ann@example.com']],
    [['-fbounce@example.com', '--', 'ann@example.com'], 'bounce@example.com', ['ann@example.com']],
    [['-r', 'r@example.com', '<ann@example.com>'], 'r@example.com', ['ann@example.com']],
    [['-f<>', 'a@example.com,b@example.com'], '', ['a@example.com', 'b@example.com']],
    [
      ['-oi', '-oem', '-B', '8BITMIME', '-q10m', 'a@example.com'],
      'app@example.com',
      ['a@example.com'],
    ],
    [
      ['-tif', 'f@example.com', 'x@example.com'],
      'f@example.com',
      ['x@example.com', 'ann@example.com'],
    ],
  ])('The arguments %j give the envelope', async (args, mail_from, rcpt_to) => {
    expect((await sendmail(args, letter)).code).toBe(0)
    expect((await newest()).envelope).toEqual({ mail_from, rcpt_to })
  })

  it.each([
    [['ann@example.com\r\nRCPT TO:<evil@evil.example>'], '“RCPT TO” follows'],
    [['ann@example.com> RCPT TO:<evil@evil.example'], 'follows'],
    [['<ann@example.com> <evil@evil.example>'], '“<evil@evil.example>” follows'],
    [['-f', 'a@example.com>\r\nRCPT TO:<evil@evil.example', 'x@example.com'], 'not an email'],
    [['-t'], '“<evil@evil.example>” follows', 'Cc: <b@example.com> <evil@evil.example>\n'],
    [['-t'], '“evil@evil.example” follows', 'Bcc: b@example.com\n evil@evil.example\n'],
  ])('An argument with more than one address is refused: %j', async (args, found, header = '') => {
    const { value, events } = await testServer.witness(() => sendmail(args, header + letter))
    expect([value.code === 0, value.stderr]).toEqual([false, expect.stringContaining(found)])
    expect(events).toEqual([])
  })

  it('Names, comments and groups of the header are read', async () => {
    const header = 'To: Team: Ann <a@x.example>, "B, C" <b@x.example>;\nCc: c(x)@x.example\n'
    expect((await sendmail(['-t'], `From: app@x.example\n${header}\nText\n`)).code).toBe(0)
    const { envelope } = await newest()
    expect(envelope.rcpt_to).toEqual(['a@x.example', 'b@x.example', 'c@x.example'])
  })

  it('A missing From is added, with the name of -F', async () => {
    await sendmail(['-F', 'Anna Größe', 'x@example.com'], 'Subject: No sender\n\nText\n')
    expect(await newest()).toMatchObject({
      from: { name: 'Anna Größe', address: `ann@${localHost()}` },
      subject: 'No sender',
    })
  })

  it('Without LOGNAME and USER, the sender is the account of the process', async () => {
    const env = { USER: '', LOGNAME: '', USERNAME: '' }
    expect((await sendmail(['x@example.com'], 'Subject: Cron\n\nText\n', env)).code).toBe(0)
    const sender = `${userInfo().username}@${localHost()}`
    expect(await newest()).toMatchObject({
      envelope: { mail_from: sender },
      from: { address: sender },
    })
  })

  it.each([
    ['no server of this user', { MAILSAGE_DATA: '/nowhere', MAILSAGE_SMTP_PORT: '1' }],
    ['a server that is gone', { MAILSAGE_DATA: '/nowhere', MAILSAGE_URL: 'http://127.0.0.1:1' }],
  ])('The refusal without a server names the variables that find it: %s', async (_, env) => {
    for (const args of [['-t'], ['-bs']]) {
      const { code, stderr } = await sendmail(args, letter, env)
      expect(code).toBe(75)
      for (const name of ['MAILSAGE_DATA', 'MAILSAGE_URL', 'MAILSAGE_SMTP_PORT']) {
        expect(stderr).toContain(`${name} to`)
      }
    }
  })

  it('The refusal of -t without a recipient names the header', async () => {
    const { code, stderr } = await sendmail(['-t'], 'From: a@example.com\nSubject: x\n\nx\n')
    expect([code, stderr]).toEqual([64, expect.stringMatching(/header has no address in To, Cc/)])
    expect((await sendmail([], letter)).stderr).toMatch(/use -t/)
  })

  it('The local names of cron get the host name', async () => {
    const cron = [
      'From: root (Cron Daemon)',
      'To: root',
      'Subject: Cron <root@box> /etc/backup',
      '',
      'Done.',
      '',
    ].join('\n')
    const ended = await sendmail(['-i', '-FCronDaemon', '-B8BITMIME', '-oem', 'root'], cron)
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
    const { envelope, raw, subject } = await newest()
    const root = `root@${localHost()}`
    expect(envelope).toEqual({ mail_from: root, rcpt_to: [root] })
    expect(raw).toMatch(new RegExp(`^From: ${root} \\(Cron Daemon\\)\r$`, 'm'))
    expect(raw).toMatch(new RegExp(`^To: ${root}\r$`, 'm'))
    expect(raw.match(/^From:/gm)).toHaveLength(1)
    expect(subject).toBe('Cron <root@box> /etc/backup')
  })

  it.each([
    [['-f', 'www-data', 'ann'], ['www-data', 'ann'], ''],
    [
      ['-t', '-f', '<daemon>'],
      ['daemon', 'ops', 'root', 'bob'],
      'Cc: Ops <ops>, root,\n "B, b" <bob>\n',
    ],
    [
      ['-t', '-f', 'x@example.com'],
      ['x@example.com', 'a', 'b@example.com'],
      'Cc: Team: a, b@example.com;\n',
    ],
    [['-f', '<>', 'Postmaster'], ['', 'Postmaster'], ''],
  ])('Local names get the host name: %j', async (args, [from = '', ...to], header) => {
    const whole = (name: string) =>
      name === '' || name.includes('@') ? name : `${name}@${localHost()}`
    const text = `${header}Subject: Local\n\nText\n`
    expect(await sendmail(args, text)).toMatchObject({ code: 0, stderr: '' })
    const { envelope, raw } = await newest()
    expect(envelope).toEqual({ mail_from: whole(from), rcpt_to: to.map(whole) })
    for (const name of header === '' ? [] : to) expect(raw).toContain(whole(name))
  })

  it('The message goes to the server of MAILSAGE_URL on any SMTP port', async () => {
    const { key } = await testServer.makeKey({ inbox: 'elsewhere' })
    const env = { MAILSAGE_DATA: '/nowhere', MAILSAGE_URL: testServer.url, MAILSAGE_API_KEY: key }
    expect(await sendmail(['-t'], letter, env)).toMatchObject({ code: 0, stderr: '' })
    expect(await newest()).toMatchObject({ inbox: 'elsewhere' })
    const gone = await sendmail(['-t'], letter, { ...env, MAILSAGE_URL: 'http://127.0.0.1:1' })
    expect(gone).toMatchObject({ code: 75, stderr: expect.stringMatching(/127\.0\.0\.1:1/) })
  })

  it('A live key of all permissions in the environment captures the message, with a note', async () => {
    const { key } = await testServer.makeKey({ mode: 'live', permissions: ['*'] })
    const { value, events } = await testServer.witness(() =>
      sendmail(['-t'], letter, { MAILSAGE_API_KEY: key }),
    )
    expect(value).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/permission “\*”.*captured/),
    })
    expect(events.map(({ type }) => type).sort()).toEqual(['captured', 'request'])
  })

  it('A line with a single dot ends the message, unless -i is set', async () => {
    const text = 'Subject: Dots\n\nbefore\n.\nafter\n..two\n'
    await sendmail(['x@example.com'], text)
    expect((await newest()).raw).toMatch(/before\r\n$/)
    await sendmail(['-i', 'x@example.com'], text)
    expect((await newest()).raw).toMatch(/before\r\n\.\r\nafter\r\n\.\.two\r\n$/)
  })

  it('Every byte is kept, and line ends become CR LF', async () => {
    await sendmail(['-i', 'x@example.com'], 'Subject: ü\r\nX-A: 1\n\nGrüße\r\n\tfrom ☃\n')
    const { raw, subject } = await newest()
    expect(subject).toBe('ü')
    expect(raw).toMatch(/\r\n\r\nGrüße\r\n\tfrom ☃\r\n$/)
  })

  it('The message goes to the inbox of the key in the environment', async () => {
    const { key } = await testServer.makeKey({ inbox: 'cron' })
    expect((await sendmail(['-t'], letter, { MAILSAGE_API_KEY: key })).code).toBe(0)
    expect(await newest()).toMatchObject({ inbox: 'cron' })
  })

  it('The option -v prints the transcript without the key', async () => {
    const { key } = await testServer.makeKey()
    const { stdout } = await sendmail(['-v', '-t'], letter, { MAILSAGE_API_KEY: key })
    expect(stdout).toMatch(/>>> AUTH PLAIN \*\*\*\n<<< 235/)
    expect(stdout).toMatch(/>>> RCPT TO:<ann@example.com>\n<<< 250/)
    expect(stdout).not.toContain(Buffer.from(`\0mailsage\0${key}`).toString('base64'))
  })

  it('The option -bs accepts SMTP from the caller', async () => {
    const { code, stdout } = await sendmail(['-bs'], 'EHLO here\r\nQUIT\r\n')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^220 [\s\S]*^250[ -][\s\S]*^221 /m)
  })

  it.each([
    ['no recipient', [], letter, {}, 64],
    ['an option that nobody knows', ['-Z'], letter, {}, 64],
    ['a mode that is not here', ['-bp'], letter, {}, 64],
    ['a value that is missing', ['-t', '-f'], letter, {}, 64],
    ['no recipient in the header', ['-t'], 'Subject: x\n\nx\n', {}, 64],
    ['an address that is none', ['not an address'], letter, {}, 67],
    ['a key that is none', ['-t'], letter, { MAILSAGE_API_KEY: 'ms_test_no' }, 77],
    ['no relay', ['-t'], letter, { MAILSAGE_SMTP_PORT: '1' }, 75],
  ])('The case “%s” exits with its code of sysexits.h', async (_, args, text, env, code) => {
    const ended = await sendmail(args, text, env)
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(/^sendmail: .{8,}/)])
  })

  it('Live mail without a relay exits as unavailable', async () => {
    const { key } = await testServer.makeKey({ mode: 'live' })
    const ended = await sendmail(['-t'], letter, { MAILSAGE_API_KEY: key })
    expect([ended.code, ended.stderr]).toEqual([69, expect.stringMatching(/554/)])
  })

  it.skipIf(process.platform === 'win32')(
    'The script of docs/command-line.md delivers mail from an empty environment',
    async () => {
      const page = readFileSync(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8')
      const [text = ''] = /^#!\/bin\/sh\n[^`]+/m.exec(page) ?? []
      const bin = join(testServer.folder, 'bin')
      mkdirSync(bin)
      symlinkSync(program, join(bin, 'mailsage'))
      symlinkSync(process.execPath, join(bin, 'node'))
      const script = join(bin, 'sendmail')
      const here = text
        .replace('/usr/local/bin', bin)
        .replace(/(MAILSAGE_DATA=).*/, `$1${testServer.folder}`)
      writeFileSync(script, here, { mode: 0o755 })
      const input = 'To: root\nSubject: From the script\n\nx\n'
      const args = ['-i', '-FCronDaemon', '-oem', 'root']
      const ended = await asCron(script, args, input)
      expect(ended).toEqual([0, ''])
      expect(await newest()).toMatchObject({ subject: 'From the script' })
    },
  )

  it('The program is also a command of mailsage', async () => {
    expect((await run(['sendmail', '-t'], { stdin: letter })).code).toBe(0)
    expect((await run(['sendmail', '--help'])).stdout).toContain('php.ini')
  })
})
