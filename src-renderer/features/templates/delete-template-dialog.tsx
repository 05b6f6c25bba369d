import type { Template } from '../../../src-main/contract/templates.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { formatDistance } from '../../ui/format.ts'
import { toast } from '../../ui/toasts.tsx'
import { templatesLabels } from './labels.ts'
import { deleteTemplate, endTask } from './templates-store.ts'

export function DeleteTemplateDialog({ template }: { template: Template }) {
  const { name, id, version, last_used_at: usedAt } = template
  return (
    <Confirm
      open
      onClose={endTask}
      title={templatesLabels.delete.title(name)}
      action={templatesLabels.delete.action}
      onConfirm={async () => {
        await deleteTemplate(template)
        toast(templatesLabels.delete.done(name))
      }}
    >
      <p>
        {templatesLabels.delete.sending} <code className="text-sm">{name}</code>{' '}
        {templatesLabels.delete.or} <code className="break-all text-sm">{id}</code>{' '}
        {templatesLabels.delete.refused(version)}
      </p>
      <p className="text-ink">
        {usedAt === null
          ? templatesLabels.delete.neverUsed
          : templatesLabels.delete.lastUsed(formatDistance(usedAt))}
      </p>
    </Confirm>
  )
}
