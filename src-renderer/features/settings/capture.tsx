import type { Settings } from '../../../src-main/contract/settings.ts'
import { changeSettings } from '../../app/server-settings.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { EnvironmentNote } from './environment-note.tsx'
import { settingsLabels } from './labels.ts'
import { SettingRow } from './setting-row.tsx'

export function Capture({ facts }: { facts: Settings }) {
  return (
    <Section title={settingsLabels.sections.capture}>
      <Card>
        <SettingRow
          id="anonymous-capture"
          name={settingsLabels.capture.anonymous}
          note={
            <>
              {settingsLabels.capture.anonymousHint}
              <EnvironmentNote facts={facts} env="MAILSAGE_ANONYMOUS_CAPTURE" />
            </>
          }
        >
          <Switch
            id="anonymous-capture"
            checked={facts.anonymous_capture}
            onChange={(next) => changeSettings({ anonymous_capture: next }).catch(toastFailure)}
          />
        </SettingRow>
      </Card>
    </Section>
  )
}
