import { describe, expect, it } from 'vitest'
import { clientAddress } from '../../src-main/base/forwarded.ts'
import { addressFilter } from '../../src-main/base/ip-addresses.ts'
import { StartRefused } from '../../src-main/base/start-refused.ts'
import { readConfig } from '../../src-main/config.ts'
import { startTestServer } from '../test-server.ts'
import { expectRefusal } from './refusal.ts'

const client = '198.51.100.7'

describe('The client behind a trusted proxy', () => {
  const isTrusted = addressFilter(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'])
  const cases: readonly (readonly [name: string, fields: object, expected: string])[] = [
    ['no field', {}, '127.0.0.1'],
    ['an empty field', { 'x-forwarded-for': ' , ' }, '127.0.0.1'],
    ['one address', { 'x-forwarded-for': client }, client],
    ['an invented address before it', { 'x-forwarded-for': `127.0.0.1, ${client}` }, client],
    ['further proxies behind it', { 'x-forwarded-for': `9.9.9.9, ${client}, 10.1.2.3` }, client],
    ['proxies only', { 'x-forwarded-for': '10.9.9.9, 10.1.2.3' }, '10.9.9.9'],
    ['a port', { 'x-forwarded-for': `${client}:4711` }, client],
    ['IPv6 with a port', { 'x-forwarded-for': '[2001:db8::7]:4711' }, '2001:db8::7'],
    ['an IPv4 address as IPv6', { 'x-forwarded-for': `::ffff:${client}` }, client],
    ['no address at all', { 'x-forwarded-for': 'localhost' }, 'unknown'],
    ['no address behind a loopback one', { 'x-forwarded-for': '127.0.0.1, nobody' }, 'unknown'],
    ['several fields', { 'x-forwarded-for': ['9.9.9.9', client] }, client],
    ['Forwarded', { forwarded: `for=9.9.9.9, for=${client};proto=https;by=10.0.0.1` }, client],
    ['Forwarded, quoted', { forwarded: 'Proto=https;For="[2001:db8::7]:4711"' }, '2001:db8::7'],
    ['Forwarded, hidden', { forwarded: 'for=_secret' }, 'unknown'],
    ['Forwarded without a client', { forwarded: 'proto=https' }, 'unknown'],
    ['both fields', { 'x-forwarded-for': client, forwarded: `for=${client}` }, client],
  ]
  it.each(cases)('The client address is read from %s', (_, fields, address) => {
    expect(clientAddress('::ffff:127.0.0.1', fields, isTrusted)).toEqual({ type: 'known', address })
  })

  it.each(['for=9.9.9.9;for=8.8.8.8', 'for=1.1.1.1, for=9.9.9.9;proto=https;For=8.8.8.8'])(
    'A Forwarded element with two clients is a contradiction: %s',
    (forwarded) => {
      const found = clientAddress('127.0.0.1', { forwarded }, isTrusted)
      expect(found).toEqual({ type: 'contradiction', peer: '127.0.0.1' })
    },
  )

  it('A peer that is not a trusted proxy is the client itself', () => {
    const fields = { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' }
    const found = clientAddress(client, fields, isTrusted)
    expect(found).toEqual({ type: 'known', address: client })
  })
})

describe('The setting MAILSAGE_TRUSTED_PROXIES', () => {
  it.each(['localhost', '10.0.0.0/33', 'any'])('The setting cannot be %s', (written) => {
    expect(() => readConfig({ MAILSAGE_TRUSTED_PROXIES: written })).toThrow(StartRefused)
  })

  it('Without the setting, forwarding fields are ignored and the proxy is the client', async () => {
    const testServer = await startTestServer()
    const { key } = await testServer.makeKey({ permissions: [], allowed_ips: ['127.0.0.1'] })
    const headers = { 'x-forwarded-for': client, forwarded: 'for=1.1.1.1' }
    expect((await testServer.request('GET /v1/session', { key, headers })).status).toBe(200)
    expect((await testServer.request('GET /metrics', { key: null, headers })).status).toBe(200)
  })

  it('The client address decides over allowed addresses, local access and the log', async () => {
    const testServer = await startTestServer({ env: { MAILSAGE_TRUSTED_PROXIES: '127.0.0.1' } })
    const from = (address: string) => ({ 'x-forwarded-for': `127.0.0.1, ${address}` })
    const { id, key } = await testServer.makeKey({ permissions: [], allowed_ips: [client] })
    const session = (headers: Readonly<Record<string, string>>) =>
      testServer.request('GET /v1/session', { key, headers })
    expect((await session(from(client))).status).toBe(200)
    expectRefusal(await session(from('198.51.100.8')), 'address_not_allowed')
    expectRefusal(await session({}), 'address_not_allowed')
    const metrics = (headers: Readonly<Record<string, string>>) =>
      testServer.request('GET /metrics', { key: null, headers })
    expect((await metrics({})).status).toBe(200)
    for (const address of [client, 'nobody'])
      expectRefusal(await metrics(from(address)), 'missing_api_key')
    await testServer.server.idle()
    const { data } = await testServer.reply('GET /v1/logs', {
      query: { key_id: id, type: 'request' },
    })
    expect(data.map(({ address }) => address)).toEqual([client])
    const used = await testServer.reply('GET /v1/api-keys/{id}', { params: { id } })
    expect(used.last_used_from).toBe(client)
  })

  it('A request whose fields name two clients is refused: one may be forged', async () => {
    const testServer = await startTestServer({ env: { MAILSAGE_TRUSTED_PROXIES: '127.0.0.0/8' } })
    const headers = { 'x-forwarded-for': client, forwarded: 'for=127.0.0.1' }
    const answer = await testServer.request('GET /metrics', { key: null, headers })
    expect(expectRefusal(answer, 'invalid_request')).toContain('X-Forwarded-For and Forwarded')
  })
})
