import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../src-main/config.ts'
import { type RunningServer, startServer } from '../../src-main/server.ts'
import { schemaVersion } from '../../src-main/storage/database.ts'
import { startRefused } from '../durability/server-process.ts'
import { damages } from './torn-files.ts'

let used = ''
let folder = ''
const file = (name = 'mailsage.db'): string => join(folder, name)

const start = (): Promise<RunningServer> =>
  startServer(
    readConfig({
      MAILSAGE_DATA: folder,
      MAILSAGE_HTTP_PORT: '0',
      MAILSAGE_SMTP_PORT: '0',
      LOG_LEVEL: 'silent',
    }),
  )

beforeAll(async () => {
  used = mkdtempSync(join(tmpdir(), 'mailsage-used-'))
  folder = used
  await (await start()).close()
  return () => rmSync(used, { recursive: true, force: true })
})

/** A copy of a used data folder. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailsage-start-'))
  for (const name of readdirSync(used)) writeFileSync(file(name), readFileSync(join(used, name)))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

/** The log of a killed server, whose content is nowhere else. */
function leaveLog(): void {
  const writer = new Sqlite(file())
  writer.pragma('journal_mode = WAL')
  writer.pragma('wal_autocheckpoint = 0')
  writer.exec('CREATE TABLE marks (id INTEGER); INSERT INTO marks VALUES (1)')
  const log = readFileSync(file('mailsage.db-wal'))
  writer.close()
  writeFileSync(file('mailsage.db-wal'), log)
}

const cases: readonly (readonly [string, () => void, readonly RegExp[]])[] = [
  [
    'gone beside its log',
    () => {
      leaveLog()
      rmSync(file())
    },
    [
      /mailsage\.db is missing, but its log .*-wal is there with \d+ bytes/,
      /put a backup in its place/,
      /move .*-wal away/,
    ],
  ],
  [
    'empty beside its log',
    () => {
      leaveLog()
      writeFileSync(file(), '')
    },
    [/mailsage\.db is empty, but its log/, /put a backup in its place/],
  ],
  [
    'of 0 bytes',
    () => damages['of 0 bytes'](file()),
    [/mailsage\.db is empty \(0 bytes\)/, /backup/, /To start with an empty database, delete/],
  ],
  [
    'of zeros',
    () => damages['of zeros'](file()),
    [/mailsage\.db is not a database/, /sqlite3 mailsage\.db \.recover/],
  ],
  ['of random bytes', () => damages['of random bytes'](file()), [/mailsage\.db is not a database/]],
  [
    'cut in half',
    () => damages['cut in half'](file()),
    [/mailsage\.db is damaged/, /put a backup in its place/, /sqlite3 mailsage\.db \.recover/],
  ],
  ['that is a folder', () => damages['that is a folder'](file()), [/mailsage\.db is not a file/]],
  [
    'damaged after its first bytes',
    () => {
      const bytes = readFileSync(file())
      writeFileSync(file(), bytes.fill(0x5a, 100))
    },
    [/mailsage\.db is damaged/, /sqlite3 mailsage\.db \.recover/],
  ],
  [
    'of a newer version',
    () => {
      const database = new Sqlite(file())
      database.pragma(`user_version = ${schemaVersion + 1}`)
      database.close()
    },
    [/newer MailSage/, /Update MailSage/],
  ],
]

describe('A start with a damaged mailsage.db', () => {
  it.each(cases)(
    'A start is refused, with the file and the remedy, over a mailsage.db %s',
    async (_, damage, sentences) => {
      damage()
      const before = readdirSync(folder)
      const refusal = await start().then(
        async (server) => {
          await server.close()
          return null
        },
        (error: Error) => error,
      )
      expect(refusal?.name).toBe('StartRefused')
      for (const sentence of sentences) expect(refusal?.message).toMatch(sentence)
      expect(refusal?.message).not.toMatch(/SQLITE_|ENOENT|EACCES|EISDIR|ENOTDIR|\n/)
      // No file was created or deleted, so that the advice can be followed.
      expect(readdirSync(folder).filter((name) => name !== 'lock')).toEqual(
        before.filter((name) => name !== 'lock'),
      )
    },
  )

  it('A process with a mailsage.db of zeros prints one sentence and no stack', async () => {
    damages['of zeros'](file())
    const { code, output } = await startRefused(folder)
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(output).toContain(`${file()} is not a database`)
  })
})

it('A start succeeds after a first start that was killed before its first write', async () => {
  for (const name of readdirSync(folder)) rmSync(file(name))
  writeFileSync(file(), '')
  await (await start()).close()
})

it('A file in place of the data folder or a parent folder is named', async () => {
  const inTheWay = join(folder, 'file')
  writeFileSync(inTheWay, '')
  for (const path of [inTheWay, join(inTheWay, 'data', 'mailsage')]) {
    folder = path
    await expect(start()).rejects.toThrow(`${inTheWay} is a file`)
  }
})

/** Root has every permission, so these tests start as the user nobody. */
describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'A start without permission',
  () => {
    const nobody = 65_534
    const entry = join(import.meta.dirname, '../../src-main/headless.ts')
    const startAsNobody = (environment: NodeJS.ProcessEnv = {}) =>
      spawnSync(process.execPath, [entry], {
        uid: nobody,
        gid: nobody,
        encoding: 'utf8',
        timeout: 15_000,
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          MAILSAGE_DATA: folder,
          MAILSAGE_HTTP_PORT: '0',
          MAILSAGE_SMTP_PORT: '0',
          ...environment,
        },
      })

    function giveAway(): void {
      chownSync(folder, nobody, nobody)
      for (const name of readdirSync(folder)) chownSync(file(name), nobody, nobody)
    }

    it.each<readonly [string, () => void]>([
      ['the folder is read-only', () => chmodSync(folder, 0o500)],
      ['the database is read-only', () => chmodSync(file(), 0o400)],
      ['the database is unreadable', () => chmodSync(file(), 0o000)],
      ['the database belongs to root', () => chownSync(file(), 0, 0)],
    ])('A start is refused with a sentence when %s', (_, forbid) => {
      giveAway()
      forbid()
      const { status, stdout, stderr } = startAsNobody()
      expect([status, stdout]).toEqual([1, ''])
      expect(stderr.trim().split('\n')).toEqual([
        expect.stringMatching(new RegExp(`^The data folder ${folder} cannot be written`)),
      ])
      expect(stderr).toContain('Make the folder and every file in it writable')
      expect(stderr).toContain('or choose another folder with MAILSAGE_DATA')
    })

    it.each<readonly [string, () => NodeJS.ProcessEnv]>([
      ['HOME is read-only', () => ({ HOME: folder, MAILSAGE_DATA: '' })],
      ['HOME does not exist', () => ({ HOME: '/nonexistent', MAILSAGE_DATA: '' })],
      ['a parent folder is read-only', () => ({ MAILSAGE_DATA: join(folder, 'a', 'b') })],
      ['the file system takes no folders', () => ({ MAILSAGE_DATA: '/proc/a/b' })],
    ])(
      'A start that cannot make its folder is refused with a sentence when %s',
      (_, environment) => {
        chmodSync(folder, 0o555)
        const { status, stdout, stderr } = startAsNobody(environment())
        expect([status, stdout]).toEqual([1, ''])
        expect(stderr.trim().split('\n')).toEqual([
          expect.stringMatching(
            /^The data folder \/.+ cannot be created: \/\S* accepts no new folder/,
          ),
        ])
        expect(stderr).toContain('Choose another folder with MAILSAGE_DATA')
      },
    )
  },
)
