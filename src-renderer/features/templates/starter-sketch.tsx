import type { ReactNode } from 'react'

/** A thumbnail of a starter in the colours of the window. */
export function StarterSketch({ id }: { id: string }) {
  return (
    <span
      aria-hidden
      className="flex h-24 w-full justify-center overflow-hidden rounded-md border border-line bg-sunken px-3 pt-3"
    >
      <span className="flex w-full max-w-20 flex-col gap-1.5 rounded-t-sm border border-line border-b-0 bg-canvas p-2 [&>*]:shrink-0">
        {sketches[id] ?? sketches.blank}
      </span>
    </span>
  )
}

const Line = ({ width }: { width: string }) => (
  <span className="h-1 rounded-sm bg-line-strong" style={{ width }} />
)
const Title = () => <span className="h-1.5 w-3/5 rounded-sm bg-control" />
const Action = () => <span className="h-2 w-2/5 rounded-sm bg-sage" />

const sketches: Readonly<Record<string, ReactNode>> = {
  blank: (
    <>
      <Line width="50%" />
      <Line width="80%" />
    </>
  ),
  'password-reset': (
    <>
      <Title />
      <Line width="90%" />
      <span className="flex h-4 items-center justify-center gap-1 rounded-sm border border-line bg-sunken">
        {[0, 1, 2, 3, 4, 5].map((dot) => (
          <span key={dot} className="size-1 rounded-full bg-control" />
        ))}
      </span>
      <Action />
      <Line width="70%" />
    </>
  ),
  receipt: (
    <>
      <Title />
      {[0, 1, 2].map((row) => (
        <span key={row} className="flex justify-between border-line border-b pb-1">
          <span className="h-1 w-2/5 rounded-sm bg-line-strong" />
          <span className="h-1 w-1/5 rounded-sm bg-line-strong" />
        </span>
      ))}
      <span className="flex justify-between">
        <span className="h-1.5 w-1/4 rounded-sm bg-control" />
        <span className="h-1.5 w-1/4 rounded-sm bg-control" />
      </span>
      <Action />
    </>
  ),
  newsletter: (
    <>
      <span className="h-1 w-1/4 rounded-sm bg-sage" />
      <Title />
      <Line width="100%" />
      <Action />
      <span className="border-line border-t pt-1.5">
        <span className="block h-1 w-3/5 rounded-sm bg-control" />
      </span>
      <Line width="90%" />
      <Line width="70%" />
    </>
  ),
}
