import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createVault } from '../../src-main/base/vault.ts'
import { connectServer } from '../../src-main/electron/connect-server.ts'
import { openRemoteServers } from '../../src-main/electron/remote-servers.ts'
import { readAddress } from '../../src-main/electron/server-address.ts'
import { findProblem, networkSentence } from '../../src-main/electron/server-problem.ts'
import { startTestServer } from '../test-server.ts'

const key = 'ms_live_0123456789abcdef'

function keptFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailsage-remote-servers-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'remote-servers.json')
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('The address of a remote server', () => {
  it.each([
    ['https://mail.example.com', 'https://mail.example.com', false],
    [' https://mail.example.com:443/#/inbox/msg_1 ', 'https://mail.example.com', false],
    ['HTTPS://Mail.Example.com/a?b=c', 'https://mail.example.com', false],
    ['https://user:pass@mail.example.com', 'https://mail.example.com', false],
    ['mail.example.com', 'https://mail.example.com', false],
    ['mail.example.com:8443', 'https://mail.example.com:8443', false],
    ['localhost:8025', 'http://localhost:8025', false],
    ['http://127.0.0.1:8025/', 'http://127.0.0.1:8025', false],
    ['http://[::1]:8025', 'http://[::1]:8025', false],
    ['https://10.0.0.5', 'https://10.0.0.5', false],
    ['10.0.0.5:8025', 'http://10.0.0.5:8025', true],
    ['http://192.168.1.20:8025', 'http://192.168.1.20:8025', true],
    ['http://[fd00::7]:8025', 'http://[fd00::7]:8025', true],
    ['http://devbox:8025', 'http://devbox:8025', true],
    ['http://mail.local', 'http://mail.local', true],
  ])('The address “%s” is accepted', (written, origin, isExposed) =>
    expect(readAddress(written)).toMatchObject({ type: 'address', origin, isExposed }),
  )

  it.each([
    ['', /Write the address/],
    ['ftp://mail.example.com', /Write the address/],
    ['javascript:alert(1)', /Write the address/],
    ['file:///etc/passwd', /Write the address/],
    ['two words', /Write the address/],
    ['http://mail.example.com', /Use https/],
    ['http://93.184.216.34', /Use https/],
    ['http://127.0.0.1.example.com', /Use https/],
    ['http://localhost.example.com', /Use https/],
  ])('The address “%s” is refused', (written, sentence) =>
    expect(readAddress(written)).toMatchObject({
      type: 'refused',
      sentence: expect.stringMatching(sentence),
    }),
  )
})

describe('The check of a remote server', () => {
  it('A server that accepts the admin key passes the check', async () => {
    const testServer = await startTestServer()
    const origin = testServer.server.url
    expect(await findProblem({ origin, key: testServer.server.consoleKey }, fetch)).toBeNull()
  })

  it('An unknown key and a key without admin permissions have different errors', async () => {
    const testServer = await startTestServer()
    const origin = testServer.server.url
    const problemOf = (given: string) => findProblem({ origin, key: given }, fetch)
    expect(await problemOf(key)).toMatchObject({
      field: 'key',
      sentence: expect.stringContaining('does not know this key'),
    })
    const { key: reader } = await testServer.reply('POST /v1/api-keys', {
      body: { name: 'Reader', mode: 'live', permissions: ['inbox:read'] },
    })
    expect(await problemOf(reader)).toMatchObject({
      field: 'key',
      sentence: expect.stringContaining('may not manage'),
    })
  })

  it.each<[string, RequestListener, RegExp]>([
    ['another program', (_, reply) => reply.end('<h1>Hello</h1>'), /No MailSage/],
    ['another API', (_, reply) => reply.end('{"status":"ok"}'), /No MailSage/],
    ['a proxy before nothing', (_, reply) => reply.writeHead(502).end(), /answers 502/],
    [
      'a name the server does not go by',
      (_, reply) => reply.writeHead(403).end('{"name":"host_not_allowed","message":"No"}'),
      /MAILSAGE_ALLOWED_HOSTS/,
    ],
  ])('The check reports %s without showing it the key', async (_name, answer, sentence) => {
    const keys: unknown[] = []
    const origin = await serve((request, reply) => {
      keys.push(request.headers.authorization)
      answer(request, reply)
    })
    const problem = await findProblem({ origin, key }, fetch)
    expect(problem).toEqual({ field: 'address', sentence: expect.stringMatching(sentence) })
    expect(keys).toEqual([undefined])
  })

  it('The check never follows a redirect with the key', async () => {
    const testServer = await startTestServer()
    const origin = await serve((request, reply) =>
      reply.writeHead(302, { location: testServer.server.url + request.url }).end(),
    )
    expect(await findProblem({ origin, key }, fetch)).toMatchObject({
      sentence: expect.stringContaining(`leads on to ${testServer.server.url}`),
    })
  })

  it.each([
    ['net::ERR_CONNECTION_REFUSED', /Nothing listens at mail\.example/],
    ['net::ERR_NAME_NOT_RESOLVED', /no host called/],
    ['net::ERR_CERT_DATE_INVALID', /certificate of mail\.example.*CERT_DATE_INVALID/],
    ['net::ERR_SSL_PROTOCOL_ERROR', /does not speak https/],
    ['net::ERR_INTERNET_DISCONNECTED', /offline/],
    ['net::ERR_ADDRESS_UNREACHABLE', /cannot be reached \(ADDRESS_UNREACHABLE\)/],
    ['fetch failed', /cannot be reached\./],
  ])('The check explains %s in a sentence', (said, sentence) =>
    expect(networkSentence('mail.example', said)).toMatch(sentence),
  )
})

