import { Page } from '../../ui/page.tsx'

export function ConnectScreen() {
  return (
    <Page title="Connect" width="wide">
      <p className="text-ink-muted">Under way.</p>
    </Page>
  )
}
