import { Archive, ArchiveRestore, Copy, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Template } from '../../../src-main/contract/templates.ts'
import { go, routeHash } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatDistance, formatExact } from '../../ui/format.ts'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { templatesLabels } from './labels.ts'
import { beginTask, duplicateTemplate, setArchived } from './templates-store.ts'

export function TemplateRow({ template }: { template: Template }) {
  const { id, name, subject, engine, variables, version, active } = template
  return (
    <tr className="relative h-12 border-line border-t hover:bg-hover">
      <td className="py-1 pr-3 pl-4">
        <div className="flex items-center gap-2">
          <a
            href={routeHash('templates', id)}
            data-template={id}
            title={name}
            className={`truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-sage ${active ? '' : 'text-ink-muted'}`}
          >
            {name}
          </a>
          {!active && <Badge>{templatesLabels.archived}</Badge>}
        </div>
        <p title={subject} className="truncate text-ink-muted text-sm">
          {subject || templatesLabels.noSubject}
        </p>
      </td>
      <Cell className="@max-xl:hidden">{templatesLabels.engines[engine]}</Cell>
      <td className="figures @max-3xl:hidden px-3 text-right text-ink-muted">
        <span className="relative z-10" title={variables.join(', ')}>
          {variables.length}
        </span>
      </td>
      <td className="figures @max-xl:hidden px-3 text-right text-ink-muted">v{version}</td>
      <Cell className="@max-3xl:hidden">
        <When at={template.last_used_at} />
      </Cell>
      <Cell className="@max-sm:hidden">
        <When at={template.updated_at} />
      </Cell>
      <td className="w-11 pr-2 text-right">
        <Actions template={template} />
      </td>
    </tr>
  )
}

/** The narrow list drops columns, so that names keep their width. */
function Cell({ className, children }: { className: string; children: ReactNode }) {
  return <td className={`truncate px-3 text-ink-muted ${className}`}>{children}</td>
}

function When({ at }: { at: string | null }) {
  if (at === null) return <span className="text-ink-faint">{templatesLabels.row.never}</span>
  return (
    <Tooltip label={formatExact(at)}>
      <span className="relative z-10">{formatDistance(at)}</span>
    </Tooltip>
  )
}

function Actions({ template }: { template: Template }) {
  const { id, name, active } = template
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={templatesLabels.row.menu(name)}
          className="relative z-10 inline-flex size-7 items-center justify-center rounded-md text-ink-muted hover:bg-line hover:text-ink data-[state=open]:bg-line"
        >
          <Ellipsis aria-hidden size={15} strokeWidth={1.75} />
        </button>
      }
    >
      <MenuItem icon={Pencil} onSelect={() => go('templates', id)}>
        {templatesLabels.row.edit}
      </MenuItem>
      <MenuItem icon={Copy} onSelect={() => void duplicateTemplate(template)}>
        {templatesLabels.row.duplicate}
      </MenuItem>
      <MenuItem
        icon={active ? Archive : ArchiveRestore}
        onSelect={() => void setArchived(template, active)}
      >
        {active ? templatesLabels.row.archive : templatesLabels.row.activate}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={Trash2} danger onSelect={() => beginTask({ type: 'delete', template })}>
        {templatesLabels.row.delete}
      </MenuItem>
    </Menu>
  )
}
