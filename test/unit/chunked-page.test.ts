import { expect, it } from 'vitest'
import { chunkedPage } from '../../src-main/http/chunked-page.ts'

async function piecesOf(bytes: number): Promise<Buffer[]> {
  const page = Buffer.alloc(bytes, 'page ')
  const sent = chunkedPage(page)
  const pieces = Buffer.isBuffer(sent) ? [sent] : await sent.toArray()
  expect(Buffer.concat(pieces)).toEqual(page)
  return pieces
}

it('A long page is sent whole in two chunks, and a short one in one', async () => {
  const [beginning, rest, ...more] = await piecesOf(100_000)
  expect(beginning?.length).toBeLessThan(rest?.length ?? 0)
  expect(more).toEqual([])
  expect(await piecesOf(20_000)).toHaveLength(1)
})
