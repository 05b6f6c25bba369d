import { describe, expect, it } from 'vitest'
import { openReadOnly } from '../../src-main/storage/database.ts'
import { expectRefusal } from '../http/refusal.ts'
import { converse } from '../smtp/conversation.ts'
import { eventually, startTestServer, type TestServer } from '../test-server.ts'

const testServer = await startTestServer()
const made = await testServer.makeKey({ permissions: ['send'] })
const raw = 'Subject: Secret plans\r\n\r\nNobody may read this in a log.\r\n'

const idOf = (reply: { readonly lines: readonly string[] }): string =>
  /msg_\w+/.exec(reply.lines[0] ?? '')?.[0] ?? ''

function stored(of: TestServer): string {
  const database = openReadOnly(of.folder)
  try {
    return database
      .prepare<[], string>("SELECT group_concat(lines, '') FROM transcripts")
      .pluck()
      .get() as string
  } finally {
    database.close()
  }
}

const read = (id: string) => testServer.reply('GET /v1/inbox/{id}/transcript', { params: { id } })

describe('GET /v1/inbox/{id}/transcript', () => {
  it('The transcript has the SMTP session of the message without credentials and body', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('mailsage', made.key)
    const id = idOf(await conversation.send({ raw, to: ['ann@example.com', 'bob@example.com'] }))
    const transcript = await read(id)
    expect(transcript).toMatchObject({
      address: '127.0.0.1',
      tls: null,
      user_agent: 'client.example',
      request_id: expect.stringMatching(/^req_/),
    })
    const lines = transcript.lines.map(
      ({ from, line }) => `${from === 'client' ? 'C' : 'S'} ${line}`,
    )
    expect(lines[0]).toMatch(/^S 220 /)
    expect(lines).toEqual(
      expect.arrayContaining([
        'C EHLO client.example',
        'C AUTH PLAIN (credentials)',
        'C MAIL FROM:<app@example.com>',
        'C RCPT TO:<bob@example.com>',
        `C (${raw.length} bytes of message)`,
        `S 250 2.6.0 Accepted as ${id}`,
      ]),
    )
    expect(lines.at(-1)).toContain(id)
    expect(lines.filter((line) => line.startsWith('S 250-')).length).toBeGreaterThan(3)
    expect(lines.join('\n')).not.toContain('Nobody may read')
  })

  it('The transcript of a second message on a connection begins with the same greeting', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.signIn('mailsage', made.key)
    await conversation.send({ raw, from: 'first@example.com' })
    const id = idOf(await conversation.send({ raw, from: 'second@example.com' }))
    const text = (await read(id)).lines.map(({ line }) => line).join('\n')
    expect(text).toMatch(/^220 /)
    expect(text).toContain('AUTH PLAIN')
    expect(text).toContain('second@example.com')
    expect(text).not.toContain('first@example.com')
  })

  it('The transcript shows that the connection was encrypted', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    await conversation.startTls()
    await conversation.say('EHLO client.example')
    const id = idOf(await conversation.send({ raw }))
    expect((await read(id)).tls).toMatch(/^TLSv1\.[23]$/)
  })

  it('A long transcript keeps its first and last lines', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const to = Array.from({ length: 600 }, (_, index) => `r${index}@example.com`)
    const id = idOf(await conversation.send({ raw, to }))
    const { lines } = await read(id)
    expect(lines.length).toBeLessThan(300)
    const text = lines.map(({ line }) => line).join('\n')
    expect(text).toContain('<r0@example.com>')
    expect(text).toContain('(lines omitted here)')
    expect(text).toContain('<r599@example.com>')
    expect(text).not.toContain('<r300@example.com>')
  })

  it('The transcript is deleted with its message', async () => {
    const conversation = await converse(testServer.server.smtpPort)
    const id = idOf(await conversation.send({ raw, from: 'soon-gone@example.com' }))
    await read(id)
    expect(stored(testServer)).toContain('soon-gone@example.com')
    await testServer.reply('DELETE /v1/inbox/{id}', { params: { id } })
    expect(stored(testServer)).not.toContain('soon-gone@example.com')
    const answer = await testServer.request('GET /v1/inbox/{id}/transcript', { params: { id } })
    expectRefusal(answer, 'not_found')
  })

  it('A message received over HTTP or of another tenant has no transcript (404)', async () => {
    const body = { from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'x' }
    const { id } = await testServer.reply('POST /v1/send', { key: made.key, body })
    const overHttp = await testServer.request('GET /v1/inbox/{id}/transcript', { params: { id } })
    expect(expectRefusal(overHttp, 'not_found')).toContain('HTTP')
    await testServer.makeTenant('tenant_a')
    const { key } = await testServer.makeKey({ permissions: ['inbox:read'], tenant_id: 'tenant_a' })
    const conversation = await converse(testServer.server.smtpPort)
    const params = { id: idOf(await conversation.send({ raw })) }
    const foreign = await testServer.request('GET /v1/inbox/{id}/transcript', { params, key })
    expectRefusal(foreign, 'not_found')
  })
})

