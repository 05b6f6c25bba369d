import { LogOut } from 'lucide-react'
import { signOut, useSession } from '../../app/session.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/page.tsx'

export function SignOut() {
  const session = useSession((state) => state.session)
  const name = session.status === 'signed-in' ? session.name : ''
  return (
    <Section
      title="Session"
      description={`This tab is signed in with the key “${name}”.`}
      actions={
        <Button icon={LogOut} onClick={() => signOut()}>
          Sign out
        </Button>
      }
    >
      {null}
    </Section>
  )
}
