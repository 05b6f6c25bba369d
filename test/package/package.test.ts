import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { npmCommand } from '../../scripts/npm.ts'
import { version } from '../../src-main/version.ts'
import { until } from '../wait-for.ts'
import { packInto, root, runNpm, runProgram } from './npm.ts'

const folder = mkdtempSync(join(tmpdir(), 'mailsage-package-'))
const app = join(folder, 'app')
const installed = join(app, 'node_modules')
let packed = ''

beforeAll(() => {
  packed = packInto(folder)
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{"private":true,"type":"module"}')
  runNpm(['install', packed], { cwd: app })
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a module of the app and returns the JSON that it prints. */
function runModule(source: string): unknown {
  writeFileSync(join(app, 'use.js'), source)
  return JSON.parse(runProgram(process.execPath, ['use.js'], { cwd: app }))
}

describe('The npm package', () => {
  it('The package needs the database driver only, and has under 15 MB without it', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'mailsage/package.json'), 'utf8'))
    expect(Object.keys(manifest.dependencies)).toEqual(['better-sqlite3'])
    expect(readdirSync(installed).filter((name) => !name.startsWith('.'))).toEqual([
      'better-sqlite3',
      'mailsage',
      'node-addon-api',
    ])
    expect(sizeOf(join(installed, 'mailsage'))).toBeLessThan(15_000_000)
  })

  it('A global installation puts mailsage on the PATH', () => {
    const prefix = join(folder, 'global')
    runNpm(['install', '--global', '--prefix', prefix, packed], { cwd: folder })
    const env = { PATH: `${join(prefix, 'bin')}${delimiter}${process.env.PATH}` }
    expect(runProgram('mailsage', ['--version'], { cwd: folder, env })).toBe(`${version}\n`)
  })

  it('The tool npx runs the server with its window in an empty folder', async () => {
    const [empty, data] = [join(folder, 'empty'), join(folder, 'data')]
    mkdirSync(empty)
    copyFileSync(packed, join(empty, basename(packed)))
    const [npm, args] = npmCommand('exec', '--yes', '--', `./${basename(packed)}`)
    const child = spawn(npm, args, {
      cwd: empty,
      stdio: 'ignore',
      env: {
        ...process.env,
        MAILSAGE_DATA: data,
        MAILSAGE_HTTP_PORT: '0',
        MAILSAGE_SMTP_PORT: '0',
      },
    })
    const announced = join(data, 'server.json')
    await until('the server runs', () => existsSync(announced) || child.exitCode !== null, 60_000)
    const { url, pid } = JSON.parse(readFileSync(announced, 'utf8'))
    try {
      expect(await (await fetch(url)).text()).toContain('<div id="root">')
      expect((await fetch(`${url}/docs/swagger-ui-bundle.js`)).status).toBe(200)
      expect(readdirSync(empty)).toEqual([basename(packed)])
    } finally {
      process.kill(pid, 'SIGTERM')
    }
    await until('the server is closed', () => !existsSync(announced), 20_000)
  })
})

describe('The function startMailSage', () => {
  const withMessage = `
    const headers = { authorization: 'Bearer ' + (server.testKey ?? server.adminKey), 'content-type': 'application/json' }
    const send = (path, body) => fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    const read = async (path) => (await fetch(server.url + path, { headers })).json()`

  it('A server in the process of its caller indexes mail, renders templates and leaves no file', () => {
    const outcome = runModule(`
      import { readdirSync } from 'node:fs'
      import { startMailSage } from 'mailsage'
      const listed = () => readdirSync('/dev/shm').filter((name) => name.startsWith('mailsage-'))
      const before = listed()
      const server = await startMailSage()
      ${withMessage}
      const sent = await send('/v1/send', { from: 'a@example.com', to: 'b@example.com', subject: 'Hello', text: 'quagga' })
      const found = await read('/v1/inbox/wait?query=quagga&timeout=20')
      headers.authorization = 'Bearer ' + server.adminKey
      const permissions = ['send', 'inbox:read', 'templates:read', 'templates:write']
      const { key } = await (await send('/v1/api-keys', { name: 'k', mode: 'test', permissions })).json()
      headers.authorization = 'Bearer ' + key
      const made = await send('/v1/templates', { name: 't', subject: 'Hi {{name}}', text: 'x {{name}}' })
      const { id } = await made.json()
      await send('/v1/send', { from: 'a@example.com', to: 'b@example.com', template_id: id, template_data: { name: 'Ann' } })
      const rendered = await read('/v1/inbox/wait?subject=Hi&timeout=20')
      await server.close()
      const refused = await fetch(server.url).then(() => false, () => true)
      const left = listed().filter((name) => !before.includes(name))
      console.log(JSON.stringify({ status: sent.status, subjects: [found.subject, rendered.subject], refused, left }))`)
    expect(outcome).toEqual({
      status: 202,
      subjects: ['Hello', 'Hi Ann'],
      refused: true,
      left: [],
    })
  })

  it('A folder keeps its messages, and gets its test key once', () => {
    const outcome = runModule(`
      import { startMailSage } from 'mailsage'
      const folder = ${JSON.stringify(join(folder, 'kept'))}
      const subjects = []
      for (let start = 0; start < 2; start++) {
        const server = await startMailSage({ folder })
        ${withMessage}
        await send('/v1/send', { from: 'a@example.com', to: 'b@example.com', subject: 'No. ' + start, text: 'x' })
        subjects.push([server.testKey !== null, (await read('/v1/inbox')).data.map(({ subject }) => subject)])
        await server.close()
      }
      console.log(JSON.stringify(subjects))`)
    expect(outcome).toEqual([
      [true, ['No. 0']],
      [false, ['No. 0']],
    ])
  })

  it('An empty folder name is refused, and does not mean the folder of the user', () => {
    const outcome = runModule(`
      import { startMailSage } from 'mailsage'
      const refusal = await startMailSage({ folder: '' }).catch(({ message }) => message)
      console.log(JSON.stringify(refusal))`)
    expect(outcome).toMatch(/^The option folder is empty/)
  })

  it('The types of the package fit its values', () => {
    writeFileSync(
      join(app, 'use.ts'),
      `import { type MailSage, startMailSage } from 'mailsage'
const server: MailSage = await startMailSage({ folder: 'x', httpPort: 0, settings: { MAILSAGE_KEEP_DAYS: '7' } })
const ports: number = server.httpPort + server.smtpPort
// @ts-expect-error there is no such option
await startMailSage({ port: ports })
await server.close()
`,
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023']
    runProgram(process.execPath, [tsc, ...options, 'use.ts'], { cwd: app })
  })
})

function sizeOf(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((size, name) => size + sizeOf(join(path, name)), 0)
}
