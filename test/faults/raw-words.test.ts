import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLog } from '../../src-main/base/log.ts'
import { startLoop } from '../../src-main/base/loop.ts'
import { createStorageState, withoutStorageFaults } from '../../src-main/storage/storage-state.ts'
import { openFaultySink } from '../delivery/faulty-server.ts'
import { addRelay, openLiveFixture, pass } from '../delivery/live-fixture.ts'
import { sendLive } from '../relays/relay-fixture.ts'
import { whenOver } from '../test-server.ts'
import { openStorage } from '../unit/open-storage.ts'
import { until } from '../wait-for.ts'
import { collectLog } from './log-lines.ts'

/** Refuses every sender with 451, then goes on or hangs up. */
async function openRefusingServer(hangsUp: boolean) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.write('220 sink\r\n')
    socket.on('data', (bytes) => {
      if (!/^MAIL/i.test(String(bytes))) socket.write('250 ok\r\n')
      else if (hangsUp) socket.end('451 4.3.0 Not now\r\n')
      else socket.write('451 4.3.0 Not now\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  whenOver(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as { port: number }).port }
}

it.each([false, true])(
  'A relay that answers 451 to MAIL is never called unreachable (it hangs up: %s)',
  async (hangsUp) => {
    const live = await openLiveFixture()
    await addRelay(live, await openRefusingServer(hangsUp))
    for (let count = 0; count < 4; count++) {
      await sendLive(live)
      await pass(live, 5000)
      const { data } = await live.testServer.reply('GET /v1/relays')
      expect(data[0]?.last_error ?? '').not.toMatch(/reached/)
    }
  },
)

it('A delivery that is interrupted by a shutdown records no connection error of its relay', async () => {
  const live = await openLiveFixture()
  const sink = await openFaultySink()
  sink.state.fault = { type: 'hang', at: 'mail' }
  await addRelay(live, sink)
  await sendLive(live)
  await until('it hangs', () => sink.seen.hanging > 0)
  // The injected clock stands still, so the rest after a failure does not end.
  void live.testServer.expectLog(/Closing continues/)
  await live.testServer.restart()
  const { data } = await live.testServer.reply('GET /v1/relays')
  expect(data[0]?.last_error ?? '').not.toMatch(/reached/)
})

it('A storage error in a loop is logged as one sentence, any other with its stack', async () => {
  const { folder, database, clock } = openStorage()
  const lines = collectLog()
  const raw = createLog('warn', lines.write)
  const storage = createStorageState(folder, raw, database)
  const log = withoutStorageFaults(raw, storage)
  const errors = [
    Object.assign(new Error('database disk image is malformed'), { code: 'SQLITE_CORRUPT' }),
    new TypeError('x is not a function'),
  ]
  for (const error of errors) {
    const run = () => Promise.reject(error)
    const loop = startLoop({ name: 'schedule', clock, log, run })
    loop.wake()
    await loop.idle()
    await loop.close()
  }
  expect(lines.sentences()).toEqual([
    expect.stringContaining(`The database ${join(folder, 'mailsage.db')} is damaged`),
    'The schedule loop failed and will try again',
  ])
  expect(lines.lines[0]?.cause).not.toContain('malformed')
})
