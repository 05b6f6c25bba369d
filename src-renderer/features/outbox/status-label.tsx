import { classes } from '../../ui/classes.ts'
import { Icon } from '../../ui/icon.tsx'
import { statusLabels } from './labels.ts'
import { type StatusName, statusIcons } from './outbox-icons.ts'

export function StatusLabel({ of, className }: { of: StatusName; className?: string }) {
  const { icon, ink } = statusIcons[of]
  return (
    <span className={classes('inline-flex items-center gap-1.5 whitespace-nowrap', ink, className)}>
      <Icon of={icon} size={14} className="shrink-0" />
      {statusLabels[of]}
    </span>
  )
}
