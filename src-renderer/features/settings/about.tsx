import type { Settings } from '../../../src-main/contract/settings.ts'
import { CopyText } from '../../ui/copy.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { settingsLabels } from './labels.ts'
import { licences } from './licences.ts'

export function About({ facts }: { facts: Settings }) {
  const links = [
    [settingsLabels.about.explorer, '/docs', settingsLabels.about.explorerHint],
    [settingsLabels.about.openApi, '/openapi.json', settingsLabels.about.openApiHint],
    [settingsLabels.about.metrics, '/metrics', settingsLabels.about.metricsHint],
  ] as const
  return (
    <Section title={settingsLabels.sections.about}>
      <Card>
        <dl>
          <div className="grid h-9 grid-cols-[160px_1fr] items-center border-line border-b px-4">
            <dt className="text-ink-muted">{settingsLabels.about.version}</dt>
            <dd className="figures font-mono text-sm">
              <CopyText text={facts.version}>{facts.version}</CopyText>
            </dd>
          </div>
          {links.map(([name, path, hint]) => (
            <div
              key={path}
              className="grid h-9 grid-cols-[160px_1fr] items-center border-line border-b px-4"
            >
              <dt className="text-ink-muted">{name}</dt>
              <dd className="flex items-center gap-3">
                <a
                  href={`${facts.url}${path}`}
                  target="_blank"
                  rel="noreferrer"
                  className="rounded-sm font-mono text-sage-ink text-sm underline"
                >
                  {path}
                </a>
                <span className="truncate text-ink-faint text-sm">{hint}</span>
              </dd>
            </div>
          ))}
        </dl>
        <details className="group">
          <summary className="flex h-9 select-none items-center px-4 text-ink-muted hover:bg-hover">
            {settingsLabels.about.licences}
          </summary>
          <ul
            aria-label={settingsLabels.about.licencesList}
            className="columns-2 gap-6 border-line border-t px-4 py-2 text-sm"
          >
            {licences.map(([name, licence]) => (
              <li key={name} className="flex h-6 items-center justify-between gap-3">
                <span className="truncate font-mono">{name}</span>
                <span className="shrink-0 text-ink-faint">{licence}</span>
              </li>
            ))}
          </ul>
        </details>
      </Card>
    </Section>
  )
}
