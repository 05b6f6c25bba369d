import { Page } from '../../ui/page.tsx'

export function LogsScreen() {
  return (
    <Page title="Logs" width="wide">
      <p className="text-ink-muted">Under way.</p>
    </Page>
  )
}
