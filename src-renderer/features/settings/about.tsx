import type { Settings } from '../../../src-main/contract/settings.ts'
import { CopyText } from '../../ui/copy.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { licences } from './licences.ts'

export function About({ facts }: { facts: Settings }) {
  const links = [
    ['API explorer', '/docs', 'Every request, to try out'],
    ['OpenAPI document', '/openapi.json', 'For code generators'],
    ['Metrics', '/metrics', 'For Prometheus'],
  ] as const
  return (
    <Section title="About">
      <Card>
        <dl>
          <div className="grid h-9 grid-cols-[160px_1fr] items-center border-line border-b px-4">
            <dt className="text-ink-muted">Version</dt>
            <dd className="figures font-mono text-sm">
              <CopyText text={facts.version}>{facts.version}</CopyText>
            </dd>
          </div>
          {links.map(([name, path, meaning]) => (
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
                <span className="truncate text-ink-faint text-sm">{meaning}</span>
              </dd>
            </div>
          ))}
        </dl>
        <details className="group">
          <summary className="flex h-9 select-none items-center px-4 text-ink-muted hover:bg-hover">
            Licences of what MailSage is made with
          </summary>
          <ul
            aria-label="Licences"
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
