import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Difference, explanations } from './explanations.ts'
import {
  type Field,
  fields,
  mailparserReading,
  ownReading,
  postalMimeReading,
  type Reading,
} from './reading.ts'

/**
 * Reads each mail of a folder with MailSage, postal-mime and mailparser, and prints the kinds of
 * difference. A difference that no entry of explanations.ts explains has no reason in the table, and
 * the command fails.
 *
 *   npm run corpus -- DIR [--json] [--field text]
 */
// The other parsers read a date without a zone as local time.
process.env.TZ = 'UTC'
const [folder = '', ...options] = process.argv.slice(2)
const onlyField = options[options.indexOf('--field') + 1]
const maxExamples = 3

type Kind = {
  readonly kind: string
  readonly reason: string | null
  readonly count: number
  readonly fields: Readonly<Partial<Record<Field, number>>>
  readonly examples: readonly string[]
}

async function main(): Promise<void> {
  if (folder === '' || folder.startsWith('--')) {
    console.error('Name the folder of the mails: npm run corpus -- DIR')
    process.exitCode = 2
    return
  }
  const paths = mailsOf(folder)
  const differences: Difference[] = []
  for (const path of paths) differences.push(...(await compare(path)))
  const kinds = kindsOf(differences)
  if (options.includes('--json'))
    console.log(JSON.stringify({ mails: paths.length, kinds }, null, 2))
  else print(paths.length, kinds)
  if (kinds.some(({ reason }) => reason === null)) process.exitCode = 1
}

const mailsOf = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

async function compare(path: string): Promise<Difference[]> {
  const raw = readFileSync(path)
  const own = ownReading(raw)
  const postalMime = await orNull(postalMimeReading(raw))
  const mailparser = await orNull(mailparserReading(raw))
  return fields
    .filter((field) => !options.includes('--field') || field === onlyField)
    .filter((field) =>
      [postalMime, mailparser].some((reading) => reading && reading[field] !== own[field]),
    )
    .map((field) => ({ path: relative(folder, path), field, raw, own, postalMime, mailparser }))
}

const orNull = (reading: Promise<Reading>): Promise<Reading | null> => reading.catch(() => null)

function kindsOf(differences: readonly Difference[]): Kind[] {
  const groups = new Map<string, Difference[]>()
  for (const one of differences) {
    const found = explanations.find(({ explains }) => explains(one))
    const kind = found?.kind ?? `unexplained: ${one.field}`
    groups.set(kind, [...(groups.get(kind) ?? []), one])
  }
  return [...groups]
    .map(([kind, list]) => ({
      kind,
      reason: explanations.find((one) => one.kind === kind)?.reason ?? null,
      count: list.length,
      fields: countFields(list),
      examples: [...new Set(list.map(({ path }) => path))].slice(0, maxExamples),
    }))
    .toSorted((one, other) => other.count - one.count)
}

function countFields(list: readonly Difference[]): Kind['fields'] {
  const counts: Partial<Record<Field, number>> = {}
  for (const { field } of list) counts[field] = (counts[field] ?? 0) + 1
  return counts
}

function print(mails: number, kinds: readonly Kind[]): void {
  const unexplained = kinds.filter(({ reason }) => reason === null)
  for (const { kind, reason, count, fields: counts, examples } of kinds) {
    const list = Object.entries(counts).map(([field, number]) => `${field} ${number}`)
    console.log(`${String(count).padStart(5)}  ${kind}: ${list.join(', ')}`)
    console.log(`       ${reason ?? 'NOT EXPLAINED'}`)
    for (const example of examples) console.log(`       - ${example}`)
  }
  const total = unexplained.reduce((sum, { count }) => sum + count, 0)
  console.log(`\n${mails} mails, ${kinds.length} kinds of difference, ${total} not explained`)
}

await main()
