import { LogOut } from 'lucide-react'
import { signOut, useSession } from '../../app/session.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/page.tsx'
import { settingsLabels } from './labels.ts'

export function SignOut() {
  const session = useSession((state) => state.session)
  const name = session.status === 'signed-in' ? session.name : ''
  return (
    <Section
      title={settingsLabels.sections.session}
      description={settingsLabels.session.hint(name)}
      actions={
        <Button icon={LogOut} onClick={() => signOut()}>
          {settingsLabels.session.signOut}
        </Button>
      }
    >
      {null}
    </Section>
  )
}
