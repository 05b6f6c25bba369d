import { RadioGroup } from 'radix-ui'
import { sampleGroups } from './snippets/samples.ts'

type SampleListProps = { chosen: string; onChoose: (id: string) => void }

/** Languages and frameworks; arrow keys step through them. */
export function SampleList({ chosen, onChoose }: SampleListProps) {
  return (
    <RadioGroup.Root
      value={chosen}
      onValueChange={onChoose}
      aria-label="Language or framework"
      className="flex flex-col gap-3"
    >
      {sampleGroups.map(({ name, samples }) => (
        <fieldset key={name} className="flex flex-col gap-0.5">
          <legend className="mb-1 px-2 text-ink-faint text-xs">{name}</legend>
          {samples.map((sample) => (
            <RadioGroup.Item
              key={sample.id}
              value={sample.id}
              className="h-7 truncate rounded-md px-2 text-left text-ink-muted hover:bg-hover hover:text-ink data-[state=checked]:bg-selected data-[state=checked]:font-medium data-[state=checked]:text-ink"
            >
              {sample.name}
            </RadioGroup.Item>
          ))}
        </fieldset>
      ))}
    </RadioGroup.Root>
  )
}
