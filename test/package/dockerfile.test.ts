import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { until } from '../wait-for.ts'
import { root, runProgram } from './npm.ts'

type Step = { readonly name: string; readonly text: string }

const folder = mkdtempSync(join(tmpdir(), 'mailsage-docker-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const steps: readonly Step[] = readFileSync(join(root, 'Dockerfile'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name = '', ...words] = line.split(' ')
    return { name, text: words.join(' ') }
  })
const textOf = (name: string): string => steps.find((step) => step.name === name)?.text ?? ''

type Stage = { readonly name: string; readonly steps: Step[] }

/** Each stage has a folder in place of its file system. */
const stages: Stage[] = []
for (const step of steps) {
  const named = / AS (\w+)$/.exec(step.text)?.[1] ?? 'last'
  if (step.name === 'FROM') stages.push({ name: named, steps: [] })
  else stages.at(-1)?.steps.push(step)
}

const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n').filter(Boolean)

/** Absolute paths of the image, in the folder of the stage; those of the system stay. */
function inStage(stage: string, text: string): string {
  const place = join(folder, stage)
  return text.replace(/(?<=^|[\s=])\/(?=build|packed|app|data|usr)/g, `${place}/`)
}

function copy(stage: string, workdir: string, text: string): void {
  const words = text.split(' ')
  const from = /^--from=(\w+)$/.exec(words[0] ?? '')?.[1]
  const sources = words.slice(from ? 1 : 0, -1)
  const target = words.at(-1) ?? ''
  for (const source of sources) {
    const to = target.startsWith('/') ? inStage(stage, target) : workdir
    if (from) cpSync(inStage(from, source), to, { recursive: true, verbatimSymlinks: true })
    else if (source === '.') {
      const wanted = (path: string) => !ignored.includes(path.slice(root.length + 1))
      cpSync(root, to, { recursive: true, filter: wanted })
    } else cpSync(join(root, source), join(to, basename(source)))
  }
}

function run(stage: string, workdir: string, text: string): void {
  // The libraries come from this checkout, where the same command installed them.
  if (text === 'npm ci') {
    symlinkSync(join(root, 'node_modules'), join(workdir, 'node_modules'))
    return
  }
  const isRoot = process.getuid?.() === 0
  // The user node exists in the image only.
  const command = inStage(stage, text).replace(
    'chown node:node',
    isRoot ? 'chown 1000:1000' : 'true',
  )
  runProgram('sh', ['-ec', command], { cwd: workdir })
}

function madeFolder(path: string): string {
  mkdirSync(path, { recursive: true })
  return path
}

it('The steps of the Dockerfile make a healthy server for a user without rights', async () => {
  for (const { name, steps: own } of stages) {
    let workdir = join(folder, name)
    mkdirSync(join(workdir, 'usr/local/bin'), { recursive: true })
    for (const step of own) {
      if (step.name === 'WORKDIR') workdir = madeFolder(inStage(name, step.text))
      else if (step.name === 'COPY') copy(name, workdir, step.text)
      else if (step.name === 'RUN') run(name, workdir, step.text)
    }
  }
  const image = join(folder, 'last')
  expect(textOf('USER')).toBe('node')
  expect(textOf('VOLUME')).toBe('/data')
  expect(existsSync(join(image, 'data'))).toBe(true)
  expect(
    globSync('app/node_modules/*', { cwd: image }).map((path) => basename(path)),
  ).not.toContain('electron')
  await serveAndCheck(image)
}, 240_000)

async function serveAndCheck(image: string): Promise<void> {
  const env = Object.fromEntries(
    inStage('last', stages.at(-1)?.steps.find(({ name }) => name === 'ENV')?.text ?? '')
      .split(' ')
      .map((pair) => pair.split('=', 2)),
  )
  const [command = '', ...args] = JSON.parse(textOf('CMD')) as string[]
  const path = `${join(image, 'usr/local/bin')}:${dirname(process.execPath)}:${process.env.PATH}`
  const ports = { MAILSAGE_HTTP_PORT: '0', MAILSAGE_SMTP_PORT: '0' }
  const child = spawn(command, args, {
    cwd: image,
    stdio: 'ignore',
    env: { PATH: path, ...env, ...ports },
  })
  const announced = join(image, 'data/server.json')
  try {
    await until('the server runs', () => existsSync(announced) || child.exitCode !== null, 30_000)
    const { url } = JSON.parse(readFileSync(announced, 'utf8')) as { readonly url: string }
    const check = textOf('HEALTHCHECK').split(' CMD ')[1] ?? ''
    const port = new URL(url).port
    expect(check).toContain('127.0.0.1:8025')
    runProgram('sh', ['-ec', check.replace('8025', port)], { cwd: image, env: { PATH: path } })
    expect(() =>
      runProgram('sh', ['-ec', check.replace('8025', '1')], { cwd: image, env: { PATH: path } }),
    ).toThrow()
  } finally {
    child.kill('SIGTERM')
  }
  await until('the server is closed', () => !existsSync(announced), 20_000)
}
