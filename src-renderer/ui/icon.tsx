import type { LucideIcon } from 'lucide-react'

/** A decorative icon; the text or label beside it carries the meaning. */
export function Icon({ of: Shape, size = 15, className }: IconProps) {
  return <Shape aria-hidden size={size} strokeWidth={1.75} className={className ?? ''} />
}

type IconProps = { of: LucideIcon; size?: number; className?: string }
