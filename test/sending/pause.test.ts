import { beforeEach, describe, expect, it } from 'vitest'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { createTestClock } from '../test-clock.ts'
import { startTestServer } from '../test-server.ts'

const clock = createTestClock()
const testServer = await startTestServer({ environment: { clock } })
const test = await testServer.makeKey({ mode: 'test' })
const live = await testServer.makeKey({ mode: 'live' })
const mail = { from: 'a@example.com', to: 'b@example.com', subject: 'Paused?', text: 'x' }
const raw = 'From: a@example.com\r\nSubject: x\r\n\r\nx\r\n'

const pause = (capture_paused: boolean) =>
  testServer.reply('PATCH /v1/settings', { body: { capture_paused } })
const caught = async () => (await testServer.reply('GET /v1/inbox')).counts.total

beforeEach(async () => {
  await pause(false)
  await testServer.reply('DELETE /v1/inbox')
})

describe('A pause of capture', () => {
  it('During a pause, test mail over HTTP is refused with a reason; afterwards it is accepted', async () => {
    await pause(true)
    const refused = await testServer.request('POST /v1/send', { key: test.key, body: mail })
    expect(refused.status).toBe(503)
    expect(expectRefusal(refused, 'capture_paused')).toMatch(/^Capture is paused/)
    expect(await caught()).toBe(0)
    await pause(false)
    expect((await testServer.request('POST /v1/send', { key: test.key, body: mail })).status).toBe(
      202,
    )
    expect(await caught()).toBe(1)
  })

  it('During a pause, MAIL FROM gets a temporary failure, in an open session too', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    expect((await conversation.send({ raw })).code).toBe(250)
    await pause(true)
    const { code, lines } = await conversation.say('MAIL FROM:<a@example.com>')
    expect(code).toBe(451)
    expect(lines[0]).toMatch(/^4\.3\.2 Capture is paused/)
    await pause(false)
    expect((await conversation.send({ raw })).code).toBe(250)
    expect(await caught()).toBe(2)
  })

  it('A pause that begins after MAIL FROM applies to the message', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.say('MAIL FROM:<a@example.com>')
    await conversation.say('RCPT TO:<b@example.com>')
    await conversation.say('DATA')
    await pause(true)
    conversation.write(`${raw}.\r\n`)
    expect((await conversation.reply()).code).toBe(451)
    expect(await caught()).toBe(0)
  })

  it('During a pause, an import is refused', async () => {
    await pause(true)
    const answer = await testServer.request('POST /v1/inbox/import', {
      body: Buffer.from(raw),
      headers: { 'content-type': 'message/rfc822' },
    })
    expectRefusal(answer, 'capture_paused')
  })

  it('During a pause, live mail is sent', async () => {
    await pause(true)
    const answer = await testServer.request('POST /v1/send', { key: live.key, body: mail })
    // The refusal has another reason: this server has no relay.
    expectRefusal(answer, 'relay_not_configured')
  })

  it('During a pause, test mail that was scheduled before is captured at its time', async () => {
    const scheduled_at = new Date(clock.now() + 60_000).toISOString()
    await testServer.reply('POST /v1/send', { key: test.key, body: { ...mail, scheduled_at } })
    await pause(true)
    clock.advance(61_000)
    await testServer.server.idle()
    expect(await caught()).toBe(1)
  })
})
