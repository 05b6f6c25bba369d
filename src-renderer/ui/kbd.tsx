import { keyLabel } from './hotkeys.ts'

export function Kbd({ shortcut }: { shortcut: string }) {
  return (
    <span className="flex gap-1">
      {keyLabel(shortcut).map((key) => (
        <kbd
          key={key}
          className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm border border-line-strong bg-sunken px-1 font-sans text-xs text-ink-muted"
        >
          {key}
        </kbd>
      ))}
    </span>
  )
}
