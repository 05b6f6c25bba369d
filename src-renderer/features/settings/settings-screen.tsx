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
import { settingsLabels } from './labels.ts'
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

/** Every section in its order; each has the URL `#/settings/<id>`. */
const everySection: readonly SectionEntry[] = [
  {
    id: 'connection',
    name: settingsLabels.sections.connection,
    draw: (facts) => <Connection facts={facts} />,
  },
  {
    id: 'capture',
    name: settingsLabels.sections.capture,
    draw: (facts) => <Capture facts={facts} />,
  },
  {
    id: 'plan',
    name: settingsLabels.sections.plan,
    draw: (facts) => <PlanAndLimits facts={facts} />,
  },
  {
    id: 'retention',
    name: settingsLabels.sections.retention,
    draw: (facts) => <Retention facts={facts} />,
  },
  { id: 'alerts', name: settingsLabels.sections.alerts, draw: () => <Alerts /> },
  { id: 'appearance', name: settingsLabels.sections.appearance, draw: () => <Appearance /> },
  ...(desktop
    ? [
        {
          id: 'start-up',
          name: settingsLabels.sections.startUp,
          draw: () => <StartUp desktop={desktop} />,
        },
      ]
    : []),
  { id: 'storage', name: settingsLabels.sections.storage, draw: () => <Storage /> },
  ...(desktop
    ? []
    : [{ id: 'session', name: settingsLabels.sections.session, draw: () => <SignOut /> }]),
  { id: 'about', name: settingsLabels.sections.about, draw: (facts) => <About facts={facts} /> },
]

/** A remote server cannot change the start-up settings of this computer. */
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
    <Page title={settingsLabels.screen.title} width="wide">
      {facts.status === 'failed' && (
        <Failure failure={facts.failure} onRetry={loadServerSettings} />
      )}
      {facts.status === 'loading' && <SkeletonRows count={6} height={52} />}
      {facts.status === 'ready' && (
        <div className="relative grid grid-cols-[minmax(0,720px)] gap-8 sm:grid-cols-[152px_minmax(0,720px)]">
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
    <nav
      aria-label={settingsLabels.screen.sections}
      className="top-6 flex flex-wrap gap-0.5 self-start sm:sticky sm:flex-col"
    >
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
        label: settingsLabels.screen.command(name),
        group: settingsLabels.screen.title,
        run: () => go('settings', id),
      })),
    [sections],
  )
  useCommands(commands)
}
