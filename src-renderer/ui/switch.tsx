import { Switch as Primitive } from 'radix-ui'

type SwitchProps = {
  id: string
  /** For a switch without a visible label. */
  label?: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
}

export function Switch({ id, label, checked, onChange, disabled }: SwitchProps) {
  return (
    <Primitive.Root
      id={id}
      aria-label={label}
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled ?? false}
      className="relative h-[18px] w-8 shrink-0 rounded-full bg-control transition-colors disabled:opacity-50 data-[state=checked]:bg-sage"
    >
      <Primitive.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-canvas shadow-control transition-transform data-[state=checked]:translate-x-4" />
    </Primitive.Root>
  )
}
