import { go, routeHash } from '../../app/router.ts'
import { classes } from '../../ui/classes.ts'
import { useHotkeys } from '../../ui/hotkeys.ts'
import { connectLabels } from './labels.ts'
import { sampleGroups, samples } from './snippets/samples.ts'

/** Languages and frameworks, each with its own URL; j and k step through them. */
export function SampleList({ chosen }: { chosen: string }) {
  function step(by: number) {
    const at = samples.findIndex(({ id }) => id === chosen)
    const next = samples[at + by]
    if (next) go('connect', next.id, true)
  }

  useHotkeys({
    j: () => step(1),
    k: () => step(-1),
    arrowdown: () => step(1),
    arrowup: () => step(-1),
  })
  return (
    <nav
      aria-label={connectLabels.samples.label}
      className="flex flex-col gap-3 max-sm:max-h-44 max-sm:overflow-y-auto max-sm:rounded-lg max-sm:border max-sm:border-line max-sm:p-2"
    >
      {sampleGroups.map(({ name, samples: members }) => (
        <fieldset key={name} className="flex flex-col gap-0.5">
          <legend className="mb-1 px-2 text-ink-faint text-xs">{name}</legend>
          {members.map((sample) => (
            <a
              key={sample.id}
              href={routeHash('connect', sample.id)}
              aria-current={sample.id === chosen ? 'page' : undefined}
              className={classes(
                'flex h-7 items-center truncate rounded-md px-2',
                sample.id === chosen
                  ? 'bg-selected font-medium text-ink'
                  : 'text-ink-muted hover:bg-hover hover:text-ink',
              )}
            >
              {sample.name}
            </a>
          ))}
        </fieldset>
      ))}
    </nav>
  )
}
