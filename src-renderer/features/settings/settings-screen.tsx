import { loadRelayFacts, useRelayFacts } from '../../relay-facts.ts'
import { Failure } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Behaviour } from './behaviour.tsx'
import { Connection } from './connection.tsx'
import { SignOut } from './sign-out.tsx'

export function SettingsScreen() {
  const facts = useRelayFacts((state) => state.facts)
  const isBrowser = window.mailsage === undefined
  return (
    <Page title="Settings" width="narrow">
      <div className="space-y-10">
        {facts.status === 'failed' && <Failure failure={facts.failure} onRetry={loadRelayFacts} />}
        {facts.status === 'loading' && <SkeletonRows count={4} height={40} />}
        {facts.status === 'ready' && (
          <>
            <Connection facts={facts.value} />
            <Behaviour facts={facts.value} />
          </>
        )}
        {isBrowser && <SignOut />}
      </div>
    </Page>
  )
}
