import { expect, it } from 'vitest'
import { openReadOnly } from '../../src-main/storage/database.ts'
import { openStorage } from './open-storage.ts'

function openCounting() {
  const storage = openStorage()
  const { database, folder } = storage
  database.exec('CREATE TABLE things (name TEXT PRIMARY KEY) STRICT')
  const insert = database.prepare<[string]>('INSERT INTO things (name) VALUES (?)')
  const other = openReadOnly(folder)
  const names = other.prepare<[], string>('SELECT name FROM things ORDER BY name').pluck()
  return {
    ...storage,
    add: (name: string) => void insert.run(name),
    /** The committed rows, read by another connection. */
    committed(): string[] {
      return names.all()
    },
  }
}

it('A promise settles after its work is committed, with its value', async () => {
  const { queue, add, committed } = openCounting()
  const written = queue.write(() => {
    add('a')
    expect(committed()).toEqual([])
    return 42
  })
  expect(await written).toBe(42)
  expect(committed()).toEqual(['a'])
})

it('Work of the same turn commits together, in order', async () => {
  const { queue, add, committed } = openCounting()
  const order: string[] = []
  const names = ['c', 'a', 'b']
  await Promise.all(
    names.map((name) =>
      queue.write(() => {
        // No reader sees a part of the group.
        expect(committed()).toEqual([])
        order.push(name)
        add(name)
      }),
    ),
  )
  expect(order).toEqual(names)
  expect(committed()).toEqual(['a', 'b', 'c'])
})

it.each([
  'write',
  // A write without checks can also fail.
  'writeUnchecked',
] as const)(
  '%s: work that fails loses its own writes and events, and other work keeps its own',
  async (write) => {
    const { queue, add, committed, eventLog } = openCounting()
    const work = (name: string) =>
      queue[write]((transaction) => {
        add(name)
        transaction.append({ type: 'captured', data: { name } })
        if (name === 'bad') throw new Error('It went wrong')
      })
    const results = await Promise.allSettled(['one', 'bad', 'two', 'two', 'three'].map(work))
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      // The second “two” breaks the primary key.
      'rejected',
      'fulfilled',
    ])
    expect(committed()).toEqual(['one', 'three', 'two'])
    expect(eventLog.read(0, 100).map(({ data }) => data.name)).toEqual(['one', 'two', 'three'])
  },
)

it('Events get their numbers in the order of the commits', async () => {
  const { queue, eventLog } = openCounting()
  const append = () => queue.write((transaction) => transaction.append({ type: 'request' }))
  await Promise.all(Array.from({ length: 50 }, append))
  const seqs = eventLog.read(0, 100).map(({ seq }) => seq)
  expect(seqs).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
})

it('Listeners are called once after each commit with events, after the promises', async () => {
  const { queue, add } = openCounting()
  const heard: string[] = []
  const stop = queue.onEvents(() => heard.push('events'))
  await queue.write(() => add('silent'))
  expect(heard).toEqual([])
  const loud = (name: string) =>
    queue.write((transaction) => transaction.append({ type: 'captured', data: { name } }))
  await Promise.all([loud('a'), loud('b')])
  expect(heard).toEqual(['events'])
  stop()
  await loud('c')
  expect(heard).toEqual(['events'])
})

it('Work that queues more work has it in the next commit', async () => {
  const { queue, add, committed } = openCounting()
  let later: Promise<void> | undefined
  await queue.write(() => {
    add('first')
    later = queue.write(() => add('second'))
  })
  await later
  expect(committed()).toEqual(['first', 'second'])
})

it('A failed commit rejects every promise of its batch', async () => {
  const { queue, database, add, committed } = openCounting()
  // A constraint that is checked only when the transaction commits.
  database.exec(`
    CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE children (
      parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED
    ) STRICT;
  `)
  const orphan = () => void database.prepare('INSERT INTO children VALUES (1)').run()
  const results = await Promise.allSettled([queue.write(() => add('a')), queue.write(orphan)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(committed()).toEqual([])
  await queue.write(() => add('b'))
  expect(committed()).toEqual(['b'])
})

it('Closing commits the queued work and accepts no more', async () => {
  const { queue, add, committed } = openCounting()
  const last = queue.write(() => add('last'))
  queue.close()
  await last
  expect(committed()).toEqual(['last'])
  await expect(queue.write(() => add('late'))).rejects.toThrow('closed')
})
