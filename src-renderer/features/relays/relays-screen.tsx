import { Page } from '../../ui/page.tsx'

export function RelaysScreen() {
  return (
    <Page title="Relays" width="wide">
      <p className="text-ink-muted">Under way.</p>
    </Page>
  )
}
