import type { Settings } from '../../../src-main/contract/settings.ts'
import { changeSettings } from '../../app/server-settings.ts'
import { Card } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { EnvironmentNote } from './environment-note.tsx'
import { settingsLabels } from './labels.ts'
import { SettingRow } from './setting-row.tsx'

const choices = ['auto', 'on', 'off'] as const

export function StartTlsSetting({ facts }: { facts: Settings }) {
  const { title, names, hint } = settingsLabels.startTls
  return (
    <Card>
      <SettingRow
        id="starttls"
        name={title}
        note={
          <>
            {hint} {effectOf(facts)}
            <EnvironmentNote facts={facts} env="MAILSAGE_SMTP_STARTTLS" />
          </>
        }
      >
        <Select
          id="starttls"
          label={title}
          value={facts.smtp_starttls}
          options={choices.map((value) => ({ value, label: names[value] }))}
          onChange={(next) => changeSettings({ smtp_starttls: next }).catch(toastFailure)}
          className="w-32"
        />
      </SettingRow>
    </Card>
  )
}

function effectOf({
  starttls_offered: isOffered,
  smtp_certificate: certificate,
}: Settings): string {
  const { notOffered, offeredOwn, offeredSelfMade } = settingsLabels.startTls
  if (!isOffered) return notOffered
  return certificate === 'own' ? offeredOwn : offeredSelfMade
}
