import { type Plan, planLimits, type Settings } from '../../../src-main/contract/settings.ts'
import { changeSettings } from '../../app/server-settings.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { OutsideNote } from './outside-note.tsx'
import { SettingRow } from './setting-row.tsx'

const planNames: Readonly<Record<Plan, string>> = {
  free: 'Free',
  pro: 'Pro',
  enterprise: 'Enterprise',
}
const plans = ['free', 'pro', 'enterprise'] as const
const testFactor = 10

export function PlanAndLimits({ facts }: { facts: Settings }) {
  const { requestsPerMinute, burst } = planLimits[facts.plan]
  return (
    <Section
      title="Plan and limits"
      description="For each key that has no limits of its own. Keys and tenants can have theirs."
    >
      <Card>
        <SettingRow
          id="plan"
          name="Plan"
          note={
            <>
              {requestsPerMinute.toLocaleString()} requests a minute with a burst of{' '}
              {burst.toLocaleString()} for each key.
              <OutsideNote facts={facts} env="MAILSAGE_PLAN" />
            </>
          }
        >
          <Select
            id="plan"
            label="Plan"
            value={facts.plan}
            options={plans.map((value) => ({ value, label: planNames[value] }))}
            onChange={(plan) => changeSettings({ plan }).catch(toastFailure)}
            className="w-32"
          />
        </SettingRow>
        <table className="w-full text-left text-sm">
          <thead>
            <tr className="h-8 bg-sunken text-ink-faint [&>th]:font-medium">
              <th className="pl-4">Plan</th>
              <th className="px-3 text-right">Live, a minute</th>
              <th className="px-3 text-right">Burst</th>
              <th className="pr-4 pl-3 text-right">Test, a minute</th>
            </tr>
          </thead>
          <tbody>
            {plans.map((plan) => (
              <tr
                key={plan}
                className={`figures h-8 border-line border-t ${plan === facts.plan ? 'bg-selected font-medium' : ''}`}
              >
                <td className="pl-4">{planNames[plan]}</td>
                <td className="px-3 text-right">
                  {planLimits[plan].requestsPerMinute.toLocaleString()}
                </td>
                <td className="px-3 text-right">{planLimits[plan].burst.toLocaleString()}</td>
                <td className="pr-4 pl-3 text-right">
                  {(planLimits[plan].requestsPerMinute * testFactor).toLocaleString()}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
    </Section>
  )
}
