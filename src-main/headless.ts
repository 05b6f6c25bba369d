import { readConfig } from './config.ts'
import type { Relay } from './relay.ts'

const oldestNode = [22, 14] as const

async function main(): Promise<void> {
  const config = readConfig(process.env, process.argv.slice(2))
  // Only now: on an older Node the database driver ends the process without a word.
  const { startRelay } = await import('./relay.ts')
  const relay = await startRelay(config)
  console.log(greeting(relay, config.dataFolder))
  closeOnSignal(relay)
}

function greeting(relay: Relay, dataFolder: string): string {
  const { firstKeys, smtpPort, url, version } = relay
  // Listening on all addresses is no address to connect to.
  const host = new URL(url).hostname
  const sendingKey = firstKeys?.test ?? firstKeys?.admin ?? 'YOUR_KEY'
  return [
    '',
    `MailSage ${version} is running`,
    '',
    `  Inbox and API  ${url}`,
    `  SMTP           ${host}:${smtpPort}`,
    `  Data           ${dataFolder}`,
    '',
    ...(firstKeys ? keyLines(firstKeys) : []),
    '  For your app:',
    `  MAILSAGE_URL=${url}`,
    `  MAILSAGE_API_KEY=${sendingKey}`,
    `  SMTP_HOST=${host}`,
    `  SMTP_PORT=${smtpPort}`,
    '  SMTP_USER=mailsage',
    `  SMTP_PASS=${sendingKey}`,
    '',
    '  Ctrl+C stops it.',
    '',
  ].join('\n')
}

function keyLines({ admin, test }: NonNullable<Relay['firstKeys']>): string[] {
  return [
    '  Your first keys, shown this once:',
    ...(admin ? [`  admin  ${admin}   signs in to the window and may do everything`] : []),
    ...(test ? [`  test   ${test}   sends into the inbox, never further`] : []),
    '',
  ]
}

function closeOnSignal(relay: Relay): void {
  let closing = false
  const close = () => {
    // A second signal does not wait.
    if (closing) process.exit(1)
    closing = true
    relay.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', close)
  process.on('SIGTERM', close)
}

function isNodeTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [oldestMajor, oldestMinor] = oldestNode
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}

if (isNodeTooOld()) {
  console.error(
    `MailSage needs Node ${oldestNode.join('.')} or newer and this is ${process.versions.node}. Start it with \`npm start\`, which brings its own, or update Node.`,
  )
  process.exit(1)
}

main().catch((error: unknown) => {
  // A refusal is a ready sentence; anything else is a fault of ours and shows where it happened.
  const isRefusal = error instanceof Error && error.name === 'StartRefused'
  console.error(isRefusal ? error.message : error)
  process.exit(1)
})
