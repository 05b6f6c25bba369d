import type { Settings } from '../../../src-main/contract/settings.ts'
import { environmentLines } from '../../app/server-settings.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { settingsLabels } from './labels.ts'
import { Ports } from './ports.tsx'
import { StartTlsSetting } from './start-tls.tsx'

export function Connection({ facts }: { facts: Settings }) {
  const rows: readonly (readonly [string, string])[] = [
    [settingsLabels.connection.httpApi, facts.url],
    [settingsLabels.connection.smtp, `${facts.host}:${facts.smtp_port}`],
    ...(facts.smtps_port === null
      ? []
      : [[settingsLabels.connection.smtps, `${facts.host}:${facts.smtps_port}`] as const]),
  ]
  return (
    <Section
      title={settingsLabels.sections.connection}
      description={settingsLabels.connection.hint}
    >
      <Card>
        <dl>
          {rows.map(([name, value]) => (
            <div
              key={name}
              className="grid h-9 grid-cols-[160px_1fr] items-center border-line border-b px-4 last:border-b-0"
            >
              <dt className="text-ink-muted">{name}</dt>
              <dd className="figures min-w-0 font-mono text-sm">
                <CopyText text={value}>{value}</CopyText>
              </dd>
            </div>
          ))}
        </dl>
      </Card>
      <CodeBlock
        code={environmentLines(facts, 'YOUR_KEY')}
        label={settingsLabels.connection.environmentBlock}
      />
      <Ports facts={facts} />
      <StartTlsSetting facts={facts} />
    </Section>
  )
}
