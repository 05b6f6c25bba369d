import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startTestServer } from '../test-server.ts'

const testServer = await startTestServer()

async function open() {
  const socket = connect(testServer.server.smtpPort, '127.0.0.1').setNoDelay(true)
  const packet = async (): Promise<string> => {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    return chunk.toString()
  }
  await packet()
  const say = async (text: string): Promise<string> => {
    const answer = packet()
    socket.write(text)
    return answer
  }
  return { say, close: () => socket.destroy() }
}

test('Commands of one packet get their replies in one packet, in order (RFC 2920)', async () => {
  const { say, close } = await open()
  await say('EHLO app.example\r\n')
  const replies = await say('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n')
  expect(replies.split('\r\n').map((line) => line.slice(0, 3))).toEqual(['250', '250', '354', ''])
  expect(await say('Subject: One\r\n\r\nHello.\r\n.\r\n')).toMatch(/^250 2\.6\.0 /)
  close()
})

test('Pending replies are sent before the reply that ends the session or starts TLS', async () => {
  const ending = await open()
  await ending.say('EHLO app.example\r\n')
  const bye = await ending.say('RSET\r\nQUIT\r\n')
  expect(bye.split('\r\n').map((line) => line.slice(0, 3))[0]).toBe('250')
  ending.close()

  const { say, close } = await open()
  const answer = await say('EHLO app.example\r\nSTARTTLS\r\n')
  expect(answer.indexOf('250')).toBeLessThan(answer.indexOf('220 '))
  close()
})
