import { expect, it } from 'vitest'
import { createLog } from '../../src-main/base/log.ts'
import { Fault } from '../../src-main/contract/faults.ts'

function openLog() {
  const written: string[] = []
  return { log: createLog('debug', (line) => void written.push(line)), written }
}

it('No field replaces the sentence, the level, the time or the cause of a log entry', () => {
  const { log, written } = openLog()
  const fields = { message: 'other', level: 'other', timestamp: 'other', cause: 'other', id: 7 }
  // The type forbids these names; the cast simulates untyped callers.
  log.error('A sentence', new Error('boom'), fields as never)
  const entry = JSON.parse(written[0] ?? '')
  expect(entry).toMatchObject({ level: 'error', message: 'A sentence', id: 7 })
  expect(entry.cause).toContain('boom')
  expect(Date.parse(entry.timestamp)).not.toBeNaN()
  expect(entry).toMatchObject({
    message_field: 'other',
    level_field: 'other',
    cause_field: 'other',
  })
})

it('A refusal is logged with its code and sentence, an internal error with its stack', () => {
  const { log, written } = openLog()
  log.error('One', new Fault('conflict', 'It is there already.'))
  log.error('Two', new Fault('internal', 'Something broke.'))
  log.error('Three', new TypeError('x is not a function'))
  const causes = written.map((line) => JSON.parse(line).cause as string)
  expect(causes[0]).toBe('conflict: It is there already.')
  expect(causes.slice(1).map((cause) => cause.includes('\n    at '))).toEqual([true, true])
})

it('A log that cannot be written does not stop the server', () => {
  const log = createLog('debug', () => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
  })
  expect(() => log.error('A sentence', new Error('boom'))).not.toThrow()
})
