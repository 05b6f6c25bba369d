import { Plus, TriangleAlert, X } from 'lucide-react'
import { type FormEvent, useMemo, useState } from 'react'
import type { Template, TemplateEngine } from '../../../src-main/contract/templates.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import type { Draft } from './drafts.ts'
import { changeDraft } from './editor-store.ts'
import { templatesLabels } from './labels.ts'
import { compareVariables, variablesOf } from './template-variables.ts'

/** Unused and undeclared variables of all parts. */
export function compareDraft(engine: TemplateEngine, { subject, html, text, variables }: Draft) {
  return compareVariables(variables, variablesOf(engine, `${subject}\n${html}\n${text}`))
}

const validName = /^[A-Za-z_][\w.-]{0,99}$/

export function VariablesPanel({ template, draft }: { template: Template; draft: Draft }) {
  const { unused, undeclared } = useMemo(
    () => compareDraft(template.engine, draft),
    [template.engine, draft],
  )
  const declare = (...names: readonly string[]) =>
    changeDraft({ variables: [...new Set([...draft.variables, ...names])].slice(0, 100) })
  return (
    <div className="min-h-0 flex-1 space-y-4 overflow-y-auto p-4">
      <p className="text-ink-muted">
        {templatesLabels.variablesPanel.intro}{' '}
        <code className="text-sm">template_variable_error</code>
        {templatesLabels.variablesPanel.introEnd}
      </p>
      {undeclared.length > 0 && (
        <Note tone="warn" icon={TriangleAlert}>
          <div className="flex items-start gap-3">
            <p className="min-w-0 flex-1">
              {templatesLabels.variablesPanel.undeclared}{' '}
              <span className="font-mono text-sm">{undeclared.join(', ')}</span>
            </p>
            <Button onClick={() => declare(...undeclared)}>
              {templatesLabels.variablesPanel.declare}
            </Button>
          </div>
        </Note>
      )}
      <AddVariable taken={draft.variables} onAdd={declare} />
      {draft.variables.length > 0 && (
        <ul
          aria-label={templatesLabels.variablesPanel.list}
          className="rounded-lg border border-line"
        >
          {draft.variables.map((name) => (
            <li
              key={name}
              className="flex h-9 items-center gap-2 border-line border-b pr-1 pl-3 last:border-b-0"
            >
              <code title={name} className="min-w-0 flex-1 truncate text-sm">
                {name}
              </code>
              {unused.includes(name) ? (
                <Badge tone="warn">{templatesLabels.variablesPanel.unused}</Badge>
              ) : (
                <span className="text-ink-faint text-sm">
                  {templatesLabels.variablesPanel.required}
                </span>
              )}
              <IconButton
                icon={X}
                label={templatesLabels.variablesPanel.remove(name)}
                onClick={() =>
                  changeDraft({ variables: draft.variables.filter((other) => other !== name) })
                }
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

type AddVariableProps = { taken: readonly string[]; onAdd: (name: string) => void }

function AddVariable({ taken, onAdd }: AddVariableProps) {
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!validName.test(name)) {
      setProblem(templatesLabels.variablesPanel.invalidName)
    } else if (taken.includes(name)) {
      setProblem(templatesLabels.variablesPanel.taken(name))
    } else {
      onAdd(name)
      setName('')
    }
  }

  return (
    <form onSubmit={submit} noValidate>
      <Field label={templatesLabels.variablesPanel.add} error={problem}>
        {(control) => (
          <div className="flex gap-2">
            <TextInput
              {...control}
              value={name}
              maxLength={100}
              placeholder="user.name"
              className="h-7! font-mono text-sm"
              onChange={(event) => {
                setName(event.target.value)
                setProblem(null)
              }}
            />
            <Button type="submit" icon={Plus}>
              {templatesLabels.variablesPanel.declare}
            </Button>
          </div>
        )}
      </Field>
    </form>
  )
}
