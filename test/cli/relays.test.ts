import { expect, it } from 'vitest'
import { startSink } from '../smtp-sink.ts'
import { startTestServer } from '../test-server.ts'
import { commandLine } from './command-line.ts'

const testServer = await startTestServer()
const { run } = commandLine(testServer.folder)

it('The command mailsage relays test connects to a relay and sends it a message', async () => {
  const none = await run(['relays', 'test'])
  expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/There is no relay yet/) })

  const sink = await startSink()
  const body = { name: 'Sink', host: '127.0.0.1', port: sink.port, tls: 'none' as const }
  const { id } = await testServer.reply('POST /v1/relays', { body })
  const first = await run(['relays', 'test'])
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\(relay_\d+, \d+ ms\)\n$/),
  })
  const sent = await run(['relays', 'test', id, '--to', 'ann@example.com', '--json'])
  expect(JSON.parse(sent.stdout)).toMatchObject({ status: 'ok' })
  expect(sink.messages).toHaveLength(1)

  const unknown = await run(['relays', 'test', 'relay_999'])
  expect(unknown.code).toBe(1)
  await sink.close()
  const gone = await run(['relays', 'test', id])
  expect(gone).toMatchObject({ code: 1, stdout: '' })
})
