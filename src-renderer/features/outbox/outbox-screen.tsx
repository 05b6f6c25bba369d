import { Page } from '../../ui/page.tsx'

export function OutboxScreen() {
  return (
    <Page title="Outbox" width="wide">
      <p className="text-ink-muted">Under way.</p>
    </Page>
  )
}
