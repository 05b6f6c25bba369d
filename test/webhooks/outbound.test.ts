import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  createOutboundGuard,
  isPublic,
  type OutboundRules,
  type Resolve,
} from '../../src-main/outbound/outbound-guard.ts'
import { createWebhookPosts } from '../../src-main/outbound/webhook-posts.ts'
import { loadCertificate } from '../../src-main/smtp/certificate.ts'
import { expectRefusal } from '../http/refusal.ts'
import { addWebhook, logsOf, openReceiver, openWebhookFixture, send } from './webhook-fixture.ts'

const privateAddresses = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '203.0.113.7',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:10.0.0.1',
  '::ffff:a00:1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001:0:1::1',
  '2001:db8::1',
  '2002:a00:1::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'localhost',
  '',
]

describe('The private addresses', () => {
  it.each(privateAddresses)('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false)
  })

  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '192.167.255.255', '2606:4700::1111', '2a00::1'])(
    '%s is a public address',
    (address) => {
      expect(isPublic(address)).toBe(true)
    },
  )
})

describe('The address guard', () => {
  const strict: OutboundRules = { loopback: false, allowed: [] }
  const guard = (rules: Partial<OutboundRules>, ...addresses: string[]) =>
    createOutboundGuard({ ...strict, ...rules }, async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  const at = (url: string) => new URL(url)
  const allowedOf = async (rules: Partial<OutboundRules>, ...addresses: string[]) => {
    const found = await guard(rules, ...addresses).addressesOf(at('https://hooks.example.com/'))
    return found.map(({ address }) => address)
  }

  it.each([
    'http://127.0.0.1/',
    'http://10.1.2.3:8080/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://169.254.169.254/latest/meta-data',
  ])('The guard refuses %s without a lookup', async (url) => {
    expect(guard({}).refusal(at(url))).toMatch(/leads to a private address/)
    await expect(guard({}).addressesOf(at(url))).rejects.toThrow(/MAILSAGE_ALLOWED_TARGETS/)
  })

  it('The guard refuses a name with private addresses, and returns the public ones', async () => {
    await expect(allowedOf({}, '10.0.0.1')).rejects.toThrow(/private address/)
    await expect(allowedOf({}, '169.254.169.254', '::1')).rejects.toThrow(/private address/)
    await expect(allowedOf({}, '127.0.0.1')).rejects.toThrow(/private address/)
    expect(await allowedOf({}, '10.0.0.1', '1.1.1.1')).toEqual(['1.1.1.1'])
  })

  it('The guard allows loopback while the server listens on it, and no other private address', async () => {
    const loopback = { loopback: true }
    expect(await allowedOf(loopback, '127.0.0.1', '::1', '10.0.0.1')).toEqual(['127.0.0.1', '::1'])
    expect(guard(loopback).refusal(at('http://127.0.0.1:3000/'))).toBeNull()
    expect(guard(loopback).refusal(at('http://[::1]:3000/'))).toBeNull()
    expect(guard(loopback).refusal(at('http://0.0.0.0:3000/'))).not.toBeNull()
    expect(guard(loopback).refusal(at('http://192.168.0.1/'))).not.toBeNull()
  })

  it('The guard allows the hosts, addresses and ranges in the settings', async () => {
    expect(await allowedOf({ allowed: ['Hooks.Example.com'] }, '10.0.0.1')).toEqual(['10.0.0.1'])
    expect(await allowedOf({ allowed: ['10.0.0.0/8'] }, '10.9.9.9')).toEqual(['10.9.9.9'])
    expect(await allowedOf({ allowed: ['fd00::/8'] }, 'fd00::1')).toEqual(['fd00::1'])
    await expect(allowedOf({ allowed: ['example.com'] }, '10.0.0.1')).rejects.toThrow()
    const literal = guard({ allowed: ['192.168.1.20'] })
    expect(literal.refusal(at('http://192.168.1.20/'))).toBeNull()
    expect(literal.refusal(at('http://192.168.1.21/'))).not.toBeNull()
  })
})

describe('A webhook', () => {
  const resolve: Resolve = async (hostname) => [
    { address: hostname.startsWith('inside') ? '10.0.0.1' : '127.0.0.1', family: 4 },
  ]

  it.each([
    'http://10.0.0.1/',
    'http://192.168.0.10:8080/hook',
    'http://169.254.169.254/',
    'http://3232235777/',
    'http://[fd00::1]/',
    'http://0.0.0.0/',
  ])('A webhook to %s is refused', async (url) => {
    const { testServer } = await openWebhookFixture()
    const answer = await testServer.request('POST /v1/webhooks', {
      body: { url, events: ['sending'] },
    })
    expect(expectRefusal(answer, 'invalid_parameter')).toMatch(/“url” leads to a private address/)
  })

  it('A webhook to a private host in the settings is accepted', async () => {
    const { testServer } = await openWebhookFixture({
      MAILSAGE_ALLOWED_TARGETS: '10.0.0.1, crm.internal',
    })
    const body = { url: 'http://10.0.0.1/', events: ['alert'] }
    expect((await testServer.request('POST /v1/webhooks', { body })).status).toBe(201)
  })

  it.each(['10.0.0.0/99', 'http://10.0.0.1', 'a b'])(
    'The setting of allowed targets refuses %s',
    async (MAILSAGE_ALLOWED_TARGETS) => {
      await expect(openWebhookFixture({ MAILSAGE_ALLOWED_TARGETS })).rejects.toThrow(
        /MAILSAGE_ALLOWED_TARGETS must name hosts, addresses or ranges .* It is “/,
      )
    },
  )

  it('A webhook whose host resolves to a private address is not posted to', async () => {
    const here = await openWebhookFixture({}, { resolve })
    const { id } = await addWebhook(here, 'http://inside.example.com/hook')
    await send(here)
    const { data } = await logsOf(here, id)
    expect(data).toMatchObject([
      {
        status: 'pending',
        response_status: null,
        error:
          'The address leads to a private address (inside.example.com). Name the host in MAILSAGE_ALLOWED_TARGETS to allow it.',
      },
    ])
  })

  it('A webhook is posted to the checked address, after one lookup', async () => {
    const receiver = await openReceiver()
    let lookups = 0
    // A name that resolves to a public address once, and to a private one afterwards.
    const rebinding: Resolve = async () => {
      lookups += 1
      return [{ address: lookups === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]
    }
    const here = await openWebhookFixture({}, { resolve: rebinding })
    await addWebhook(here, `http://hooks.example.com:${receiver.port}/hook`)
    await send(here)
    await here.testServer.server.idle()
    expect(lookups).toBe(1)
    expect(receiver.hooks[0]?.headers.host).toBe(`hooks.example.com:${receiver.port}`)
  })

  it('A webhook does not follow a redirect', async () => {
    const here = await openWebhookFixture()
    const [first, second] = [await openReceiver(), await openReceiver()]
    first.rules.answer = (_, response) => {
      response.writeHead(307, { location: second.url }).end()
    }
    const { id } = await addWebhook(here, first.url)
    await send(here)
    const { data } = await logsOf(here, id)
    expect(data).toMatchObject([
      { status: 'pending', response_status: 307, error: expect.stringContaining('not followed') },
    ])
    expect(second.hooks).toEqual([])
  })
})

describe('A post', () => {
  const guard = createOutboundGuard({ loopback: true, allowed: [] })
  const posts = createWebhookPosts({ guard, version: '0', timeoutMs: 1500 })
  const post = async (server: Server) => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    return posts.post(new URL(`http://127.0.0.1:${port}/`), {}, Buffer.from('{}'))
  }

  it('A post ends when no answer arrives in time', async () => {
    expect(await post(createServer(() => undefined))).toMatchObject({
      type: 'unanswered',
      reason: 'It did not answer within 1.5 seconds.',
    })
  })

  it('A post ends when the name lookup takes too long', async () => {
    const hanging = createOutboundGuard(
      { loopback: true, allowed: [] },
      () => new Promise(() => {}),
    )
    const slow = createWebhookPosts({ guard: hanging, version: '0', timeoutMs: 100 })
    const outcome = await slow.post(new URL('http://hooks.example.com/'), {}, Buffer.from('{}'))
    expect(outcome).toMatchObject({
      type: 'unanswered',
      reason: expect.stringMatching(/within 0.1 seconds/),
    })
  })

  it('A post reads at most 64 KiB of an endless response', async () => {
    let sentBytes = 0
    const outcome = await post(
      createServer((_, response) => {
        const more = () => {
          if (response.destroyed) return
          sentBytes += 16_384
          if (response.write('x'.repeat(16_384))) setImmediate(more)
          else response.once('drain', more)
        }
        more()
      }),
    )
    expect(outcome).toMatchObject({ type: 'answered', status: 200, body: 'x'.repeat(2000) })
    expect(outcome.durationMs).toBeLessThan(1500)
    expect(sentBytes).toBeGreaterThan(64 * 1024 - 1)
  })

  it('The status of a response counts even if its body is slow or incomplete', async () => {
    const drip = createServer((_, response) => void response.writeHead(200).write('a little'))
    expect(await post(drip)).toMatchObject({ type: 'answered', status: 200, body: 'a little' })
    const broken = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('half', () => response.destroy())
    })
    expect(await post(broken)).toMatchObject({ type: 'answered', status: 200, body: 'half' })
  })

  it('A post over TLS uses the name of the URL and checks its certificate', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailsage-tls-'))
    const { key, cert } = await loadCertificate(folder, Date.now())
    const server = createTlsServer({ key, cert }, (request, response) => {
      response.end(`${request.headers.host} ${(request.socket as TLSSocket).servername}`)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const known = getCACertificates()
    onTestFinished(() => {
      setDefaultCACertificates(known)
      server.close()
      rmSync(folder, { recursive: true })
    })
    const { port } = server.address() as AddressInfo
    const url = new URL(`https://localhost:${port}/`)
    const untrusted = await posts.post(url, {}, Buffer.from('{}'))
    expect(untrusted).toMatchObject({
      type: 'unanswered',
      reason: expect.stringMatching(/^The certificate of localhost is self-signed/),
    })
    setDefaultCACertificates([...known, String(cert)])
    expect(await posts.post(url, {}, Buffer.from('{}'))).toMatchObject({
      type: 'answered',
      status: 200,
      body: `localhost:${port} localhost`,
    })
  })

  it('A failed post gives the reason', async () => {
    const ended = createServer((request) => void request.socket.destroy())
    expect(await post(ended)).toMatchObject({
      type: 'unanswered',
      reason: expect.stringMatching(/ ended the connection \(ECONNRESET\)\.$/),
    })
    const noName = createOutboundGuard({ loopback: true, allowed: [] }, async () => {
      throw Object.assign(new Error('queryA'), { code: 'ENOTFOUND' })
    })
    const lost = createWebhookPosts({ guard: noName, version: '0' })
    const outcome = await lost.post(new URL('http://nowhere.example/'), {}, Buffer.from('{}'))
    expect(outcome).toMatchObject({
      reason: 'The name nowhere.example has no address (ENOTFOUND).',
    })
  })
})
