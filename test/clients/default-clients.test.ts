import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '../test-server.ts'
import { runProgram } from './run-tool.ts'

type Client = {
  /** Exits with 0 where the client is installed. */
  readonly probe: string
  /** The Debian packages that install it. */
  readonly packages: string
  readonly prepare?: () => Promise<void>
  readonly run: (signIn: SignIn) => readonly [program: string, ...args: string[]]
}

type SignIn = { readonly user: string; readonly password: string }

const folder = join(import.meta.dirname, 'defaults')
const built = mkdtempSync(join(tmpdir(), 'mailsage-go-'))
afterAll(() => rmSync(built, { recursive: true, force: true }))

const from = 'app@example.com'
const to = 'ann@example.com'
const testServer = await startTestServer()
const port = String(testServer.server.smtpPort)

const script = (program: string, file: string) => () => [program, join(folder, file)] as const

/** Each client with its default options: only the address, and a sign-in if it has one. */
const clients: Readonly<Record<string, Client>> = {
  nodemailer: {
    probe: 'true',
    packages: '',
    run: script(process.execPath, 'nodemailer.mjs'),
  },
  'Net::SMTP of Ruby': {
    probe: 'ruby -e "require %q(net/smtp)"',
    packages: 'ruby',
    run: script('ruby', 'net-smtp.rb'),
  },
  'the gem mail of Ruby': {
    probe: 'ruby -e "require %q(mail)"',
    packages: 'ruby ruby-mail',
    run: script('ruby', 'mail-gem.rb'),
  },
  PHPMailer: {
    probe: 'command -v php && test -e /usr/share/php/libphp-phpmailer/autoload.php',
    packages: 'php-cli libphp-phpmailer',
    run: script('php', 'phpmailer.php'),
  },
  'smtplib of Python': {
    probe: 'command -v python3',
    packages: 'python3',
    run: script('python3', 'send_smtplib.py'),
  },
  aiosmtplib: {
    probe: '/usr/bin/python3 -c "import aiosmtplib"',
    packages: 'python3-aiosmtplib',
    run: script('/usr/bin/python3', 'send_aiosmtplib.py'),
  },
  swaks: {
    probe: 'command -v swaks',
    packages: 'swaks libnet-ssleay-perl',
    run: ({ user, password }) => [
      ...(['swaks', '--server', `127.0.0.1:${port}`, '--from', from, '--to', to] as const),
      ...(user === '' ? [] : ['--auth-user', user, '--auth-password', password]),
    ],
  },
  msmtp: {
    probe: 'command -v msmtp',
    packages: 'msmtp',
    run: ({ user, password }) => [
      ...(['msmtp', '--file=/dev/null', '--host=127.0.0.1', `--port=${port}`] as const),
      ...(user === ''
        ? []
        : ['--auth=plain', `--user=${user}`, `--passwordeval=printf %s '${password}'`]),
      ...[`--from=${from}`, to],
    ],
  },
  curl: {
    probe: 'command -v curl',
    packages: 'curl',
    run: ({ user, password }) => [
      ...(['curl', '--silent', '--show-error', `smtp://127.0.0.1:${port}`] as const),
      ...['--mail-from', from, '--mail-rcpt', to, '--upload-file', '-'],
      ...(user === '' ? [] : ['--user', `${user}:${password}`]),
    ],
  },
  'smtp.SendMail of Go': {
    probe: 'command -v go',
    packages: 'golang-go',
    prepare: buildGo,
    run: () => [join(built, 'send')],
  },
}

/** Without optimisation and C: the first build compiles Go's whole TLS library. */
async function buildGo(): Promise<void> {
  const settings = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOPROXY: 'off' }
  const args = ['build', '-gcflags=all=-N -l', '-o', join(built, 'send')]
  // No pipes: a process that Go leaves behind would hold them open.
  const go = spawn('go', [...args, join(folder, 'send_mail.go')], {
    env: { ...process.env, ...settings },
    stdio: 'inherit',
  })
  const [code] = await once(go, 'exit')
  if (code !== 0) throw new Error('Go did not build send_mail.go; its reason is printed above')
}

function isInstalled(name: string, { probe, packages }: Client): boolean {
  const { status } = spawnSync('sh', ['-c', probe], { stdio: 'ignore' })
  if (status === 0) return true
  console.warn(`NOT RUN: ${name}. To run it: sudo apt-get install ${packages}`)
  return false
}

async function deliver(client: Client, name: string, signIn: SignIn) {
  const { value, events } = await testServer.witness(() =>
    runProgram(client.run(signIn), {
      env: {
        SMTP_PORT: port,
        SMTP_USER: signIn.user,
        SMTP_PASS: signIn.password,
        SUBJECT: name,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      input: `From: ${from}\r\nTo: ${to}\r\nSubject: ${name}\r\n\r\nx\r\n`,
    }),
  )
  expect(value.code, `${value.output}\n${value.errors}`).toBe(0)
  return events
}

for (const [name, client] of Object.entries(clients)) {
  const title = `On its defaults ${name} delivers with a key, without one, and with any password`
  const isReady = isInstalled(name, client)
  // Other clients run meanwhile.
  const prepared = isReady ? client.prepare?.() : undefined
  prepared?.catch(() => undefined)
  test.skipIf(!isReady)(title, { timeout: 180_000 }, async () => {
    await prepared
    const { key, id } = await testServer.makeKey()
    expect(await deliver(client, name, { user: 'mailsage', password: key })).toMatchObject([
      { type: 'captured', keyId: id, data: { door: 'smtp', inbox: 'default' } },
    ])
    expect(await deliver(client, name, { user: '', password: '' })).toMatchObject([
      { type: 'captured', keyId: null, data: { inbox: 'default' } },
    ])
    expect(await deliver(client, name, { user: 'checkout', password: 'secret' })).toMatchObject([
      { type: 'captured', keyId: null, data: { inbox: 'checkout' } },
    ])
  })
}
