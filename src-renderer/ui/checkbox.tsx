import { Check } from 'lucide-react'
import { Checkbox as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

type CheckboxProps = {
  id: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  children: ReactNode
}

export function Checkbox({ id, checked, onChange, disabled, children }: CheckboxProps) {
  return (
    <div className="flex items-start gap-2">
      <Primitive.Root
        id={id}
        checked={checked}
        onCheckedChange={(next) => onChange(next === true)}
        disabled={disabled ?? false}
        className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-sm border border-control bg-raised disabled:opacity-50 data-[state=checked]:border-sage data-[state=checked]:bg-sage"
      >
        <Primitive.Indicator>
          <Icon of={Check} size={12} className="text-on-sage" />
        </Primitive.Indicator>
      </Primitive.Root>
      <label htmlFor={id} className="min-w-0 flex-1 select-none">
        {children}
      </label>
    </div>
  )
}
