import { CalendarRange, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { formatMoment } from '../../ui/format.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { usageLabels } from './labels.ts'
import {
  customRange,
  type Preset,
  presetNames,
  presets,
  type Range,
  toLocalField,
} from './usage-range.ts'
import { chooseRange, useUsage, zoomBack, zoomIn } from './usage-store.ts'

type Choice = Preset | 'custom'

const choices = [
  ...presetNames.map((value) => ({ value: value as Choice, label: value })),
  { value: 'custom' as Choice, label: usageLabels.range.custom },
]

export function RangePicker() {
  const range = useUsage((state) => state.range)
  return (
    <Segmented
      label={usageLabels.range.label}
      value={range.type === 'preset' ? range.preset : 'custom'}
      onChange={(choice) => {
        if (choice !== 'custom') chooseRange({ type: 'preset', preset: choice })
        else zoomIn(asCustom(range))
      }}
      options={choices}
    />
  )
}

/** The keyboard alternative to a drag on the chart. */
export function CustomRange() {
  const { range, history } = useUsage()
  if (range.type !== 'custom') return null
  return <RangeFields key={range.from + range.to} range={range} canGoBack={history.length > 0} />
}

type RangeFieldsProps = { range: Extract<Range, { type: 'custom' }>; canGoBack: boolean }

function RangeFields({ range, canGoBack }: RangeFieldsProps) {
  const [from, setFrom] = useState(toLocalField(range.from))
  const [to, setTo] = useState(toLocalField(range.to))
  const wanted = customRange(from, to)
  const isSame = from === toLocalField(range.from) && to === toLocalField(range.to)
  return (
    <form
      aria-label={usageLabels.range.form}
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (wanted && !isSame) zoomIn(wanted)
      }}
    >
      {canGoBack && (
        <Button icon={Undo2} onClick={zoomBack} title={usageLabels.range.backHint}>
          {usageLabels.range.back}
        </Button>
      )}
      <DateField label={usageLabels.range.from} value={from} onChange={setFrom} />
      <DateField label={usageLabels.range.to} value={to} onChange={setTo} />
      <Button type="submit" icon={CalendarRange} disabled={!wanted || isSame}>
        {usageLabels.range.show}
      </Button>
      <span className="text-ink-faint text-sm" role={wanted ? undefined : 'alert'}>
        {wanted
          ? usageLabels.range.span(formatMoment(range.from), formatMoment(range.to))
          : usageLabels.range.invalid}
      </span>
    </form>
  )
}

type DateFieldProps = { label: string; value: string; onChange: (value: string) => void }

function DateField({ label, value, onChange }: DateFieldProps) {
  return (
    <label className="flex items-center gap-1.5 text-ink-muted text-sm">
      {label}
      <input
        type="datetime-local"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="figures h-7 rounded-md border border-line-strong bg-canvas px-2 text-ink text-sm"
      />
    </label>
  )
}

function asCustom(range: Range): Range {
  if (range.type === 'custom') return range
  const now = Date.now()
  return {
    type: 'custom',
    from: new Date(now - presets[range.preset]).toISOString(),
    to: new Date(now).toISOString(),
  }
}
