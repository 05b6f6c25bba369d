import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { connectionProblem } from '../../base/connection-problem.ts'
import { fileProblem } from '../../base/file-problem.ts'
import { command } from '../command.ts'
import { exitCodes, Refusal } from '../refusal.ts'

export const backup = command({
  summary: 'Save a copy of the database while the server keeps accepting mail',
  takes: 'FILE',
  options: {},
  examples: [
    ['mailsage backup monday.db', 'refuses to overwrite an existing file'],
    ['mailsage backup --url http://build:8025 build.db', 'of a remote server'],
  ],
  async run({ positionals, remote, terminal }) {
    const [file] = positionals
    if (file === undefined) {
      throw new Refusal(exitCodes.usage, 'usage', 'Name the file to write, such as “backup.db”.')
    }
    const content = await remote().stream('GET /v1/backup')
    try {
      await pipeline(content, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // An existing file stays; an incomplete file is deleted.
      if (code !== 'EEXIST') await rm(file, { force: true })
      throw new Refusal(exitCodes.refused, 'file', reasonOf(error, file))
    }
    if (terminal.printedJson({ file })) return
    terminal.print(`Saved ${file}`)
  },
})

/** Errors of files have a path; errors of the connection have none. */
function reasonOf(error: unknown, file: string): string {
  const isOfFile = typeof error === 'object' && error !== null && 'path' in error
  return isOfFile || (error as NodeJS.ErrnoException).syscall === 'write'
    ? `${file} cannot be written: ${fileProblem(error)}.`
    : `The backup is incomplete. ${connectionProblem(error, 'The server')}`
}
