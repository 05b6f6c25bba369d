import { useMemo } from 'react'
import { copyText } from '../../../ui/clipboard.ts'
import { toast } from '../../../ui/toasts.tsx'
import { openMessageLabels } from '../labels.ts'
import { useMessage } from '../message-store.ts'
import { type Link, mainLinkOf } from './link-analysis.ts'

type Extracted = { readonly codes: readonly string[]; readonly link: Link | null }

const emptyExtract: Extracted = { codes: [], link: null }

/** One-time codes and the main link of the open message. */
export function useExtracted(): Extracted {
  const extract = useMessage((state) => state.extract)
  return useMemo(() => {
    if (extract.status !== 'ready') return emptyExtract
    const { codes, links } = extract.value
    return { codes, link: mainLinkOf(links) }
  }, [extract])
}

export async function copyCode(code: string): Promise<void> {
  if (await copyText(code)) toast(openMessageLabels.codeCopied(code))
}

/** Opens a new window. The desktop app asks first, then opens the browser. */
export function openLink(url: string): void {
  window.open(url, '_blank', 'noopener,noreferrer')
}
