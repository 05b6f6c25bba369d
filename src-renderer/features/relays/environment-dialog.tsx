import type { Relay } from '../../../src-main/contract/relays.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx'
import { relaysLabels } from './labels.ts'
import { endTask } from './relays-store.ts'

/** A read-only relay, set by environment variables. */
export function EnvironmentDialog({ relay }: { relay: Relay }) {
  const rows = [
    ['SMTP_HOST', relay.host],
    ['SMTP_PORT', String(relay.port)],
    ['SMTP_TLS', relay.tls],
    ['SMTP_TLS_VERIFY', String(relay.tls_verify)],
    ['SMTP_USER', relay.username ?? relaysLabels.environment.notSet],
    [
      'SMTP_PASS',
      relay.has_password ? relaysLabels.environment.set : relaysLabels.environment.notSet,
    ],
    ['SMTP_FROM', relay.from_email ?? relaysLabels.environment.notSet],
  ] as const
  return (
    <Dialog
      open
      onClose={endTask}
      title={relay.name}
      description={relaysLabels.environment.description}
      width="wide"
    >
      <DialogBody>
        <dl className="overflow-hidden rounded-lg border border-line">
          {rows.map(([name, value]) => (
            <div
              key={name}
              className="grid h-8 grid-cols-[160px_1fr] items-center border-line border-b px-3 font-mono text-sm last:border-b-0"
            >
              <dt className="text-ink-muted">{name}</dt>
              <dd className="truncate" title={value}>
                {value}
              </dd>
            </div>
          ))}
        </dl>
      </DialogBody>
      <DialogFooter>
        <Button onClick={endTask}>{relaysLabels.close}</Button>
      </DialogFooter>
    </Dialog>
  )
}
