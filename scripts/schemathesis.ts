import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rsaPrivateKey, startSubject } from '../test/schemathesis/subject.ts'
import type { NotRun } from './suites.ts'
import { type Counts, schemathesisCounts } from './test-counts.ts'

/** The same requests in every run, and no more of them than fit into the time of a suite. */
const options = [
  ...['--generation-deterministic', '--no-color'],
  ...['--phases', 'examples,coverage,fuzzing', '--max-examples', '20', '--no-shrink'],
  ...['--continue-on-failure', '--workers', '1', '--warnings', 'off'],
]

/** Requests made up from the OpenAPI document by schemathesis, held against that document. */
export async function schemathesis(root: string): Promise<Counts | NotRun> {
  const program = install(root)
  if (typeof program !== 'string') return program
  const results = join(root, 'test-results')
  // The failures that schemathesis keeps there would change the requests of the next run.
  const work = join(root, 'node_modules/.cache/schemathesis-run')
  rmSync(work, { recursive: true, force: true })
  for (const folder of [results, work]) mkdirSync(folder, { recursive: true })
  const report = join(results, 'schemathesis.json')
  rmSync(report, { force: true })
  const subject = await startSubject(root, join(results, 'schemathesis-server.log'))
  try {
    const settings = join(root, 'test/schemathesis')
    const config = ['--config-file', join(settings, 'schemathesis.toml')]
    const target = [...config, 'run', `${subject.url}/openapi.json`]
    const authorization = ['-H', `Authorization: Bearer ${subject.key}`]
    const reports = ['--report', 'json', '--report-json-path', report]
    const child = spawn(program, [...target, ...authorization, ...options, ...reports], {
      cwd: work,
      stdio: 'inherit',
      env: {
        ...process.env,
        PYTHONPATH: settings,
        PYTHONDONTWRITEBYTECODE: '1',
        MAILSAGE_IDS: JSON.stringify(subject.ids),
        MAILSAGE_DKIM_KEY: rsaPrivateKey(),
      },
    })
    const [exitCode] = await once(child, 'close')
    return schemathesisCounts(report, exitCode ?? 1)
  } finally {
    await subject.close()
  }
}

/** Path of the program, installed by pip into a folder of its own unless it is there. */
function install(root: string): string | NotRun {
  const requirements = join(root, 'test/schemathesis/requirements.txt')
  // Other versions have another folder.
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)
  const folder = join(root, `node_modules/.cache/schemathesis-${hash}`)
  const isWindows = process.platform === 'win32'
  const bin = join(folder, isWindows ? 'Scripts' : 'bin')
  const program = join(bin, isWindows ? 'schemathesis.exe' : 'schemathesis')
  if (existsSync(program)) return program
  const python = isWindows ? 'python' : 'python3'
  const steps: readonly (readonly [string, readonly string[]])[] = [
    [python, ['-m', 'venv', '--clear', folder]],
    [join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '-r', requirements]],
  ]
  for (const [command, args] of steps) {
    const { status } = spawnSync(command, args, { stdio: 'inherit' })
    if (status === 0) continue
    rmSync(folder, { recursive: true, force: true })
    return {
      reason: 'Python cannot install schemathesis',
      enable: 'sudo apt-get install python3 python3-venv   (and let pip reach its registry)',
    }
  }
  return program
}
