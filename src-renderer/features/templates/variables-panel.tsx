import { Plus, TriangleAlert, X } from 'lucide-react'
import { type FormEvent, useMemo, useState } from 'react'
import type { Template, TemplateEngine } from '../../../src-main/contract/templates.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Note } from '../../ui/notice.tsx'
import type { Draft } from './drafts.ts'
import { changeDraft } from './editor-store.ts'
import { judge, variablesOf } from './template-variables.ts'

/** Unused and undeclared variables over all parts. */
export function judgeDraft(engine: TemplateEngine, { subject, html, text, variables }: Draft) {
  return judge(variables, variablesOf(engine, `${subject}\n${html}\n${text}`))
}

const validName = /^[A-Za-z_][\w.-]{0,99}$/

export function VariablesPanel({ template, draft }: { template: Template; draft: Draft }) {
  const { unused, undeclared } = useMemo(
    () => judgeDraft(template.engine, draft),
    [template.engine, draft],
  )
  const declare = (...names: readonly string[]) =>
    changeDraft({ variables: [...new Set([...draft.variables, ...names])].slice(0, 100) })
  return (
    <div className="min-h-0 flex-1 space-y-4 overflow-y-auto p-4">
      <p className="text-ink-muted">
        A declared variable must come with every send; one that is missing is refused with{' '}
        <code className="text-sm">template_variable_error</code> before anything leaves.
      </p>
      {undeclared.length > 0 && (
        <Note tone="warn" icon={TriangleAlert}>
          <div className="flex items-start gap-3">
            <p className="min-w-0 flex-1">
              Used and not declared, so a send without {undeclared.length === 1 ? 'it' : 'them'}{' '}
              leaves a gap: <span className="font-mono text-sm">{undeclared.join(', ')}</span>
            </p>
            <Button onClick={() => declare(...undeclared)}>Declare</Button>
          </div>
        </Note>
      )}
      <AddVariable taken={draft.variables} onAdd={declare} />
      {draft.variables.length > 0 && (
        <ul aria-label="Declared variables" className="rounded-lg border border-line">
          {draft.variables.map((name) => (
            <li
              key={name}
              className="flex h-9 items-center gap-2 border-line border-b pr-1 pl-3 last:border-b-0"
            >
              <code title={name} className="min-w-0 flex-1 truncate text-sm">
                {name}
              </code>
              {unused.includes(name) ? (
                <Badge tone="warn">Not used</Badge>
              ) : (
                <span className="text-ink-faint text-sm">Required</span>
              )}
              <IconButton
                icon={X}
                label={`Remove ${name}`}
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
      setProblem('Begin with a letter; then letters, digits, “_”, “-” and “.”, such as user.name.')
    } else if (taken.includes(name)) {
      setProblem(`“${name}” is declared already.`)
    } else {
      onAdd(name)
      setName('')
    }
  }

  return (
    <form onSubmit={submit} noValidate>
      <Field label="Declare a variable" error={problem}>
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
              Declare
            </Button>
          </div>
        )}
      </Field>
    </form>
  )
}
