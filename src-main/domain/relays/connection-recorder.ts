import type {
  RelayCertificate,
  RelayConversation,
  RelayStep,
  RelayStepName,
} from '../../contract/relay-tests.ts'
import type { ConnectionListener } from './upstream.ts'

const order: readonly RelayStepName[] = ['connect', 'tls', 'features', 'sign_in', 'message']
const maxLines = 200
const maxLineLength = 500

/** Records the steps and lines of a connection; `read` returns them, with the step that failed. */
export function recordConnection(now: () => number): ConnectionListener & {
  readonly read: (planned: readonly RelayStepName[], error: string | null) => RelayConversation
} {
  const startedAt = now()
  const steps = new Map<RelayStepName, RelayStep>()
  const lines: RelayConversation['lines'] = []
  let current: { readonly name: RelayStepName; readonly at: number } | null = null
  let certificate: RelayCertificate | null = null

  const since = (at: number) => Math.round((now() - at) * 10) / 10

  function end(status: RelayStep['status'], detail: string | null): void {
    if (!current) return
    const { name, at } = current
    steps.set(name, { name, status, duration_ms: since(at), detail })
    current = null
  }

  return {
    began(name) {
      end('ok', null)
      current = { name, at: now() }
    },
    done: (detail) => end('ok', detail),
    certificate(seen) {
      certificate = seen
    },
    line(from, line) {
      if (lines.length >= maxLines) return
      const cut = line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line
      lines.push({ at_ms: since(startedAt), from, line: cut })
    },
    read(planned, error) {
      if (error !== null) end('failed', error)
      const skipped = (name: RelayStepName): RelayStep => ({
        name,
        status: 'skipped',
        duration_ms: null,
        detail: null,
      })
      return {
        steps: order
          .filter((name) => steps.has(name) || planned.includes(name))
          .map((name) => steps.get(name) ?? skipped(name)),
        certificate,
        lines,
      }
    },
  }
}
