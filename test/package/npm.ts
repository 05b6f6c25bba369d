import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { npmCommand } from '../../scripts/npm.ts'

export const root = join(import.meta.dirname, '../..')

type Ran = { readonly cwd: string; readonly env?: NodeJS.ProcessEnv }

/** Runs a program to its end; throws with all it printed when it fails. */
export function runProgram(program: string, args: readonly string[], { cwd, env }: Ran): string {
  const ended = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, ...env },
  })
  if (ended.status === 0) return ended.stdout
  throw new Error(`${program} ${args.join(' ')} failed.\n${ended.stdout}${ended.stderr}`)
}

export function runNpm(args: readonly string[], ran: Ran): string {
  const [npm, all] = npmCommand(...args, '--no-audit', '--no-fund', '--loglevel=error')
  return runProgram(npm, all, ran)
}

/** Packs the checkout into `folder` and returns the file. */
export function packInto(folder: string): string {
  const pack = join(root, 'scripts/pack.ts')
  const printed = runProgram(process.execPath, [pack, '--to', folder], { cwd: root })
  return /^(.+\.tgz),/m.exec(printed)?.[1] ?? ''
}
