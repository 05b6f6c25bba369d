import type { Template, TemplateVersion } from '../../../src-main/contract/templates.ts'

/** The editable fields of a template, not saved yet. */
export type Draft = {
  readonly name: string
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly variables: readonly string[]
}

type StoredDraft = { readonly version: number; readonly at: string; readonly draft: Draft }

const keyOf = (id: string): string => `mailsage.draft.${id}`

export function draftOf(template: Template): Draft {
  const { name, subject, html, text, variables } = template
  return { name, subject, html: html ?? '', text: text ?? '', variables }
}

export function draftOfVersion(name: string, version: TemplateVersion): Draft {
  const { subject, html, text, variables } = version
  return { name, subject, html: html ?? '', text: text ?? '', variables }
}

export function isSame(a: Draft, b: Draft): boolean {
  return (
    a.name === b.name &&
    a.subject === b.subject &&
    a.html === b.html &&
    a.text === b.text &&
    a.variables.join('\n') === b.variables.join('\n')
  )
}

/** The request body; an empty part becomes null. */
export function contentOf({ subject, html, text, variables }: Draft) {
  return {
    subject,
    html: html === '' ? null : html,
    text: text === '' ? null : text,
    variables: [...variables],
  }
}

/** Stores unsaved changes, which outlive the window. */
export function storeDraft(id: string, version: number, draft: Draft): void {
  const stored: StoredDraft = { version, at: new Date().toISOString(), draft }
  try {
    localStorage.setItem(keyOf(id), JSON.stringify(stored))
  } catch {
    // The storage is full; the draft stays in the open window.
  }
}

export function clearStoredDraft(id: string): void {
  localStorage.removeItem(keyOf(id))
}

export function readStoredDraft(id: string): StoredDraft | null {
  const text = localStorage.getItem(keyOf(id))
  if (text === null) return null
  try {
    return JSON.parse(text) as StoredDraft
  } catch {
    return null
  }
}
