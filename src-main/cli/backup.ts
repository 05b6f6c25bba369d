import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { command } from './command.ts'
import { exitCodes, Refusal } from './refusal.ts'

export const backup = command({
  summary: 'Save a whole copy of the database, while mail goes on being accepted',
  takes: 'FILE',
  options: {},
  examples: [
    ['mailsage backup monday.db', 'refuses to write over a file that is there'],
    ['mailsage backup --url http://build:8025 build.db', 'of a relay elsewhere'],
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
      // What is there already is somebody's; what was begun here is worth nothing.
      if (code !== 'EEXIST') await rm(file, { force: true })
      const reason = code === 'EEXIST' ? 'it is there already' : String(error)
      throw new Refusal(exitCodes.refused, 'file', `${file} cannot be written: ${reason}.`)
    }
    if (terminal.printedJson({ file })) return
    terminal.print(`Saved ${file}`)
  },
})
