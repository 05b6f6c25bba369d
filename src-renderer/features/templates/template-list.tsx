import { LayoutTemplate, Plus, SearchX } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { type Command, useCommands } from '../../app/commands.ts'
import { go } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { Empty, Failure } from '../../ui/notice.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { CreateTemplateDialog } from './create-template-dialog.tsx'
import { DeleteTemplateDialog } from './delete-template-dialog.tsx'
import { templatesLabels } from './labels.ts'
import { TemplateRow } from './template-row.tsx'
import {
  beginTask,
  filterTemplates,
  loadMoreTemplates,
  loadTemplates,
  useTemplates,
  useTemplateTask,
} from './templates-store.ts'

const create = () => beginTask({ type: 'create' })

export function TemplateList() {
  const { templates, search, shown } = useTemplates()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => void loadTemplates(), [])
  useHotkeys({
    c: create,
    '/': () => field.current?.select(),
    j: () => moveFocus(1),
    arrowdown: () => moveFocus(1),
    k: () => moveFocus(-1),
    arrowup: () => moveFocus(-1),
  })
  useListCommands()
  return (
    <Page
      title={templatesLabels.list.title}
      width="wide"
      actions={
        <Tooltip label={templatesLabels.createTemplate} shortcut="c">
          <Button look="primary" icon={Plus} onClick={create}>
            {templatesLabels.createTemplate}
          </Button>
        </Tooltip>
      }
    >
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <p className="min-w-0 basis-full text-ink-muted lg:flex-1 lg:basis-0">
          {templatesLabels.list.intro}
        </p>
        <SearchField
          ref={field}
          label={templatesLabels.list.search}
          placeholder={templatesLabels.list.searchPlaceholder}
          value={search}
          onChange={(event) => filterTemplates({ search: event.target.value })}
          onClear={() => filterTemplates({ search: '' })}
          className="min-w-36 flex-1 lg:w-52 lg:flex-none"
        />
        <Segmented
          label={templatesLabels.list.filter}
          value={shown}
          onChange={(next) => filterTemplates({ shown: next })}
          options={[
            { value: 'all', label: templatesLabels.list.all },
            { value: 'active', label: templatesLabels.list.active },
            { value: 'archived', label: templatesLabels.archived },
          ]}
        />
      </div>
      {templates.status === 'failed' && (
        <Failure failure={templates.failure} onRetry={loadTemplates} />
      )}
      {templates.status === 'loading' && (
        <Card>
          <SkeletonRows count={5} height={48} />
        </Card>
      )}
      {templates.status === 'ready' && <Rows />}
      <Task />
    </Page>
  )
}

function Rows() {
  const { templates, search, shown } = useTemplates()
  if (templates.status !== 'ready') return null
  const { rows, total } = templates.value
  if (rows.length === 0) {
    return (
      <Card>
        <EmptyList search={search} isFiltered={shown !== 'all'} />
      </Card>
    )
  }
  return (
    <>
      <Card>
        <table className="w-full table-fixed text-left">
          <thead>
            <tr className="h-9 bg-sunken text-ink-faint text-sm [&>th]:font-medium">
              <th className="pr-3 pl-4">{templatesLabels.list.nameColumn}</th>
              <th className="@max-xl:hidden w-28 px-3">{templatesLabels.list.engine}</th>
              <th className="@max-3xl:hidden w-24 px-3 text-right">{templatesLabels.variables}</th>
              <th className="@max-xl:hidden w-20 px-3 text-right">
                {templatesLabels.list.version}
              </th>
              <th className="@max-3xl:hidden w-28 px-3">{templatesLabels.list.lastUsed}</th>
              <th className="@max-sm:hidden w-28 px-3">{templatesLabels.list.updated}</th>
              <th className="w-11">
                <span className="sr-only">{templatesLabels.list.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((template) => (
              <TemplateRow key={template.id} template={template} />
            ))}
          </tbody>
        </table>
      </Card>
      {rows.length < total && (
        <div className="mt-3 flex items-center justify-center gap-3 text-ink-muted">
          <span className="figures">{templatesLabels.list.shown(rows.length, total)}</span>
          <Button onClick={loadMoreTemplates}>{templatesLabels.list.more}</Button>
        </div>
      )}
    </>
  )
}

function EmptyList({ search, isFiltered }: { search: string; isFiltered: boolean }) {
  if (search !== '') {
    return (
      <Empty icon={SearchX} title={templatesLabels.list.noMatch}>
        {templatesLabels.list.noMatchFor(search)}
      </Empty>
    )
  }
  if (isFiltered) return <Empty icon={LayoutTemplate} title={templatesLabels.list.noneHere} />
  return (
    <Empty icon={LayoutTemplate} title={templatesLabels.list.empty}>
      <p>{templatesLabels.list.emptyHint}</p>
      <Button look="primary" icon={Plus} onClick={create} className="mt-4">
        {templatesLabels.list.createFirst}
      </Button>
    </Empty>
  )
}

function Task() {
  const task = useTemplateTask()
  if (task?.type === 'create') return <CreateTemplateDialog />
  return task?.type === 'delete' ? <DeleteTemplateDialog template={task.template} /> : null
}

function moveFocus(by: number): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-template]')]
  const { activeElement } = document
  const at = activeElement instanceof HTMLElement ? links.indexOf(activeElement) : -1
  links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))]?.focus()
}

function useListCommands(): void {
  const templates = useTemplates((state) => state.templates)
  const commands = useMemo<readonly Command[]>(() => {
    const rows = templates.status === 'ready' ? templates.value.rows : []
    return [
      {
        id: 'template-create',
        label: templatesLabels.createTemplate,
        group: templatesLabels.list.title,
        icon: Plus,
        shortcut: 'c',
        run: create,
      },
      ...rows.slice(0, 30).map(({ id, name, subject }) => ({
        id: `template-open-${id}`,
        label: templatesLabels.list.openCommand(name),
        group: templatesLabels.list.title,
        icon: LayoutTemplate,
        keywords: subject,
        run: () => go('templates', id),
      })),
    ]
  }, [templates])
  useCommands(commands)
}
