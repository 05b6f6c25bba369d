import { useMemo } from 'react'
import { copyText } from '../../../ui/clipboard.ts'
import { toast } from '../../../ui/toasts.tsx'
import { useMessage } from '../message-store.ts'
import { type Link, mainLinkOf } from './link-judgement.ts'

type Extracted = { readonly codes: readonly string[]; readonly link: Link | null }

const nothing: Extracted = { codes: [], link: null }

/** What the open message asks its reader to type or to press. */
export function useExtracted(): Extracted {
  const extract = useMessage((state) => state.extract)
  return useMemo(() => {
    if (extract.status !== 'ready') return nothing
    const { codes, links } = extract.value
    return { codes, link: mainLinkOf(links) }
  }, [extract])
}

export async function copyCode(code: string): Promise<void> {
  if (await copyText(code)) toast(`Code ${code} copied`)
}

/** In a window of its own; the desktop asks before it hands it to the browser. */
export function openLink(url: string): void {
  window.open(url, '_blank', 'noopener,noreferrer')
}
