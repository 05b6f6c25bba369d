import type { WebhookLog } from '../../../src-main/contract/webhooks.ts'
import { webhooksLabels } from './labels.ts'

type Result = Pick<WebhookLog, 'status' | 'response_status' | 'error' | 'attempts' | 'test'>

/** The result of a delivery, and the action that fixes a failure. */
export function explainDelivery({ status, response_status: code, error, test }: Result): string {
  if (status === 'delivered') return webhooksLabels.explain.delivered(code)
  if (error === null) return webhooksLabels.explain.notAttempted
  const advice = code === null ? adviceForError(error) : adviceForStatus(code)
  const next = test ? webhooksLabels.explain.testNotRetried : ''
  return [error, advice, next].filter(Boolean).join(' ')
}

function adviceForStatus(code: number): string {
  if (code >= 300 && code < 400) return ''
  if (code === 401 || code === 403) {
    return webhooksLabels.explain.untrusted
  }
  if (code === 404 || code === 410) return webhooksLabels.explain.notFound
  if (code === 405) return webhooksLabels.explain.method
  if (code === 413) return webhooksLabels.explain.tooLarge
  if (code === 415) return webhooksLabels.explain.mediaType
  if (code === 429) return webhooksLabels.explain.rateLimited
  if (code >= 500) return webhooksLabels.explain.serverError
  return webhooksLabels.explain.otherStatus
}

function adviceForError(error: string): string {
  if (/certificate|TLS|SSL/i.test(error)) {
    return webhooksLabels.explain.certificate
  }
  if (/second|in time|took/i.test(error)) {
    return webhooksLabels.explain.slow
  }
  if (/secret/i.test(error)) return ''
  return webhooksLabels.explain.unreachable
}
