import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { commands } from '../../src-main/cli/commands.ts'
import { flagOf, settings } from '../../src-main/config.ts'
import { version } from '../../src-main/version.ts'
import { commandLine, program } from './command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailsage-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const { run, start } = commandLine(folder)
const names = Object.keys(commands)

describe('The command mailsage serve', () => {
  it('The command starts the server, prints its addresses, and ends on SIGTERM', async () => {
    const child = start(['serve', '--http-port', '0', '--smtp-port', '0', '--json'])
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const facts = JSON.parse(line.toString())
    expect(facts).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      smtp_port: expect.any(Number),
      first_keys: { admin: expect.any(String), test: expect.any(String) },
      version,
    })
    const listed = await run(['keys', 'list', '--json'])
    expect(JSON.parse(listed.stdout).data).toHaveLength(2)
    const second = await run(['serve', '--http-port', '0', '--smtp-port', '0'])
    expect(second).toMatchObject({ code: 1, stderr: expect.stringMatching(/already running/) })
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(existsSync(join(folder, 'server.json'))).toBe(false)
  })

  it('The command warns of a variable that looks like a setting and is none', async () => {
    const env = { MAILSAGE_KEEPDAYS: '7', MAILSAGE_URL: 'http://127.0.0.1:1' }
    const child = start(['serve', '--http-port', '0', '--smtp-port', '0', '--json'], { env })
    const [warning] = (await once(child.stderr, 'data')) as [Buffer]
    expect(warning.toString()).toMatch(
      /There is no setting MAILSAGE_KEEPDAYS\. Did you mean MAILSAGE_KEEP_DAYS\?/,
    )
    child.kill('SIGTERM')
    await once(child, 'exit')
  })

  it('An older Node is refused with both versions and a way to a newer one', async () => {
    const versions = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})`
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${versions}` }
    const { code, stderr } = await run(['serve'], { env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^MailSage needs Node 22\.14 or newer, and this is Node 20\.1\.0\. /)
    expect(stderr).toContain('npx -p node@24 -p FILE mailsage')
    expect(stderr).toMatch(/In a clone, `npm start` brings its own Node\.$/m)
  })

  it('The command exits with 2 for invalid settings', async () => {
    const wrong = await run(['serve', '--http-port', 'many'])
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/--http-port/) })
    expect((await run(['serve', '--fly'])).code).toBe(2)
  })
})

describe('The global options', () => {
  it.each([
    ['keys', 'list', '--json', '--url', 'http://127.0.0.1:1', '--key', 'ms_test_x'],
    ['--json', '--url', 'http://127.0.0.1:1', '--key', 'ms_test_x', 'keys', 'list'],
    ['--url=http://127.0.0.1:1', 'keys', '--key', 'ms_test_x', '--json', 'list'],
  ])('Global options may come before or after the command: %s %s %s', async (...args) => {
    const { code, stderr } = await run(args)
    expect(code).toBe(3)
    expect(JSON.parse(stderr).error.message).toContain('at http://127.0.0.1:1')
  })

  it.each([
    [['--fly', 'keys', 'list'], 'There is no option --fly.'],
    [['--http-port', 'many'], 'The setting --http-port'],
    [['--key', 'x', 'serve'], '“mailsage serve” takes no --key.'],
    [['--url', 'http://x', 'sendmail', '-t'], '“mailsage sendmail” takes no --url.'],
  ])('The options %j are refused with a sentence', async (args, sentence) => {
    const ended = await run(args)
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) })
  })
})

