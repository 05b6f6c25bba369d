import { KeyRound, Send } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { Settings } from '../../../src-main/contract/settings.ts'
import { type Command, useCommands } from '../../app/commands.ts'
import { routeHash, useRoute } from '../../app/router.ts'
import { loadServerSettings, useServerSettings } from '../../app/server-settings.ts'
import { CopyText } from '../../ui/copy.tsx'
import { Failure } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { CodeFile } from './code-file.tsx'
import { createTestKey, loadConnectKeys, sendTestMessage, useConnect } from './connect-store.ts'
import { FirstMessage } from './first-message.tsx'
import { KeyChoice } from './key-choice.tsx'
import { connectLabels } from './labels.ts'
import { SampleList } from './sample-list.tsx'
import type { Facts, Sample, SampleProtocol } from './snippets/sample.ts'
import { samples } from './snippets/samples.ts'

const placeholder = 'YOUR_API_KEY'

/** `#/connect/django` opens a sample directly. */
export function ConnectScreen() {
  const facts = useServerSettings((state) => state.settings)
  const { keys, keyId, secrets } = useConnect()
  const sampleId = useRoute((route) => route.id)
  const sample = samples.find(({ id }) => id === sampleId) ?? samples[0]
  const secret = keyId === null ? null : (secrets.get(keyId) ?? null)
  useEffect(() => void loadConnectKeys(), [])
  useConnectCommands(sample?.name ?? connectLabels.title, secret)
  if (!sample) return null
  const failure = keys.status === 'failed' ? keys : facts.status === 'failed' ? facts : null
  const known = keys.status === 'ready' ? keys.value : []
  return (
    <Page title={connectLabels.title} width="wide">
      {failure ? (
        <Failure
          failure={failure.failure}
          onRetry={() => {
            void loadConnectKeys()
            void loadServerSettings()
          }}
        />
      ) : facts.status !== 'ready' || keys.status !== 'ready' ? (
        <Loading />
      ) : (
        <div className="space-y-5">
          <FirstMessage
            keyName={known.find(({ id }) => id === keyId)?.name ?? null}
            secret={secret}
          />
          <div className="grid gap-6 sm:grid-cols-[156px_minmax(0,1fr)]">
            <SampleList chosen={sample.id} />
            <div className="min-w-0 space-y-4">
              <KeyChoice keys={known} keyId={keyId} secret={secret} sampleName={sample.name} />
              <Addresses facts={facts.value} />
              <SampleView
                key={sample.id}
                sample={sample}
                facts={factsOf(facts.value)}
                secret={secret ?? placeholder}
                needsTrust={
                  facts.value.starttls_offered && facts.value.smtp_certificate === 'self_made'
                }
              />
            </div>
          </div>
        </div>
      )}
    </Page>
  )
}

type SampleViewProps = {
  sample: Sample
  facts: Facts
  secret: string
  /** Clients that use STARTTLS must trust the certificate. */
  needsTrust: boolean
}

function SampleView({ sample, facts, secret, needsTrust }: SampleViewProps) {
  const [protocol, setProtocol] = useState<SampleProtocol | null>(null)
  const version = sample.versions.find((one) => one.protocol === protocol) ?? sample.versions[0]
  if (!version) return null
  return (
    <section aria-label={sample.name} className="space-y-3">
      <div className="flex min-h-7 flex-wrap items-center gap-3">
        <h2 className="flex-1 font-semibold">{sample.name}</h2>
        {sample.versions.length > 1 ? (
          <Segmented
            label={connectLabels.screen.protocol}
            value={version.protocol}
            options={sample.versions.map((one) => ({
              value: one.protocol,
              label: connectLabels.protocols[one.protocol],
            }))}
            onChange={setProtocol}
          />
        ) : (
          <span className="text-ink-faint text-sm">
            {connectLabels.protocols[version.protocol]}
          </span>
        )}
      </div>
      {needsTrust && version.protocol === 'smtp' && (
        <p className="text-sm text-warn-ink">
          {connectLabels.startTls.note}{' '}
          <a
            href={routeHash('settings', 'connection')}
            className="font-medium underline underline-offset-2"
          >
            {connectLabels.startTls.settings}
          </a>
        </p>
      )}
      {version.files.map(({ name, syntax, text }) => (
        <CodeFile key={name} name={name} syntax={syntax} code={text(facts, secret)} />
      ))}
      {version.note && <p className="text-ink-muted text-sm">{version.note}</p>}
    </section>
  )
}

function Addresses({ facts }: { facts: Settings }) {
  const { host, smtp_port, smtps_port, url } = facts
  return (
    <dl className="figures flex flex-wrap gap-x-6 gap-y-1 border-line border-y py-2 text-sm">
      <Address name={connectLabels.screen.http} value={url} />
      <Address name={connectLabels.screen.smtp} value={`${reachable(host)}:${smtp_port}`} />
      {smtps_port !== null && (
        <Address name={connectLabels.screen.smtps} value={`${reachable(host)}:${smtps_port}`} />
      )}
      <Address name={connectLabels.screen.smtpUser} value="mailsage" />
    </dl>
  )
}

function Address({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex min-w-0 items-baseline gap-2">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 font-mono">
        <CopyText text={value}>{value}</CopyText>
      </dd>
    </div>
  )
}

function Loading() {
  return (
    <div role="status" aria-label={connectLabels.screen.loading} className="space-y-5">
      <Skeleton className="h-[72px]" />
      <div className="grid grid-cols-[156px_minmax(0,1fr)] gap-6">
        <Skeleton className="h-80" />
        <Skeleton className="h-80" />
      </div>
    </div>
  )
}

function factsOf({ host, smtp_port, http_port, url }: Settings): Facts {
  return { host: reachable(host), smtpPort: smtp_port, httpPort: http_port, url }
}

/** A server that listens on all interfaces is reachable at the host of this window. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? location.hostname : host
}

function useConnectCommands(sampleName: string, secret: string | null): void {
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'connect-key',
        label: connectLabels.screen.createKeyCommand(sampleName),
        group: connectLabels.title,
        icon: KeyRound,
        run: () => createTestKey(connectLabels.key.suggestedName(sampleName)).catch(toastFailure),
      },
      ...(secret === null
        ? []
        : [
            {
              id: 'connect-send',
              label: connectLabels.sendTest,
              group: connectLabels.title,
              icon: Send,
              run: () => void sendTestMessage(secret).catch(toastFailure),
            },
          ]),
    ],
    [sampleName, secret],
  )
  useCommands(commands)
}
