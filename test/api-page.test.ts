import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mailsage } from '../src-main/http/dialects/mailsage.ts'
import { native } from '../src-main/http/dialects/native.ts'
import { system } from '../src-main/http/dialects/system.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/api.md'), 'utf8')
const rows = new Map(
  [...page.matchAll(/^\| `([A-Z]+ \/[^`]*)` +\| [^|]+ \| `([^`]+)` +\|$/gm)].map(
    ([, line = '', file = '']) => [line, file],
  ),
)
const lines = [mailsage, native, system].flatMap(({ routes }) => Object.keys(routes))

describe('The table of endpoints', () => {
  it.each(lines)('The table has %s, and a test requests it', (line) => {
    const file = rows.get(line)
    if (file === undefined) throw new Error(`docs/api.md lacks ${line}`)
    const path = join(root, 'test', file)
    expect(existsSync(path), file).toBe(true)
    const [, asked = ''] = line.split(' ')
    // A test may fill in the parameters itself; the path up to the first one must be there.
    expect(readFileSync(path, 'utf8')).toContain(asked.replace(/\{.*$/, ''))
  })

  it('The table has no unknown endpoint', () => {
    expect([...rows.keys()].filter((line) => !lines.includes(line))).toEqual([])
  })
})