describe('A refused session with a key', () => {
  it('The log has the transcript of a refused session, for every sign-in method', async () => {
    const other = await startTestServer()
    const { key, id } = await other.makeKey({ allowed_senders: ['shop.example'] })
    const secret = Buffer.from(key).toString('base64')
    const conversation = await converse(other.server.smtpPort)
    // The client sends its password without a prompt.
    await conversation.say('AUTH CRAM-MD5')
    await conversation.say(secret)
    await conversation.say(key)
    await conversation.say('AUTH LOGIN')
    await conversation.say(Buffer.from('mailsage').toString('base64'))
    expect((await conversation.say(secret)).code).toBe(235)
    const refusal = await conversation.send({ raw, from: 'app@elsewhere.example' })
    expect(refusal.code).toBe(550)
    await conversation.close()
    const entry = await eventually(async () => {
      const { data } = await other.reply('GET /v1/logs', { query: { type: 'session' } })
      return data[0]
    })
    expect(entry).toMatchObject({
      key_id: id,
      outcome: 'forbidden',
      fault: 'sender_not_allowed',
      data: { messages: 0, refusals: 4 },
    })
    const detail = await other.reply('GET /v1/logs/{id}', { params: { id: entry.id } })
    const text = detail.transcript?.lines.map(({ line }) => line).join('\n') ?? ''
    expect(text).toContain('AUTH LOGIN')
    expect(text).toMatch(/\(\d+ characters that are not a command\)/)
    expect(text).toMatch(/550 5\.7\.1/)
    for (const shown of [text, stored(other)]) {
      expect(shown).not.toContain(secret)
      expect(shown).not.toContain(key)
    }
    // The refused request has the same id, so its entry has the same transcript.
    const { data } = await other.reply('GET /v1/logs', {
      query: { type: 'request', route: 'SMTP' },
    })
    const [request] = data
    expect(request).toMatchObject({ status: 550, user_agent: 'client.example' })
    const same = await other.reply('GET /v1/logs/{id}', { params: { id: request?.id ?? 0 } })
    expect(same.transcript).toEqual(detail.transcript)
  })

  it('A refused session without a key stores nothing on disk', async () => {
    const other = await startTestServer({ env: { MAILSAGE_ANONYMOUS_CAPTURE: 'false' } })
    const conversation = await converse(other.server.smtpPort)
    expect((await conversation.send({ raw })).code).toBe(530)
    await conversation.close()
    await other.server.idle()
    expect(stored(other)).toBeNull()
    const { data } = await other.reply('GET /v1/logs', { query: { type: 'junk' } })
    expect(data).toMatchObject([
      { route: 'SMTP', fault: 'missing_api_key', status: 530, user_agent: 'client.example' },
    ])
  })
})
