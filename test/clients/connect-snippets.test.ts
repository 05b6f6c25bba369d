import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import type { SampleProtocol } from '../../src-renderer/features/connect/snippets/sample.ts'
import { samples } from '../../src-renderer/features/connect/snippets/samples.ts'
import { startTestServer } from '../test-server.ts'
import { runNode, runTool } from './run-tool.ts'

// Only a message that signed in counts.
const testServer = await startTestServer({ env: { MAILSAGE_ANONYMOUS_CAPTURE: 'false' } })
const folder = mkdtempSync(join(tmpdir(), 'mailsage-connect-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const facts = {
  host: testServer.server.host,
  smtpPort: testServer.server.smtpPort,
  httpPort: testServer.server.httpPort,
  url: testServer.url,
}

type Code = { readonly code: string; readonly env: Readonly<Record<string, string>> }

function codeOf(id: string, protocol: SampleProtocol, key: string): Code {
  const version = samples
    .find((one) => one.id === id)
    ?.versions.find((one) => one.protocol === protocol)
  if (!version) throw new Error(`There is no sample ${id}, ${protocol}`)
  const text = (name: (each: string) => boolean) =>
    version.files.find((file) => name(file.name))?.text(facts, key) ?? ''
  return {
    code: text((name) => name !== '.env'),
    env: parseEnv(text((name) => name === '.env')) as Record<string, string>,
  }
}

const shell = ({ code }: Code) => runTool('bash', ['-c', code])
const node = ({ code, env }: Code) => runNode(code, env)

/** The requests package where it is installed, else the stand-in beside this file. */
const hasRequests = (await runTool('python3', ['-c', 'import requests'])).code === 0
const python = ({ code, env }: Code) => {
  const script = join(folder, 'send.py')
  writeFileSync(script, code)
  return runTool('python3', [script], {
    env: {
      ...env,
      PYTHONDONTWRITEBYTECODE: '1',
      ...(hasRequests ? {} : { PYTHONPATH: join(import.meta.dirname, 'python') }),
    },
  })
}

const runnable = [
  ['curl', 'selfmx', shell],
  ['curl', 'mailsage', shell],
  ['curl', 'smtp', shell],
  ['swaks', 'smtp', shell],
  ['node-fetch', 'selfmx', node],
  ['node-fetch', 'mailsage', node],
  ['nodemailer', 'smtp', node],
  ['python-requests', 'selfmx', python],
  ['python-requests', 'mailsage', python],
  ['python-smtplib', 'smtp', python],
] as const

async function capturedWith(keyId: string): Promise<number> {
  const events = await testServer.events(['captured'])
  return events.filter((event) => event.keyId === keyId).length
}

describe('The code of the Connect screen', () => {
  test.each(runnable)('%s over %s delivers a message with the key', async (id, protocol, run) => {
    const { key, id: keyId } = await testServer.makeKey()
    const { output, errors } = await run(codeOf(id, protocol, key))
    expect(await capturedWith(keyId), `${output}\n${errors}`).toBe(1)
  })

  test.each(runnable)('%s over %s delivers nothing with a wrong key', async (id, protocol, run) => {
    const before = (await testServer.events(['captured'])).length
    await run(codeOf(id, protocol, 'ms_test_0123456789abcdefghijklmnopqrstuv'))
    expect(await testServer.events(['captured'])).toHaveLength(before)
  })
})
