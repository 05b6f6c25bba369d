import { CopyIcon } from './copy.tsx'
import { uiLabels } from './labels.ts'

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <figure className="relative min-w-0 rounded-lg border border-line bg-sunken" aria-label={label}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: wide code scrolls, so it must take keyboard focus
        tabIndex={0}
        className="overflow-x-auto rounded-lg px-3 py-2.5 pr-11 text-sm leading-5"
      >
        {code}
      </pre>
      <div className="absolute top-1 right-1 rounded-md bg-sunken">
        <CopyIcon text={code} label={uiLabels.copyNamed(label)} />
      </div>
    </figure>
  )
}
