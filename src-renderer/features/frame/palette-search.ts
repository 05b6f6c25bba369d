import { KeyRound, Mail } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Command } from '../../app/commands.ts'
import { request } from '../../app/request.ts'
import { go } from '../../app/router.ts'

const pauseMs = 120
const maxMessages = 6
const maxKeys = 4

/** Messages and keys that a text finds, as things to go to. */
export function useFound(text: string): readonly Command[] {
  const [found, setFound] = useState<readonly Command[]>([])
  const query = text.trim()
  useEffect(() => {
    const asked = new AbortController()
    if (query.length < 2) setFound([])
    const timer = setTimeout(() => {
      if (query.length < 2) return
      // A text that is no search finds nothing; the palette has other things to offer.
      Promise.all([
        findMessages(query, asked.signal).catch(() => []),
        findKeys(query, asked.signal).catch(() => []),
      ]).then(([messages, keys]) => {
        if (!asked.signal.aborted) setFound([...messages, ...keys])
      })
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      asked.abort()
    }
  }, [query])
  return found
}

async function findMessages(query: string, signal: AbortSignal): Promise<readonly Command[]> {
  const { data } = await request('GET /v1/inbox', { query: { query, limit: maxMessages }, signal })
  return data.map(({ id, subject, from }) => ({
    id: `message ${id}`,
    label: `${subject || 'No subject'} — ${from.name ?? from.address}`,
    group: 'Found',
    icon: Mail,
    run: () => go('inbox', id),
  }))
}

async function findKeys(query: string, signal: AbortSignal): Promise<readonly Command[]> {
  const { data } = await request('GET /v1/api-keys', { signal })
  const wanted = query.toLowerCase()
  return data
    .filter(({ name, id, prefix }) => `${name} ${id} ${prefix}`.toLowerCase().includes(wanted))
    .slice(0, maxKeys)
    .map(({ id, name, mode }) => ({
      id: `key ${id}`,
      label: `${name} — ${mode} key`,
      group: 'Found',
      icon: KeyRound,
      run: () => go('keys', id),
    }))
}
