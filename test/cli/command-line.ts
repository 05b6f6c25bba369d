import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const program = join(import.meta.dirname, '../../out/main/mailsage.js')

export type Ended = {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export type Run = {
  readonly env?: NodeJS.ProcessEnv
  readonly stdin?: string
  /** The name of the program; `sendmail` is a link of that name. */
  readonly as?: string
}

/** Runs the built command line as a separate process, which finds its server in `folder`. */
export function commandLine(folder: string) {
  if (!existsSync(program)) throw new Error('The command line is not built: npm run build')

  function start(args: readonly string[], { env = {}, as = program }: Run = {}) {
    return spawn(process.execPath, [as, ...args], {
      env: { PATH: process.env.PATH, HOME: folder, MAILSAGE_DATA: folder, USER: 'ann', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  }

  return {
    start,

    run(args: readonly string[], options: Run = {}): Promise<Ended> {
      const child = start(args, options)
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (text: Buffer) => {
        stdout += text.toString()
      })
      child.stderr.on('data', (text: Buffer) => {
        stderr += text.toString()
      })
      // A program may end before it has read all input.
      child.stdin.on('error', () => undefined)
      child.stdin.end(options.stdin ?? '')
      return new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('close', (code) => resolve({ code, stdout, stderr }))
      })
    },
  }
}

export { program }
