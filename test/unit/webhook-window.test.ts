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

describe('The signature checker', () => {
  it.each([
    ['the values as sent', good],
    ['the whole header line', { ...good, header: `X-Webhook-Signature: ${header}\n` }],
  ])('The checker accepts %s', async (_case, pasted) => {
    expect(await checkSignature(pasted)).toEqual({ type: 'valid' })
  })

  it.each([
    ['header', 'capital', { ...good, header: header.toUpperCase().replace('SHA256', 'sha256') }],
    ['header', 'sha256=', { ...good, header: header.slice('sha256='.length) }],
    ['header', 'incomplete', { ...good, header: header.slice(0, -1) }],
    ['body', 'compact', { ...good, body: JSON.stringify(JSON.parse(body), null, 2) }],
    ['body', 'line break', { ...good, body: `${body}\n` }],
    ['secret', 'line break', { ...good, secret: `${secret} ` }],
    ['secret', 'whsec_', { ...good, secret: secret.slice('whsec_'.length) }],
    ['body or secret', 'another body', { ...good, secret: 'whsec_another' }],
    ['body or secret', 'another body', { ...good, body: body.replace('evt_1', 'evt_2') }],
  ])('The checker names the %s as invalid: %s', async (part, reason, pasted) => {
    expect(await checkSignature(pasted)).toMatchObject({
      type: 'invalid',
      part,
      reason: expect.stringContaining(reason),
    })
  })

  it('The checker lists the missing values', async () => {
    expect(await checkSignature({ body: '', header: ' ', secret })).toEqual({
      type: 'incomplete',
      missing: ['the body', 'the signature'],
    })
  })
})

it('Every event has a label', () => {
  expect([...allEvents].sort()).toEqual([...webhookEvents].sort())
})

describe('The explanation of a delivery', () => {
  const failed = { status: 'failed', attempts: 4, test: false } as const
  const answered = (code: number) => ({
    ...failed,
    response_status: code,
    error: `Your endpoint returned ${code}. Any 2xx counts as success.`,
  })
  it.each([
    [{ ...answered(204), status: 'delivered' as const, error: null }, '204'],
    [answered(401), 'secret'],
    [answered(404), 'path'],
    [answered(405), 'POST'],
    [answered(429), 'later'],
    [answered(500), 'Its log'],
    [answered(422), 'response below'],
    [{ ...failed, response_status: null, error: 'Nothing listens at x:1.' }, 'running'],
    [
      { ...failed, response_status: null, error: 'It did not answer within 5 seconds.' },
      'process the event afterwards',
    ],
    [{ ...answered(500), test: true }, 'not retried'],
    [
      { ...failed, status: 'pending' as const, response_status: null, error: null },
      'Not attempted',
    ],
  ])('The explanation of %o contains “%s”', (answer, sentence) => {
    expect(explainDelivery(answer)).toContain(sentence)
  })
})
