import type { WebhookLog } from '../../../src-main/contract/webhooks.ts'

type Answer = Pick<WebhookLog, 'status' | 'response_status' | 'error' | 'attempts' | 'test'>

/** What came of a delivery, and what to do about it. */
export function explainDelivery({ status, response_status: code, error, test }: Answer): string {
  if (status === 'delivered') return `It answered ${code}, which counts as received.`
  if (error === null) return 'It has not been tried yet.'
  const advice = code === null ? withoutAnswer(error) : withAnswer(code)
  const next = test ? 'A test is not tried again.' : ''
  return [error, advice, next].filter(Boolean).join(' ')
}

function withAnswer(code: number): string {
  if (code >= 300 && code < 400) return ''
  if (code === 401 || code === 403) {
    return 'The receiver did not trust it: compare its secret with this webhook’s, and check the signature over the raw body.'
  }
  if (code === 404 || code === 410) return 'Nothing listens at this path. Check the address.'
  if (code === 405) return 'The receiver does not take POST at this path.'
  if (code === 413) return 'The receiver limits the size of a body; allow a little more.'
  if (code === 415) return 'The receiver does not take JSON. It is sent as application/json.'
  if (code === 429) return 'The receiver has too much to do. It is tried again later.'
  if (code >= 500) return 'The receiver failed while it handled the event: its own log says why.'
  return 'The receiver found fault with the request: its answer below may say why.'
}

function withoutAnswer(error: string): string {
  if (/certificate|TLS|SSL/i.test(error)) {
    return 'Renew the certificate, or use http on this machine.'
  }
  if (/second|in time|took/i.test(error)) {
    return 'Answer at once and do the work afterwards.'
  }
  if (/secret/i.test(error)) return ''
  return 'Check that the receiver is running and that its address and port are right.'
}
