import type { Transcript } from '../../../src-main/contract/logs.ts'
import { logsLabels } from './labels.ts'
import { formatDuration } from './log-format.ts'

/** The commands and replies of a session; refusals are highlighted. */
export function TranscriptView({ transcript }: { transcript: Transcript }) {
  const { lines, tls, duration_ms } = transcript
  return (
    <>
      <ol
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-sm leading-5"
      >
        {lines.map(({ from, line }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a transcript repeats lines, and does not change
          <li key={index} className={`whitespace-pre ${lineStyle(from, line)}`}>
            <span className="mr-2 select-none text-ink-faint">
              {from === 'client' ? 'C:' : 'S:'}
            </span>
            {line}
          </li>
        ))}
      </ol>
      <p className="mt-1 text-ink-faint text-sm">
        {logsLabels.transcript.summary(
          tls ?? logsLabels.transcript.unencrypted,
          formatDuration(duration_ms),
        )}
      </p>
    </>
  )
}

function lineStyle(from: 'client' | 'server', line: string): string {
  if (from === 'client') return 'text-test-ink'
  return /^[45]\d\d/.test(line) ? 'font-semibold text-danger-ink' : 'text-sage-ink'
}
