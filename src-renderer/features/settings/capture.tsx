import type { Settings } from '../../../src-main/contract/settings.ts'
import { changeSettings } from '../../app/server-settings.ts'
import { Card, Section } from '../../ui/page.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toastFailure } from '../../ui/toasts.tsx'
import { OutsideNote } from './outside-note.tsx'
import { SettingRow } from './setting-row.tsx'

export function Capture({ facts }: { facts: Settings }) {
  return (
    <Section title="Capture">
      <Card>
        <SettingRow
          id="anonymous-capture"
          name="Capture without a key"
          note={
            <>
              Mail that comes over SMTP from this machine without signing in is caught in the inbox.
              It is never sent. Switched off, such mail is refused.
              <OutsideNote facts={facts} env="MAILSAGE_ANONYMOUS_CAPTURE" />
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