describe('The list of remote servers', () => {
  it('The list is read from the file of earlier versions, which stays unchanged', () => {
    const folder = dirname(keptFile())
    const vault = createVault(Buffer.alloc(32, 7))
    const { id } = openRemoteServers(folder, vault).keep(team)
    const { chosen, servers } = JSON.parse(
      readFileSync(join(folder, 'remote-servers.json'), 'utf8'),
    )
    const earlier = JSON.stringify({ chosen, relays: servers })
    writeFileSync(join(folder, 'relays.json'), earlier)
    rmSync(join(folder, 'remote-servers.json'))
    const kept = openRemoteServers(folder, vault)
    expect(kept.keyOf(id)).toBe(team.key)
    kept.choose(id)
    expect(readFileSync(join(folder, 'relays.json'), 'utf8')).toBe(earlier)
    expect(openRemoteServers(folder, vault).chosen()).toBe(id)
  })

  const team = { name: 'Team', address: 'https://mail.example.com', key }

  it('The file is readable by its owner only, with encrypted keys', () => {
    const file = keptFile()
    const vault = createVault(Buffer.alloc(32, 7))
    const { id } = openRemoteServers(dirname(file), vault).keep(team)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).not.toContain(key)
    const again = openRemoteServers(dirname(file), vault)
    expect(again.list()).toEqual([{ id, name: 'Team', address: team.address }])
    expect(again.keyOf(id)).toBe(key)
    expect(openRemoteServers(dirname(file), createVault(Buffer.alloc(32, 8))).keyOf(id)).toBeNull()
  })

  it('The list keeps an address once, remembers the chosen one and removes servers', () => {
    const file = keptFile()
    const kept = openRemoteServers(dirname(file), createVault(Buffer.alloc(32, 7)))
    const { id } = kept.keep(team)
    kept.choose(id)
    expect(kept.keep({ ...team, name: 'Staging', key: `${key}2` }).id).toBe(id)
    expect(kept.list()).toHaveLength(1)
    expect(kept.keyOf(id)).toBe(`${key}2`)
    expect(openRemoteServers(dirname(file), createVault(Buffer.alloc(32, 7))).chosen()).toBe(id)
    kept.forget(id)
    expect(kept.chosen()).toBeNull()
    expect(kept.find(id)).toBeNull()
    expect(readFileSync(file, 'utf8')).not.toContain('example.com')
  })

  it('The list is empty when its file is damaged', () => {
    const file = keptFile()
    writeFileSync(file, '{"servers": 1}')
    expect(openRemoteServers(dirname(file), createVault(Buffer.alloc(32, 7))).list()).toEqual([])
  })
})

describe('The connection to a remote server', () => {
  it('A server that was reached is kept, under its host when it has no name, and no other server is', async () => {
    const testServer = await startTestServer()
    const file = keptFile()
    const kept = openRemoteServers(dirname(file), createVault(Buffer.alloc(32, 7)))
    const connect = (change: { address?: string; key?: string; unencrypted?: boolean }) =>
      connectServer(
        { kept, fetch, ownUrl: 'http://127.0.0.1:1/' },
        {
          name: ' ',
          address: testServer.server.url,
          key: testServer.server.consoleKey,
          unencrypted: false,
          ...change,
        },
      )
    expect(await connect({ key: 'ms live' })).toMatchObject({ type: 'refused', field: 'key' })
    expect(await connect({ key: 'ключ' })).toMatchObject({ type: 'refused', field: 'key' })
    expect(await connect({ key })).toMatchObject({ type: 'refused', field: 'key' })
    expect(await connect({ address: '127.0.0.1:1' })).toMatchObject({
      sentence: expect.stringContaining('server of this computer'),
    })
    expect(await connect({ address: '10.9.8.7:8025' })).toEqual({
      type: 'unencrypted',
      host: '10.9.8.7:8025',
    })
    expect(kept.list()).toEqual([])
    expect(await connect({ key: ` ${testServer.server.consoleKey}\n` })).toMatchObject({
      type: 'connected',
    })
    const { host } = new URL(testServer.server.url)
    expect(kept.list()).toMatchObject([{ name: host, address: testServer.server.url }])
  })
})
