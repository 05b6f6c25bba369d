import { Page } from '../../ui/page.tsx'

export function TemplatesScreen() {
  return (
    <Page title="Templates" width="wide">
      <p className="text-ink-muted">Under way.</p>
    </Page>
  )
}