describe('The option mailsage --help', () => {
  it('The help lists every command', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const name of names) expect(stdout).toContain(`  ${name} `)
    expect((await run(['help'])).stdout).toBe(stdout)
    expect((await run(['keys', '--help'])).stdout).toContain('keys rotate')
  })

  it.each(names)('The help of %s has examples', async (name) => {
    const { code, stdout, stderr } = await run([...name.split(' '), '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(new RegExp(`Usage {2}mailsage ${name}`))
    expect(stdout.match(/^ {2}.*# /gm)?.length).toBeGreaterThanOrEqual(2)
    for (const option of Object.keys(commands[name]?.options ?? {})) {
      const isShort = option.length === 1 || option === 'bs'
      expect(stdout).toContain(isShort ? ` -${option}` : `--${option}`)
    }
  })

  it.each(['constructor', 'toString', '__proto__', 'fly', 'keys fly', 'keys constructor'])(
    'Help about “%s” ends with a sentence and exit code 2',
    async (topic) => {
      for (const args of [['help', ...topic.split(' ')], topic.split(' ')]) {
        const ended = await run(args)
        expect(ended).toMatchObject({ code: 2, stdout: '' })
        expect(ended.stderr).toMatch(/^mailsage: There is no command “.+”\..+\.\n$/)
      }
    },
  )

  it('Every form of the request prints the same help', async () => {
    const { stdout } = await run(['keys', 'create', '--help'])
    for (const args of [
      ['help', 'keys', 'create'],
      ['--help', 'keys', 'create'],
      ['keys', '-h', 'create'],
      ['keys', 'create', 'Shop', '-h'],
    ]) {
      expect(await run(args)).toMatchObject({ code: 0, stdout, stderr: '' })
    }
    expect((await run(['help', 'keys'])).stdout).toBe((await run(['keys', '--help'])).stdout)
  })

  it.each(['', ...names])('Every option in the help exists: %s', async (name) => {
    const words = name.split(' ').filter(Boolean)
    const { stdout } = await run([...words, '--help'])
    const shown = [...stdout.matchAll(/^ {2}(?:(-\w), )?(--?[\w-]+)(?: ([A-Z|]+))? {2,}\S/gm)]
    const flags = shown.flatMap(([, short, long = '', value]) =>
      [short, long].flatMap((flag) => (flag ? [[flag, ...(value ? ['1'] : [])]] : [])),
    )
    if (name !== 'completion' || flags.length > 0) expect(flags.length).toBeGreaterThan(0)
    // Each option is accepted, so that the one after it is refused; help and version end a run.
    const tried = flags.filter(([flag = '']) => !/^(-h|--help|-V|--version)$/.test(flag))
    const command = name === '' ? ['keys', 'list'] : words
    const last = name === 'sendmail' ? '-Z' : '--zebra'
    const given = name === '' ? [...tried.flat(), ...command] : [...command, ...tried.flat()]
    const ended = await run([...given, last])
    expect(ended.stderr).toMatch(/There is no option --zebra\.|-Z is not supported/)
    for (const [flag = ''] of flags.filter((one) => !tried.includes(one))) {
      expect((await run([...words, flag])).code).toBe(0)
    }
  })

  it('The help of serve lists each setting with its meaning and its default', async () => {
    const { stdout } = await run(['serve', '--help'])
    for (const [name, { help }] of Object.entries(settings)) {
      const [line = ''] = stdout.split('\n').filter((one) => one.includes(`--${flagOf(name)} `))
      expect(line).toContain(`${help}. Default: `)
    }
    expect(stdout).toMatch(/--http-port PORT +.+ Default: 8025$/m)
    expect(stdout).toMatch(/--keep-days DAYS +.+ Default: 0$/m)
    expect(stdout).toMatch(/--allowed-hosts HOSTS +.+ Default: none$/m)
    const headless = program.replace('mailsage.js', 'headless.js')
    for (const flag of ['--help', '-h']) {
      expect(await run([flag], { as: headless })).toEqual({ code: 0, stdout, stderr: '' })
    }
  })

  it('The help has colour only when it is requested', async () => {
    const coloured = await run(['--help'], { env: { FORCE_COLOR: '1' } })
    expect(coloured.stdout).toContain('\u001b[1m')
    expect((await run(['--help'])).stdout).not.toContain('\u001b')
  })

  it('The option --version prints the version', async () => {
    expect((await run(['--version'])).stdout).toBe(`${version}\n`)
  })
})
