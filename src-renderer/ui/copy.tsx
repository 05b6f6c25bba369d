import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { copyText } from './clipboard.ts'
import { uiLabels } from './labels.ts'
import { Tooltip } from './tooltip.tsx'

const shownMs = 1600

function useCopied(): [boolean, (text: string) => Promise<void>] {
  const [copiedAt, setCopiedAt] = useState(0)
  useEffect(() => {
    if (copiedAt === 0) return
    const timer = setTimeout(() => setCopiedAt(0), shownMs)
    return () => clearTimeout(timer)
  }, [copiedAt])
  return [
    copiedAt !== 0,
    async (text) => {
      if (await copyText(text)) setCopiedAt(Date.now())
    },
  ]
}

type CopyProps = { text: string; label?: string }

export function CopyIcon({ text, label = uiLabels.copy }: CopyProps) {
  const [copied, copy] = useCopied()
  return (
    <IconButton
      icon={copied ? Check : Copy}
      label={copied ? uiLabels.copied : label}
      onClick={() => copy(text)}
      className={copied ? 'text-sage-ink' : ''}
    />
  )
}

type CopyButtonProps = CopyProps & { look?: 'primary' | 'secondary'; onCopied?: () => void }

export function CopyButton({
  text,
  label = uiLabels.copy,
  look = 'secondary',
  onCopied,
}: CopyButtonProps) {
  const [copied, copy] = useCopied()
  return (
    <Button
      look={look}
      icon={copied ? Check : Copy}
      className="min-w-24"
      onClick={async () => {
        await copy(text)
        onCopied?.()
      }}
    >
      <span aria-live="polite">{copied ? uiLabels.copied : label}</span>
    </Button>
  )
}

/** Text that is copied on click. */
export function CopyText({
  text,
  hint,
  children,
}: {
  text: string
  hint?: string
  children: ReactNode
}) {
  const [copied, copy] = useCopied()
  return (
    <Tooltip label={copied ? uiLabels.copied : (hint ?? uiLabels.clickToCopy)}>
      <button
        type="button"
        onClick={(event) => {
          event.preventDefault()
          void copy(text)
        }}
        className="-mx-1 max-w-[calc(100%+8px)] truncate rounded-sm px-1 text-left hover:bg-hover"
      >
        {children}
      </button>
    </Tooltip>
  )
}
