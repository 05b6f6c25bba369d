import { expect, it } from 'vitest'
import { createServerLog, failuresIn } from '../server-log.ts'

const line = '{"level":"error","message":"disk full"}\n'

it('A logged line that no test expects fails the check, with the line', () => {
  const log = createServerLog()
  log.check()
  log.write(line)
  expect(log.check).toThrow(line.trim())
})

it('An expected line passes the check, and a test that waits for it continues', async () => {
  const log = createServerLog()
  const logged = log.expect(/disk full/)
  log.write(line)
  await logged
  log.check()
})

it('An expected line that is not logged fails the check, with the pattern', () => {
  const log = createServerLog()
  void log.expect(/disk full/)
  expect(log.check).toThrow('/disk full/')
})

it('Only warnings and errors of the log count in the output of a process', () => {
  const output = `Listening\n{"level":"info","message":"an error"}\n${line}error: not ours\n`
  expect(failuresIn(output)).toEqual([line.trim()])
})
