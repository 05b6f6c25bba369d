import { Page } from '../../ui/page.tsx'

export function TenantsScreen() {
  return (
    <Page title="Tenants" width="wide">
      <p className="text-ink-muted">Under way.</p>
    </Page>
  )
}
