import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** The Debian package that brings each program. */
const packages = { bash: 'bash', curl: 'curl', python3: 'python3', swaks: 'swaks' } as const

/** A program that hangs is ended after this time, and its test fails with its output. */
const slowestMs = 30_000

type Tool = keyof typeof packages
type Outcome = { readonly code: number; readonly output: string; readonly errors: string }
type Settings = { readonly env?: Readonly<Record<string, string>>; readonly input?: string }

/** Runs a program as it is installed; a missing one fails the test by the name of its package. */
export async function runTool(
  tool: Tool,
  args: readonly string[],
  { env = {}, input = '' }: Settings = {},
): Promise<Outcome> {
  try {
    return await runProgram([tool, ...args], { env, input })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error(`${tool} is missing. Install the Debian package ${packages[tool]}.`)
  }
}

/** Runs any program; rejects when there is none of this name. */
export async function runProgram(
  [program, ...args]: readonly [program: string, ...args: string[]],
  { env = {}, input = '' }: Settings = {},
): Promise<Outcome> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, timeout: slowestMs })
  const [output, errors] = [gather(child.stdout), gather(child.stderr)]
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number]
  return { code, output: output(), errors: errors() }
}

/** Runs a script on the Node that runs the tests. */
export async function runNode(
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...env },
  })
  const [output, errors] = [gather(child.stdout), gather(child.stderr)]
  const [code] = (await once(child, 'close')) as [number]
  return { code, output: output(), errors: errors() }
}

function gather(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return () => text
}
