import { Card, Section } from '../../ui/page.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { setTheme, themes, useTheme } from '../../ui/theme.ts'
import { SettingRow } from './setting-row.tsx'

export function Appearance() {
  const theme = useTheme((state) => state.theme)
  return (
    <Section title="Appearance">
      <Card>
        <SettingRow
          name="Theme"
          note="How this window looks, on this machine. Contrast and reduced motion follow the system."
        >
          <Segmented
            label="Theme"
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
