import { MergeView } from '@codemirror/merge'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { type CodeLanguage, codeLook, languageOf } from './code-editor.tsx'

type CodeDiffProps = {
  before: string
  after: string
  beforeLabel: string
  afterLabel: string
  language: CodeLanguage
}

/** A read-only diff of two texts, side by side. */
export function CodeDiff({ before, after, beforeLabel, afterLabel, language }: CodeDiffProps) {
  const container = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!container.current) return
    const side = (doc: string, label: string): { doc: string; extensions: Extension } => ({
      doc,
      extensions: [
        lineNumbers(),
        languageOf(language),
        codeLook,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          'aria-label': label,
          tabindex: '0',
          role: 'textbox',
          'aria-readonly': 'true',
          'aria-multiline': 'true',
        }),
      ],
    })
    const merge = new MergeView({
      parent: container.current,
      a: side(before, beforeLabel),
      b: side(after, afterLabel),
      gutter: true,
      collapseUnchanged: { margin: 3, minSize: 6 },
    })
    return () => merge.destroy()
  }, [before, after, beforeLabel, afterLabel, language])
  return <div ref={container} className="[&_.cm-mergeViewEditor]:min-w-0" />
}
