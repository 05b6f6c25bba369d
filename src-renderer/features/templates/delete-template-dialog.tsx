import type { Template } from '../../../src-main/contract/templates.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { formatDistance } from '../../ui/format.ts'
import { toast } from '../../ui/toasts.tsx'
import { deleteTemplate, endTask } from './templates-store.ts'

export function DeleteTemplateDialog({ template }: { template: Template }) {
  const { name, id, version, last_used_at: usedAt } = template
  return (
    <Confirm
      open
      onClose={endTask}
      title={`Delete “${name}”?`}
      action="Delete template"
      onConfirm={async () => {
        await deleteTemplate(template)
        toast(`“${name}” is deleted`)
      }}
    >
      <p>
        Apps that send <code className="text-sm">{name}</code> or{' '}
        <code className="break-all text-sm">{id}</code> are refused at once. Its {version}{' '}
        {version === 1 ? 'version' : 'versions'} and its data sets go with it. This cannot be
        undone; archiving can.
      </p>
      <p className="text-ink">
        {usedAt === null
          ? 'It was never used.'
          : `Last used ${formatDistance(usedAt)}. Messages made of it stay.`}
      </p>
    </Confirm>
  )
}
