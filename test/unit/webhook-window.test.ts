import { describe, expect, it } from 'vitest'
import { webhookEvents } from '../../src-main/contract/webhooks.ts'
import { sign } from '../../src-main/domain/webhooks/rules.ts'
import { checkSignature } from '../../src-renderer/features/webhooks/check-signature.ts'
import { allEvents } from '../../src-renderer/features/webhooks/event-choices.ts'
import { explainDelivery } from '../../src-renderer/features/webhooks/explain-delivery.ts'

const secret = 'whsec_0123456789abcdef'
const body = '{"id":"evt_1","type":"captured","data":{"to":"ä@example.com"}}'
const header = sign(secret, Buffer.from(body))
const good = { body, header, secret }

describe('the signature checker', () => {
  it.each([
    ['what was sent', good],
    ['the whole header line', { ...good, header: `X-Webhook-Signature: ${header}\n` }],
  ])('takes %s as genuine', async (_what, pasted) => {
    expect(await checkSignature(pasted)).toEqual({ type: 'genuine' })
  })

  it.each([
    ['header', 'capital', { ...good, header: header.toUpperCase().replace('SHA256', 'sha256') }],
    ['header', 'sha256=', { ...good, header: header.slice('sha256='.length) }],
    ['header', 'not whole', { ...good, header: header.slice(0, -1) }],
    ['body', 'compact', { ...good, body: JSON.stringify(JSON.parse(body), null, 2) }],
    ['body', 'line break', { ...good, body: `${body}\n` }],
    ['secret', 'line break', { ...good, secret: `${secret} ` }],
    ['secret', 'whsec_', { ...good, secret: secret.slice('whsec_'.length) }],
    ['body or secret', 'other bytes', { ...good, secret: 'whsec_another' }],
    ['body or secret', 'other bytes', { ...good, body: body.replace('evt_1', 'evt_2') }],
  ])('says that the %s is wrong: %s', async (part, reason, pasted) => {
    expect(await checkSignature(pasted)).toMatchObject({
      type: 'wrong',
      part,
      reason: expect.stringContaining(reason),
    })
  })

  it('says what is missing', async () => {
    expect(await checkSignature({ body: '', header: ' ', secret })).toEqual({
      type: 'incomplete',
      missing: ['the body', 'the signature'],
    })
  })
})

it('every event has its words', () => {
  expect([...allEvents].sort()).toEqual([...webhookEvents].sort())
})

describe('what came of a delivery', () => {
  const failed = { status: 'failed', attempts: 4, test: false } as const
  const answered = (code: number) => ({
    ...failed,
    response_status: code,
    error: `It answered ${code}; any 2xx is success.`,
  })
  it.each([
    [{ ...answered(204), status: 'delivered' as const, error: null }, '204'],
    [answered(401), 'secret'],
    [answered(404), 'path'],
    [answered(405), 'POST'],
    [answered(429), 'later'],
    [answered(500), 'own log'],
    [answered(422), 'answer below'],
    [{ ...failed, response_status: null, error: 'Nothing listens at x:1.' }, 'running'],
    [
      { ...failed, response_status: null, error: 'It did not answer within 5 seconds.' },
      'work afterwards',
    ],
    [{ ...answered(500), test: true }, 'not tried again'],
    [
      { ...failed, status: 'pending' as const, response_status: null, error: null },
      'not been tried',
    ],
  ])('%o is explained by “%s”', (answer, words) => {
    expect(explainDelivery(answer)).toContain(words)
  })
})
