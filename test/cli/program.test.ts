import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { commands } from '../../src-main/cli/commands.ts'
import { version } from '../../src-main/version.ts'
import { commandLine } from './command-line.ts'

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

  it('The command exits with 2 for invalid settings', async () => {
    const wrong = await run(['serve', '--http-port', 'many'])
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/--http-port/) })
    expect((await run(['serve', '--fly'])).code).toBe(2)
  })
})

describe('The option mailsage --help', () => {
  it('The help lists every command', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const name of names) expect(stdout).toContain(`  ${name} `)
    expect((await run([])).stdout).toBe(stdout)
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

  it('The help has colour only when it is requested', async () => {
    const coloured = await run(['--help'], { env: { FORCE_COLOR: '1' } })
    expect(coloured.stdout).toContain('\u001b[1m')
    expect((await run(['--help'])).stdout).not.toContain('\u001b')
  })

  it('The option --version prints the version', async () => {
    expect((await run(['--version'])).stdout).toBe(`${version}\n`)
  })
})

describe('The command mailsage completion', () => {
  it('Commands, subcommands and options are completed in bash', async () => {
    const { stdout } = await run(['completion', 'bash'])
    const completed = (...words: string[]) => {
      const script = `${stdout}\nCOMP_WORDS=(mailsage "$@")\nCOMP_CWORD=${words.length}\n_mailsage\nprintf '%s\\n' "\${COMPREPLY[@]}"`
      const bash = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
      expect(bash.stderr).toBe('')
      return bash.stdout.trim().split('\n')
    }
    expect(completed('')).toEqual([...new Set(names.map((name) => name.split(' ')[0]))])
    expect(completed('ke')).toEqual(['keys'])
    expect(completed('keys', 'r')).toEqual(['revoke', 'rotate'])
    expect(completed('inbox', 'wait', '--t')).toEqual(['--to', '--timeout'])
    expect(completed('send', '--l')).toEqual(['--live'])
    expect(completed('completion', 'z')).toEqual(['zsh'])
  })

  it('The shells zsh and fish are supported, and no other', async () => {
    expect((await run(['completion', 'zsh'])).stdout).toMatch(/bashcompinit/)
    expect((await run(['completion', 'fish'])).stdout).toMatch(
      /^complete -c mailsage -f -n '__fish_seen_subcommand_from keys' -a rotate$/m,
    )
    expect((await run(['completion', 'tcsh'])).code).toBe(2)
  })
})
