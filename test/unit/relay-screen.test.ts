import { describe, expect, it } from 'vitest'
import type { RelayConnection } from '../../src-main/contract/relays.ts'
import { describeUnavailability } from '../../src-renderer/app/relay-availability.ts'
import { explain } from '../../src-renderer/features/relays/explain.ts'
import { moved } from '../../src-renderer/features/relays/failover.ts'
import { presetOf, presets } from '../../src-renderer/features/relays/presets.ts'
import {
  formOf,
  fromPreset,
  type RelayForm,
  readForm,
} from '../../src-renderer/features/relays/relay-form.ts'

describe('The explanation of a failed connection', () => {
  it.each([
    ['smtp_auth_error', 'x refused the user name or password: “535”.', /password refused/],
    ['smtp_auth_error', 'x refused the OAuth2 sign-in: “invalid_grant”.', /OAuth2/],
    ['smtp_connection_error', 'x: “getaddrinfo ENOTFOUND smtp.nowhere.example”.', /Unknown host/],
    ['smtp_connection_error', 'x: “connect ECONNREFUSED 127.0.0.1:9”.', /Connection refused/],
    ['smtp_connection_error', 'x: “self-signed certificate”.', /Certificate/],
    ['smtp_connection_error', 'x: “Hostname/IP does not match certificate’s altnames”.', /Certif/],
    ['smtp_connection_error', 'x: “Connection timeout”.', /does not respond/],
    ['smtp_connection_error', 'x: “Greeting never received”.', /does not respond/],
    [
      'smtp_connection_error',
      'x: “ssl3_get_record:wrong version number”.',
      /does not match the port/,
    ],
    ['smtp_connection_error', 'x:9 does not speak TLS (ERR_SSL_X).', /does not match the port/],
    ['smtp_connection_error', 'x:9 did not answer in time (ETIMEDOUT).', /does not respond/],
    ['smtp_connection_error', 'The name x has no address (ENOTFOUND).', /Unknown host/],
    ['smtp_connection_error', 'Nothing listens at x:9 (ECONNREFUSED).', /Connection refused/],
    ['smtp_connection_error', 'x:9 does not offer STARTTLS. It answered: “500”.', /STARTTLS/],
    ['smtp_error', 'x answered: “550 sender not verified”.', /refused/],
    ['smtp_connection_error', 'x: “odd”.', /cannot be reached/],
  ])('%s is explained: %s', (code, error, title) => {
    expect(explain(code, error).title).toMatch(title)
    expect(explain(code, error).advice).not.toBe('')
  })
})

describe('The description of an unavailable relay', () => {
  const now = Date.parse('2026-01-15T14:03:00')
  const at = (ms: number) => new Date(now + ms).toISOString()
  const failing: RelayConnection = {
    state: 'hangs',
    since: at(-60_000),
    step: 'greeting',
    next_try_at: at(40_000),
    waiting: 12,
  }

  it.each<[Partial<RelayConnection>, RegExp]>([
    [
      {},
      /^accepts connections but has not replied since .*02.*\. Next attempt in 40 s; 12 recipients waiting\.$/,
    ],
    [{ next_try_at: null }, /since .*\. Still waiting for a reply; 12 recipients/],
    [
      { state: 'unreachable', next_try_at: null },
      /^has been unreachable since .*\. Retrying now; 12 recipients/,
    ],
    [{ state: 'refuses', waiting: 0 }, /^has refused all mail since .*\. Next attempt in 40 s\.$/],
    [{ next_try_at: at(-5000) }, /\. Retrying now; 12 recipients/],
    [{ next_try_at: at(-5000), waiting: 0 }, /\. Next attempt with the next message\.$/],
    [{ waiting: 1 }, /; 1 recipient waiting\.$/],
    [{ waiting: 1000 }, /; 1,000\+ recipients waiting\.$/],
    [{ state: 'untried', since: null, waiting: 0 }, /^is unreachable\.$/],
  ])(
    'The description of %j names the state, the next attempt and the waiting recipients',
    (change, sentence) => {
      expect(describeUnavailability({ ...failing, ...change }, now)).toMatch(sentence)
    },
  )
})

it('The order of relays changes by one position and never beyond its ends', () => {
  expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b', 'c'], 'a', 2)).toEqual(['b', 'c', 'a'])
  const ids = ['a', 'b']
  expect(moved(ids, 'a', -1)).toBe(ids)
  expect(moved(ids, 'b', 1)).toBe(ids)
  expect(moved(ids, 'x', 1)).toBe(ids)
})

it('Every provider is recognized by its host', () => {
  for (const preset of presets.filter(({ id }) => id !== 'own')) {
    expect(presetOf(preset.host)?.id).toBe(preset.id)
  }
  expect(presetOf('email-smtp.eu-west-1.amazonaws.com')?.id).toBe('ses')
  expect(presetOf('mail.example.com')).toBeUndefined()
})

describe('The form of a relay', () => {
  const filled = (change: Partial<RelayForm>): RelayForm => ({
    ...formOf(null),
    host: 'mail.example.com',
    username: 'me',
    password: 'secret',
    ...change,
  })
  const problemsOf = (form: RelayForm) => {
    const read = readForm(form, null)
    return 'problems' in read ? [read.step, ...Object.keys(read.problems)] : []
  }

  it.each([
    [{ host: ' ' }, ['server', 'host', 'name']],
    [{ port: '0' }, ['server', 'port']],
    [{ username: '' }, ['signIn', 'username']],
    [{ password: '' }, ['signIn', 'password']],
    [{ auth: 'none', username: '', password: '' }, []],
    [{ from: 'x' }, ['signIn', 'from']],
    [{ dailyLimit: '-1' }, ['options', 'dailyLimit']],
    [{ dailyLimit: 'many' }, ['options', 'dailyLimit']],
    [{ signs: true, dkimDomain: 'example.com' }, ['options', 'dkimKey']],
    [
      { auth: 'oauth2', accessUrl: 'http://example.com/' },
      ['signIn', 'clientId', 'clientSecret', 'refreshToken', 'accessUrl'],
    ],
    [{}, []],
  ] as const)('The problems of the form with %j are listed', (change, problems) => {
    expect(problemsOf(filled(change)).toSorted()).toEqual([...problems].toSorted())
  })

  it('The form uses the host as the name when no name is given', () => {
    const read = readForm(filled({}), null)
    expect(read).toMatchObject({ body: { name: 'mail.example.com', password: 'secret' } })
  })

  it('The form is valid as soon as a provider is chosen and the sign-in is entered', () => {
    for (const preset of presets.filter(({ id, auth }) => id !== 'own' && auth === 'password')) {
      expect(problemsOf(filled({ ...fromPreset(preset), username: 'me' }))).toEqual([])
    }
  })
})
