import { KeyRound, Mail } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Command } from '../../app/commands.ts'
import { request } from '../../app/request.ts'
import { go } from '../../app/router.ts'
import { frameLabels } from './labels.ts'

const debounceMs = 120
const maxMessages = 6
const maxKeys = 4

/** Messages and keys that match the text, as commands that open them. */
export function useSearchResults(text: string): readonly Command[] {
  const [results, setResults] = useState<readonly Command[]>([])
  const query = text.trim()
  useEffect(() => {
    const controller = new AbortController()
    if (query.length < 2) setResults([])
    const timer = setTimeout(() => {
      if (query.length < 2) return
      // Text that is not a valid search query has no results; the commands still match.
      Promise.all([
        findMessages(query, controller.signal).catch(() => []),
        findKeys(query, controller.signal).catch(() => []),
      ]).then(([messages, keys]) => {
        if (!controller.signal.aborted) setResults([...messages, ...keys])
      })
    }, debounceMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [query])
  return results
}

async function findMessages(query: string, signal: AbortSignal): Promise<readonly Command[]> {
  const { data } = await request('GET /v1/inbox', { query: { query, limit: maxMessages }, signal })
  return data.map(({ id, subject, from }) => ({
    id: `message ${id}`,
    label: frameLabels.messageResult(subject, from.name ?? from.address),
    group: frameLabels.results,
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
      label: frameLabels.keyResult(name, mode),
      group: frameLabels.results,
      icon: KeyRound,
      run: () => go('keys', id),
    }))
}
