import { Select } from '../../ui/select.tsx'
import { templatesLabels } from './labels.ts'
import { chooseSample, useSamples } from './sample-store.ts'

export function SamplePicker() {
  const { samples, chosen } = useSamples()
  return (
    <Select
      label={templatesLabels.samples.picker}
      value={chosen}
      options={samples.map(({ name }) => ({ value: name, label: name }))}
      onChange={chooseSample}
      className="min-w-0 max-w-40 [&>span]:truncate"
    />
  )
}
