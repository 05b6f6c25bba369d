import { Card, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { setTheme, themes, useTheme } from '../../ui/theme.ts'
import { settingsLabels } from './labels.ts'
import { SettingRow } from './setting-row.tsx'

export function Appearance() {
  const theme = useTheme((state) => state.theme)
  return (
    <Section title={settingsLabels.sections.appearance}>
      <Card>
        <SettingRow name={settingsLabels.appearance.theme} note={settingsLabels.appearance.hint}>
          <Segmented
            label={settingsLabels.appearance.theme}
            value={theme}
            onChange={setTheme}
            options={themes.map((value) => ({
              value,
              label: value.charAt(0).toUpperCase() + value.slice(1),
            }))}
          />
        </SettingRow>
      </Card>
    </Section>
  )
}
