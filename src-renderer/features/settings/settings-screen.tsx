import { type ReactNode, useEffect, useMemo } from 'react'
import type { Settings } from '../../../src-main/contract/settings.ts'
import { useCommands } from '../../app/commands.ts'
import { showsRemoteServer, useRemoteServers } from '../../app/remote-servers.ts'
import { go, routeHash, useRoute } from '../../app/router.ts'
import { loadServerSettings, useServerSettings } from '../../app/server-settings.ts'
import { classes } from '../../ui/classes.ts'
import { Failure } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { About } from './about.tsx'
import { Alerts } from './alerts.tsx'
import { Appearance } from './appearance.tsx'
import { Capture } from './capture.tsx'
import { Connection } from './connection.tsx'
import { PlanAndLimits } from './plan.tsx'
import { Retention } from './retention.tsx'
import { SignOut } from './sign-out.tsx'
import { StartUp } from './start-up.tsx'
import { Storage } from './storage.tsx'

type SectionEntry = {
  readonly id: string
  readonly name: string
  readonly draw: (facts: Settings) => ReactNode
}

const desktop = window.mailsage

/** Every section in its order; each has the address `#/settings/<id>`. */
const everySection: readonly SectionEntry[] = [
  { id: 'connection', name: 'Connection', draw: (facts) => <Connection facts={facts} /> },
  { id: 'capture', name: 'Capture', draw: (facts) => <Capture facts={facts} /> },
  { id: 'plan', name: 'Plan and limits', draw: (facts) => <PlanAndLimits facts={facts} /> },
  { id: 'retention', name: 'Retention', draw: (facts) => <Retention facts={facts} /> },
  { id: 'alerts', name: 'Alerts', draw: () => <Alerts /> },
  { id: 'appearance', name: 'Appearance', draw: () => <Appearance /> },
  ...(desktop
    ? [{ id: 'start-up', name: 'Start-up', draw: () => <StartUp desktop={desktop} /> }]
    : []),
  { id: 'storage', name: 'Storage', draw: () => <Storage /> },
  ...(desktop ? [] : [{ id: 'session', name: 'Session', draw: () => <SignOut /> }]),
  { id: 'about', name: 'About', draw: (facts) => <About facts={facts} /> },
]

/** How this computer behaves is settled on the page of its own relay. */
function useSections(): readonly SectionEntry[] {
  const isRemoteServer = useRemoteServers(showsRemoteServer)
  return useMemo(
    () => everySection.filter(({ id }) => !(isRemoteServer && id === 'start-up')),
    [isRemoteServer],
  )
}

export function SettingsScreen() {
  const sections = useSections()
  const facts = useServerSettings((state) => state.settings)
  const id = useRoute((route) => route.id)
  const isReady = facts.status === 'ready'
  useEffect(() => {
    if (isReady && id) document.getElementById(`settings-${id}`)?.scrollIntoView()
  }, [isReady, id])
  useSectionCommands(sections)
  return (
    <Page title="Settings" width="wide">
      {facts.status === 'failed' && (
        <Failure failure={facts.failure} onRetry={loadServerSettings} />
      )}
      {facts.status === 'loading' && <SkeletonRows count={6} height={52} />}
      {facts.status === 'ready' && (
        <div className="relative grid grid-cols-[152px_minmax(0,720px)] gap-8">
          <Contents sections={sections} current={id} />
          <div className="space-y-10 pb-40">
            {sections.map((section) => (
              <div key={section.id} id={`settings-${section.id}`} className="scroll-mt-6">
                {section.draw(facts.value)}
              </div>
            ))}
          </div>
        </div>
      )}
    </Page>
  )
}

type ContentsProps = { sections: readonly SectionEntry[]; current: string | null }

function Contents({ sections, current }: ContentsProps) {
  const shown = current ?? sections[0]?.id
  return (
    <nav aria-label="Sections" className="sticky top-6 flex flex-col gap-0.5 self-start">
      {sections.map(({ id, name }) => (
        <a
          key={id}
          href={routeHash('settings', id)}
          aria-current={id === shown ? 'location' : undefined}
          onClick={() => document.getElementById(`settings-${id}`)?.scrollIntoView()}
          className={classes(
            'flex h-7 items-center truncate rounded-md px-2',
            id === shown ? 'bg-selected font-medium' : 'text-ink-muted hover:bg-hover',
          )}
        >
          {name}
        </a>
      ))}
    </nav>
  )
}

function useSectionCommands(sections: readonly SectionEntry[]): void {
  const commands = useMemo(
    () =>
      sections.map(({ id, name }) => ({
        id: `settings.${id}`,
        label: `Settings: ${name}`,
        group: 'Settings',
        run: () => go('settings', id),
      })),
    [sections],
  )
  useCommands(commands)
}
