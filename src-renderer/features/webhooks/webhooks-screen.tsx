import { Page } from '../../ui/page.tsx'

export function WebhooksScreen() {
  return (
    <Page title="Webhooks" width="wide">
      <p className="text-ink-muted">Under way.</p>
    </Page>
  )
}
