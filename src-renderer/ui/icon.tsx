import type { LucideIcon } from 'lucide-react'

/** Every icon has the same stroke; beside text it says nothing of its own. */
export function Icon({ of: Shape, size = 15, className }: IconProps) {
  return <Shape aria-hidden size={size} strokeWidth={1.75} className={className ?? ''} />
}

type IconProps = { of: LucideIcon; size?: number; className?: string }
