import type { ReactNode } from 'react'
import { type Plan, planLimits, type Settings } from '../../../src-main/contract/settings.ts'
import { changeSettings } from '../../relay-facts.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { setTheme, themes, useTheme } from '../../ui/theme.ts'
import { toastFailure } from '../../ui/toasts.tsx'

const planNames: Readonly<Record<Plan, string>> = {
  free: 'Free',
  pro: 'Pro',
  enterprise: 'Enterprise',
}
const plans = ['free', 'pro', 'enterprise'] as const

export function Behaviour({ facts }: { facts: Settings }) {
  const theme = useTheme((state) => state.theme)
  const { requestsPerMinute, burst } = planLimits[facts.plan]
  return (
    <Section title="Behaviour">
      <Card>
        <Row
          id="anonymous-capture"
          name="Capture without a key"
          note="Mail that comes over SMTP from this machine without signing in is caught in the inbox. It is never sent."
        >
          <Switch
            id="anonymous-capture"
            checked={facts.anonymous_capture}
            onChange={(next) => changeSettings({ anonymous_capture: next }).catch(toastFailure)}
          />
        </Row>
        <Row
          id="plan"
          name="Plan"
          note={`${requestsPerMinute.toLocaleString()} requests a minute with a burst of ${burst.toLocaleString()} for each key; test keys get ten times that.`}
        >
          <Select
            id="plan"
            label="Plan"
            value={facts.plan}
            options={plans.map((value) => ({ value, label: planNames[value] }))}
            onChange={(plan) => changeSettings({ plan }).catch(toastFailure)}
            className="w-32"
          />
        </Row>
        <Row name="Theme" note="How this window looks, on this machine.">
          <Segmented
            label="Theme"
            value={theme}
            onChange={setTheme}
            options={themes.map((value) => ({
              value,
              label: value.charAt(0).toUpperCase() + value.slice(1),
            }))}
          />
        </Row>
      </Card>
    </Section>
  )
}

type RowProps = { id?: string; name: string; note: string; children: ReactNode }

function Row({ id, name, note, children }: RowProps) {
  return (
    <div className="flex items-center gap-6 border-line border-b px-4 py-3 last:border-b-0">
      <div className="min-w-0 flex-1">
        {id ? (
          <label htmlFor={id} className="font-medium">
            {name}
          </label>
        ) : (
          <span className="font-medium">{name}</span>
        )}
        <p className="text-ink-muted text-sm">{note}</p>
      </div>
      {children}
    </div>
  )
}
