import type { Template, TemplateVersion } from '../../../src-main/contract/templates.ts'

/** What a person changes before it is saved. */
export type Draft = {
  readonly name: string
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly variables: readonly string[]
}

type KeptDraft = { readonly version: number; readonly at: string; readonly draft: Draft }

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

/** In the shape of the API, where an empty part is none. */
export function contentOf({ subject, html, text, variables }: Draft) {
  return {
    subject,
    html: html === '' ? null : html,
    text: text === '' ? null : text,
    variables: [...variables],
  }
}

/** Unsaved work outlives the window. */
export function keepDraft(id: string, version: number, draft: Draft): void {
  const kept: KeptDraft = { version, at: new Date().toISOString(), draft }
  try {
    localStorage.setItem(keyOf(id), JSON.stringify(kept))
  } catch {
    // There is no room: what is in the window is still there.
  }
}

export function forgetDraft(id: string): void {
  localStorage.removeItem(keyOf(id))
}

export function keptDraft(id: string): KeptDraft | null {
  const text = localStorage.getItem(keyOf(id))
  if (text === null) return null
  try {
    return JSON.parse(text) as KeptDraft
  } catch {
    return null
  }
}
