import { expect, it } from 'vitest'
import { createServerLog, failuresIn } from '../server-log.ts'

const line = '{"level":"error","message":"disk full"}\n'

it('a logged line that no test expects fails the check, with the line', () => {
  const log = createServerLog()
  log.check()
  log.write(line)
  expect(log.check).toThrow(line.trim())
})

it('an expected line passes the check, and whoever waits for it goes on', async () => {
  const log = createServerLog()
  const logged = log.expect(/disk full/)
  log.write(line)
  await logged
  log.check()
})

it('an expected line that is not logged fails the check, with the pattern', () => {
  const log = createServerLog()
  void log.expect(/disk full/)
  expect(log.check).toThrow('/disk full/')
})

it('the output of a process is searched for warnings and errors of the log alone', () => {
  const output = `Listening\n{"level":"info","message":"an error"}\n${line}error: not ours\n`
  expect(failuresIn(output)).toEqual([line.trim()])
})
