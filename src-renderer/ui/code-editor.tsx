import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { html } from '@codemirror/lang-html'
import { json } from '@codemirror/lang-json'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension, RangeSet } from '@codemirror/state'
import {
  Decoration,
  drawSelection,
  EditorView,
  GutterMarker,
  gutterLineClass,
  highlightActiveLine,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useEffectEvent, useRef } from 'react'
import { uiLabels } from './labels.ts'

export type CodeLanguage = 'html' | 'json' | 'text'

type CodeEditorProps = {
  label: string
  value: string
  language: CodeLanguage
  onChange: (value: string) => void
  /** Completions after `{{`. */
  names?: readonly string[]
  /** The line with an error, counted from 1. */
  problemLine?: number | null
  /** A single-line field. */
  single?: boolean
}

/** A code editor. Tab indents; Escape, then Tab, moves the focus out. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, value, language, onChange, names = noNames, problemLine = null, single } = props
  const container = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const changed = useEffectEvent(onChange)
  const offered = useEffectEvent((context: CompletionContext) => complete(context, names))
  const initial = useEffectEvent(() => value)

  useEffect(() => {
    if (!container.current) return
    const editor = new EditorView({
      parent: container.current,
      state: EditorState.create({
        doc: initial(),
        extensions: [
          single ? singleLine : manyLines,
          languageOf(language),
          codeLook,
          history(),
          drawSelection(),
          problem.of([]),
          autocompletion({ override: [offered], icons: false, aboveCursor: false }),
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({
            'aria-label': label,
            tabindex: '0',
            ...(single ? { 'aria-multiline': 'false' } : {}),
            'aria-description': single ? '' : uiLabels.leaveEditor,
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => {
      view.current = null
      editor.destroy()
    }
  }, [label, language, single])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const editor = view.current
    editor?.dispatch({
      effects: problem.reconfigure(problemLine === null ? [] : markLine(editor, problemLine)),
    })
  }, [problemLine])

  return (
    <div
      ref={container}
      className={single ? 'min-w-0 flex-1' : 'h-full min-h-0 min-w-0 [&_.cm-editor]:h-full'}
    />
  )
}

const noNames: readonly string[] = []
const problem = new Compartment()

/** The theme's colour tokens switch between light and dark themselves. */
const highlighting = HighlightStyle.define([
  { tag: [tags.tagName, tags.keyword], color: 'var(--color-sage-ink)' },
  { tag: [tags.attributeName, tags.propertyName], color: 'var(--color-test-ink)' },
  { tag: [tags.attributeValue, tags.string], color: 'var(--color-warn-ink)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--color-live-ink)' },
  {
    tag: [tags.comment, tags.angleBracket, tags.meta, tags.processingInstruction],
    color: 'var(--color-ink-faint)',
  },
])

const look = EditorView.theme({
  '&': { color: 'var(--color-ink)', backgroundColor: 'var(--color-canvas)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono)',
    fontFeatureSettings: '"calt" 0',
    lineHeight: '20px',
  },
  '.cm-content': { caretColor: 'var(--color-ink)', padding: '8px 0' },
  '.cm-line': { padding: '0 12px 0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--color-ink)' },
  '.cm-gutters': {
    backgroundColor: 'var(--color-canvas)',
    color: 'var(--color-ink-faint)',
    border: 'none',
    fontVariantNumeric: 'tabular-nums',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 6px 0 14px' },
  '.cm-activeLine': {
    backgroundColor: 'color-mix(in srgb, var(--color-hover) 60%, transparent)',
  },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground, ::selection': {
    backgroundColor: 'color-mix(in srgb, var(--color-sage) 26%, transparent) !important',
  },
  '.cm-selectionMatch, .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--color-sage) 18%, transparent) !important',
  },
  '.cm-template': {
    color: 'var(--color-test-ink)',
    backgroundColor: 'var(--color-test-soft)',
    borderRadius: '3px',
    boxShadow: '0 0 0 1px var(--color-test-soft)',
  },
  '.cm-template *': { color: 'inherit !important' },
  '.cm-problem': { backgroundColor: 'var(--color-danger-soft)' },
  '.cm-problem-number': {
    color: 'var(--color-danger-ink)',
    backgroundColor: 'var(--color-danger-soft)',
    fontWeight: '600',
  },
  '.cm-tooltip': {
    border: 'none',
    borderRadius: '8px',
    backgroundColor: 'var(--color-raised)',
    boxShadow: 'var(--shadow-float)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', padding: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', borderRadius: '6px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--color-selected)',
    color: 'var(--color-ink)',
  },
  '.cm-completionDetail': { color: 'var(--color-ink-faint)', fontStyle: 'normal' },
  '.cm-panels': { backgroundColor: 'var(--color-sunken)', color: 'var(--color-ink)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--color-line)' },
  '.cm-textfield': {
    border: '1px solid var(--color-line-strong)',
    borderRadius: '6px',
    backgroundColor: 'var(--color-canvas)',
  },
  '.cm-button': {
    border: '1px solid var(--color-line-strong)',
    borderRadius: '6px',
    backgroundImage: 'none',
    backgroundColor: 'var(--color-raised)',
    color: 'var(--color-ink)',
  },
  // The diff view.
  '.cm-changedLine, .cm-deletedLine, .cm-insertedLine': { backgroundColor: 'transparent' },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'var(--color-danger-soft)' },
  '&.cm-merge-b .cm-changedLine': { backgroundColor: 'var(--color-sage-soft)' },
  '&.cm-merge-a .cm-changedText': {
    background: 'color-mix(in srgb, var(--color-danger) 8%, transparent)',
    boxShadow: 'inset 0 -2px var(--color-danger)',
  },
  '&.cm-merge-b .cm-changedText': {
    background: 'color-mix(in srgb, var(--color-sage) 8%, transparent)',
    boxShadow: 'inset 0 -2px var(--color-sage)',
  },
  '&.cm-merge-a .cm-changedLineGutter': { background: 'var(--color-danger)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--color-sage)' },
  '.cm-collapsedLines': {
    color: 'var(--color-ink-muted)',
    background: 'var(--color-sunken)',
    padding: '2px 12px',
  },
  '.cm-mergeSpacer': { backgroundColor: 'transparent' },
})

