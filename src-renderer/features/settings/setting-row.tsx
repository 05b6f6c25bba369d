import type { ReactNode } from 'react'

type SettingRowProps = { id?: string; name: string; note?: ReactNode; children: ReactNode }

/** A setting with its name, description and control. */
export function SettingRow({ id, name, note, children }: SettingRowProps) {
  return (
    <div className="flex min-h-13 items-center gap-6 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1">
        {id ? (
          <label htmlFor={id} className="font-medium">
            {name}
          </label>
        ) : (
          <span className="font-medium">{name}</span>
        )}
        {note && <p className="wrap-anywhere text-ink-muted text-sm">{note}</p>}
      </div>
      {children}
    </div>
  )
}
