import { styleText } from 'node:util'
import { exitCodes } from './refusal.ts'

export type Terminal = ReturnType<typeof createTerminal>

type Style = Parameters<typeof styleText>[0]
type Cell = string | number | null

/** Results go to stdout, notes to stderr; a pipe gets no headings and no colour. */
export function createTerminal(json: boolean) {
  const { stdout, stderr } = process
  // A reader such as `head` may close the pipe.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    const reason = error.code === 'ENOSPC' ? 'the disk is full' : (error.code ?? error.message)
    stderr.write(`mailsage: The output cannot be written: ${reason}.\n`)
    process.exit(exitCodes.refused)
  })

  const paint = (style: Style, text: string, stream: NodeJS.WriteStream = stdout): string =>
    styleText(style, text, { stream })

  return {
    json,
    isTerminal: stdout.isTTY === true,
    paint,
    print: (text: string): void => void stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    write: (bytes: Uint8Array | string): void => void stdout.write(bytes),

    /** A note for people on stderr, which scripts do not read. */
    note(text: string): void {
      if (!json) stderr.write(`${text}\n`)
    },

    /** Prints the reply as JSON and returns true when `--json` was given. */
    printedJson(value: unknown): boolean {
      if (json) stdout.write(`${JSON.stringify(value, null, stdout.isTTY ? 2 : undefined)}\n`)
      return json
    },

    /** Columns for a person, tabs for a pipe. */
    table(headings: readonly string[], rows: readonly (readonly Cell[])[]): void {
      const cells = rows.map((row) => row.map(plain))
      if (!stdout.isTTY) {
        for (const row of cells) stdout.write(`${row.join('\t')}\n`)
        return
      }
      const widths = headings.map((heading, at) =>
        Math.max(heading.length, ...cells.map((row) => row[at]?.length ?? 0)),
      )
      const line = (row: readonly string[]): string =>
        row
          .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
          .join('  ')
      stdout.write(`${paint('dim', line(headings))}\n`)
      for (const row of cells) stdout.write(`${line(row)}\n`)
    },
  }
}

/** Removes control characters, so that mail cannot control a terminal. */
function plain(cell: Cell): string {
  return printable(String(cell ?? '–')).replace(/[\t\n]+/g, ' ')
}

export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]/gu, '')
}

export const ago = (at: string | null): string => {
  if (at === null) return 'never'
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return at.slice(0, 10)
}
