import { expect, it } from 'vitest'
import { storageFault } from '../../src-main/storage/storage-faults.ts'

// This machine has free space and permission, so only the error codes count.
const folder = import.meta.dirname
const coded = (code: string, more = {}) =>
  Object.assign(new Error(`raw ${code}`), { code, ...more })

it.each([
  ['SQLITE_FULL', 'storage_full', /is full: \d+ KiB are free.*delete messages/],
  ['SQLITE_BUSY', 'storage_busy', /Another program holds a lock.*Close that program/],
  ['SQLITE_BUSY_RECOVERY', 'storage_busy', /Another program holds a lock/],
  ['SQLITE_LOCKED', 'storage_busy', /Another program holds a lock/],
  ['SQLITE_CORRUPT', 'storage_damaged', /mailsage\.db is damaged.*backup.*\.recover/],
  ['SQLITE_CORRUPT_INDEX', 'storage_damaged', /mailsage\.db is damaged/],
  ['SQLITE_NOTADB', 'storage_damaged', /mailsage\.db is damaged/],
  ['SQLITE_IOERR_WRITE', 'storage_unavailable', /reports an error.*Check the disk/],
  ['SQLITE_IOERR_FSYNC', 'storage_unavailable', /reports an error/],
  ['SQLITE_CANTOPEN', 'storage_unavailable', /reports an error/],
  ['SQLITE_READONLY', 'storage_unavailable', /cannot be written.*writable/],
  ['SQLITE_READONLY_DBMOVED', 'storage_unavailable', /cannot be written/],
])('%s is %s, in a sentence that names the folder', (code, fault, sentence) => {
  const found = storageFault(coded(code), folder)
  expect(found?.code).toBe(fault)
  expect(found?.message).toMatch(sentence)
  expect(found?.message).toContain(folder)
  expect(found?.message).not.toMatch(/SQLITE|raw/)
})

it.each([
  ['ENOSPC', 'storage_full'],
  ['EDQUOT', 'storage_full'],
  ['EROFS', 'storage_unavailable'],
  ['EIO', 'storage_unavailable'],
  ['EACCES', 'storage_unavailable'],
])(
  '%s of a file in the data folder is %s, and of another file is no storage error',
  (code, fault) => {
    const at = (path: string) => storageFault(coded(code, { path, syscall: 'open' }), folder)
    expect(at(`${folder}/settings.json.new`)?.code).toBe(fault)
    expect(at('/elsewhere/settings.json')).toBeNull()
    expect(at('')).toBeNull()
  },
)

it('An error that is not from storage stays unchanged', () => {
  for (const error of [new TypeError('x'), coded('SQLITE_CONSTRAINT'), coded('ECONNRESET')]) {
    expect(storageFault(error, folder)).toBeNull()
  }
})
