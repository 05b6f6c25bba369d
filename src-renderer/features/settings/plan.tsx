import { planLimits, type Settings } from '../../../src-main/contract/settings.ts'
import { changeSettings } from '../../app/server-settings.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { EnvironmentNote } from './environment-note.tsx'
import { settingsLabels } from './labels.ts'
import { SettingRow } from './setting-row.tsx'

const plans = ['free', 'pro', 'enterprise'] as const
const testFactor = 10

export function PlanAndLimits({ facts }: { facts: Settings }) {
  const { requestsPerMinute, burst } = planLimits[facts.plan]
  return (
    <Section title={settingsLabels.sections.plan} description={settingsLabels.plan.hint}>
      <Card>
        <SettingRow
          id="plan"
          name={settingsLabels.plan.title}
          note={
            <>
              {settingsLabels.plan.limits(requestsPerMinute, burst)}
              <EnvironmentNote facts={facts} env="MAILSAGE_PLAN" />
            </>
          }
        >
          <Select
            id="plan"
            label={settingsLabels.plan.title}
            value={facts.plan}
            options={plans.map((value) => ({ value, label: settingsLabels.plan.names[value] }))}
            onChange={(plan) => changeSettings({ plan }).catch(toastFailure)}
            className="w-32"
          />
        </SettingRow>
        <table className="w-full text-left text-sm">
          <thead>
            <tr className="h-8 bg-sunken text-ink-faint [&>th]:font-medium">
              <th className="pl-4">{settingsLabels.plan.title}</th>
              <th className="px-3 text-right">{settingsLabels.plan.live}</th>
              <th className="px-3 text-right">{settingsLabels.plan.burst}</th>
              <th className="pr-4 pl-3 text-right">{settingsLabels.plan.test}</th>
            </tr>
          </thead>
          <tbody>
            {plans.map((plan) => (
              <tr
                key={plan}
                className={`figures h-8 border-line border-t ${plan === facts.plan ? 'bg-selected font-medium' : ''}`}
              >
                <td className="pl-4">{settingsLabels.plan.names[plan]}</td>
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