const tagMatcher = new MatchDecorator({
  // Tags do not nest, which also keeps the match linear.
  regexp: /\{\{(?:(?!\{\{)[^}])*\}\}\}?|\{%(?:(?!\{%)[^%])*%\}/g,
  decoration: Decoration.mark({ class: 'cm-template' }),
})
const templateTags = ViewPlugin.define(
  (editor) => ({
    decorations: tagMatcher.createDeco(editor),
    update(update) {
      this.decorations = tagMatcher.updateDeco(update, this.decorations)
    },
  }),
  { decorations: (plugin) => plugin.decorations },
)

/** Theme and highlighting, shared with the diff view. */
export const codeLook: Extension = [look, syntaxHighlighting(highlighting), templateTags]

const manyLines: Extension = [
  lineNumbers(),
  highlightActiveLine(),
  bracketMatching(),
  highlightSelectionMatches(),
  EditorView.lineWrapping,
  keymap.of([...searchKeymap, indentWithTab]),
]

/** Pasted line breaks become spaces; Enter does nothing. */
const singleLine: Extension = [
  EditorState.transactionFilter.of((transaction) =>
    transaction.newDoc.lines > 1
      ? {
          changes: {
            from: 0,
            to: transaction.startState.doc.length,
            insert: transaction.newDoc
              .toString()
              .split('\n')
              .map((line) => line.trim())
              .filter(Boolean)
              .join(' '),
          },
          selection: {
            anchor: Math.min(transaction.newSelection.main.head, transaction.newDoc.length),
          },
        }
      : transaction,
  ),
  keymap.of([{ key: 'Enter', run: () => true }]),
  EditorView.theme({
    '.cm-scroller': { overflowX: 'auto', scrollbarWidth: 'none' },
    '.cm-content': { padding: '4px 0' },
    '.cm-line': { padding: '0 10px' },
  }),
]

export function languageOf(language: CodeLanguage): Extension {
  if (language === 'html') return html()
  return language === 'json' ? json() : []
}

class ProblemNumber extends GutterMarker {
  override elementClass = 'cm-problem-number'
}
const problemNumber = new ProblemNumber()

function markLine(editor: EditorView, number: number): Extension {
  const { doc } = editor.state
  const { from } = doc.line(Math.min(Math.max(1, number), doc.lines))
  return [
    EditorView.decorations.of(Decoration.set(Decoration.line({ class: 'cm-problem' }).range(from))),
    gutterLineClass.of(RangeSet.of(problemNumber.range(from))),
  ]
}

function complete(context: CompletionContext, names: readonly string[]) {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  if (!isInTag(before) || names.length === 0) return null
  let wordAt = before.length
  while (wordAt > 0 && /[\w.]/.test(before.charAt(wordAt - 1))) wordAt -= 1
  return {
    from: line.from + wordAt,
    options: names.map((name) => ({ label: name, detail: uiLabels.variable })),
    validFor: /^[\w.]*$/,
  }
}

/** True inside an unclosed output, block or statement tag. */
function isInTag(before: string): boolean {
  const [output, statement] = [before.lastIndexOf('{{'), before.lastIndexOf('{%')]
  return output > statement
    ? /^[{#/]?\s*(?:\w+\s+)?[\w.]*$/.test(before.slice(output + 2))
    : statement >= 0 && /^[^%}]*$/.test(before.slice(statement + 2))
}
