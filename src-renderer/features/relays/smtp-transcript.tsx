import { Check, ChevronRight, CircleAlert, CircleCheck, Minus, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type {
  RelayCertificate,
  RelayConversation,
  RelayStep,
} from '../../../src-main/contract/relay-tests.ts'
import { classes } from '../../ui/classes.ts'
import { formatDate } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Note } from '../../ui/notice.tsx'
import { explain } from './explain.ts'
import { relaysLabels } from './labels.ts'
import type { TestResult } from './relays-store.ts'

/** The outcome of a test, the duration of each step and the SMTP transcript. */
export function TestOutcome({ result }: { result: TestResult | null }) {
  const container = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (result) container.current?.scrollIntoView({ block: 'nearest' })
  }, [result])
  return (
    <div
      ref={container}
      role="status"
      aria-label={relaysLabels.test.result}
      className="space-y-3 empty:hidden"
    >
      {result?.status === 'running' && (
        <p className="text-ink-muted">{relaysLabels.test.connecting}</p>
      )}
      {result?.status === 'ok' && (
        <>
          <Note tone="sage" icon={CircleCheck}>
            <p className="font-medium">{relaysLabels.test.ok}</p>
            <p className="text-sm">{result.answer.message}</p>
          </Note>
          <Transcript conversation={result.answer.conversation} />
        </>
      )}
      {result?.status === 'failed' && <Failed {...result} />}
    </div>
  )
}

function Failed({ code, sentence, conversation }: TestResult & { status: 'failed' }) {
  const { title, advice } = explain(code, sentence)
  return (
    <>
      <Note tone="danger" icon={CircleAlert}>
        <p className="font-medium">{title}</p>
        <p>{advice}</p>
        <p className="mt-1 font-mono text-sm">{sentence}</p>
      </Note>
      {conversation && <Transcript conversation={conversation} />}
    </>
  )
}

const statuses = {
  ok: { icon: Check, color: 'text-sage-ink', label: relaysLabels.test.stepDone },
  failed: { icon: X, color: 'text-danger-ink', label: relaysLabels.test.stepFailed },
  skipped: { icon: Minus, color: 'text-ink-faint', label: relaysLabels.test.stepSkipped },
} as const

function Transcript({ conversation }: { conversation: RelayConversation }) {
  const { steps, certificate, lines } = conversation
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <ol aria-label={relaysLabels.test.steps}>
        {steps.map((step) => (
          <StepLine key={step.name} step={step} />
        ))}
      </ol>
      {certificate && <Certificate {...certificate} />}
      {lines.length > 0 && (
        <details className="group border-line border-t">
          <summary className="flex h-8 select-none items-center gap-1.5 px-3 font-medium text-sm hover:bg-hover">
            <Icon
              of={ChevronRight}
              size={14}
              className="transition-transform group-open:rotate-90"
            />
            {relaysLabels.test.transcript}
          </summary>
          <pre
            // Long lines scroll, so the region must be reachable by keyboard.
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
            tabIndex={0}
            className="max-h-60 overflow-auto border-line border-t bg-sunken px-3 py-2 text-sm leading-5"
          >
            {lines.map(({ from, line, at_ms }) => (
              <span key={`${at_ms} ${from} ${line}`} className="block">
                <span className={from === 'client' ? 'text-test-ink' : 'text-sage-ink'}>
                  {from === 'client' ? 'C: ' : 'S: '}
                </span>
                {line}
              </span>
            ))}
          </pre>
        </details>
      )}
    </div>
  )
}

function StepLine({ step: { name, status, duration_ms, detail } }: { step: RelayStep }) {
  const { icon, color, label } = statuses[status]
  return (
    <li className="flex min-h-8 items-center gap-2 border-line border-b px-3 last:border-b-0">
      <Icon of={icon} size={14} className={classes('shrink-0', color)} />
      <span
        className={classes('w-20 shrink-0 font-medium', status === 'skipped' && 'text-ink-faint')}
      >
        {relaysLabels.test.stepNames[name]}
      </span>
      <span className="min-w-0 flex-1 truncate text-ink-muted text-sm" title={detail ?? undefined}>
        {status === 'failed' ? label : (detail ?? (status === 'skipped' ? label : ''))}
      </span>
      <span className="figures shrink-0 text-ink-faint text-sm">
        {duration_ms !== null &&
          `${duration_ms < 10 ? duration_ms.toFixed(1) : Math.round(duration_ms)} ms`}
      </span>
    </li>
  )
}

function Certificate({ subject, issuer, valid_to, trusted }: RelayCertificate) {
  return (
    <p className="border-line border-t px-3 py-1.5 text-sm">
      <span className="text-ink-muted">{relaysLabels.test.certificateFor}</span>
      <span className="font-mono">{subject}</span>
      <span className="text-ink-muted">
        {relaysLabels.test.certificateIssuer(issuer, valid_to === '' ? null : formatDate(valid_to))}
      </span>
      {!trusted && (
        <span className="font-medium text-warn-ink">{relaysLabels.test.notTrusted}</span>
      )}
    </p>
  )
}
