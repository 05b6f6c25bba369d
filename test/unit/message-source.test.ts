import { describe, expect, it } from 'vitest'
import { sourceLines } from '../../src-renderer/message/source-lines.ts'
import { searchSource } from '../../src-renderer/message/source-search.ts'
import { splitIntoBlocks } from '../../src-renderer/message/text-blocks.ts'

const source = [
  'Subject: x',
  'Content-Type: multipart/mixed;',
  ' boundary="a--b"',
  '',
  'preamble: no header',
  '--a--b',
  'Content-Type: text/plain',
  '',
  '-----BEGIN KEY-----',
  'Name: value',
  '--a--b--',
  'after',
].join('\r\n')

describe('The lines of a source', () => {
  it('Headers, boundaries and bodies are told apart', () => {
    const lines = sourceLines(source)
    expect(Array.from({ length: lines.count }, (_, index) => lines.kind(index))).toEqual([
      'header',
      'header',
      'folded',
      'body',
      'body',
      'boundary',
      'header',
      'body',
      'body',
      'body',
      'boundary',
      'body',
    ])
    expect(lines.line(2)).toBe(' boundary="a--b"')
  })

  it('A line is found by its offset in the text', () => {
    const lines = sourceLines(source)
    for (let index = 0; index < lines.count; index++) {
      expect(lines.lineAt(lines.startOf(index))).toBe(index)
    }
    expect(lines.lineAt(source.indexOf('BEGIN'))).toBe(8)
    expect(lines.lineAt(source.length)).toBe(lines.count - 1)
  })

  it('The lines of 20 MB are found in less than a second', () => {
    const text = `Subject: x\n\n${`${'A'.repeat(76)}\n`.repeat(270_000)}`
    const started = performance.now()
    expect(sourceLines(text).count).toBe(270_003)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

it('Search terms match in any case and never as a pattern', () => {
  expect(searchSource('a.b A.B axb', 'a.b')).toEqual([
    { start: 0, end: 3 },
    { start: 4, end: 7 },
  ])
  expect(searchSource('anything', '')).toEqual([])
})

describe('The parts of a long text', () => {
  it('A long text is divided between lines and loses nothing', () => {
    const text = Array.from({ length: 2000 }, (_, n) => `line ${n} of many`).join('\n')
    const blocks = splitIntoBlocks(text)
    expect(blocks.length).toBeGreaterThan(10)
    expect(blocks.map((block) => block.text).join('\n')).toBe(text)
  })

  it('A long text without line breaks is divided', () => {
    const text = 'x'.repeat(1_000_000)
    const blocks = splitIntoBlocks(text)
    expect(Math.max(...blocks.map((block) => block.text.length))).toBeLessThan(40_000)
    expect(blocks.map((block) => block.text).join('')).toBe(text)
  })

  it('A short text stays whole', () => {
    expect(splitIntoBlocks('one\ntwo\n')).toEqual([{ text: 'one\ntwo\n', lines: 3 }])
  })
})
