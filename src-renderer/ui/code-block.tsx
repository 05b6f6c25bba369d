import { CopyIcon } from './copy.tsx'

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <figure className="relative min-w-0 rounded-lg border border-line bg-sunken" aria-label={label}>
      <pre
        // Wide code scrolls, so the keyboard must reach it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
        tabIndex={0}
        className="overflow-x-auto rounded-lg px-3 py-2.5 pr-11 text-sm leading-5"
      >
        {code}
      </pre>
      <div className="absolute top-1 right-1 rounded-md bg-sunken">
        <CopyIcon text={code} label={`Copy ${label}`} />
      </div>
    </figure>
  )
}
