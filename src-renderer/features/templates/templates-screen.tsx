import { lazy, Suspense } from 'react'
import { useRoute } from '../../app/router.ts'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { TemplateList } from './template-list.tsx'

// The editor is large, so it loads when a template is opened.
const EditorScreen = lazy(async () => {
  const { EditorScreen: View } = await import('./editor-screen.tsx')
  return { default: View }
})

export function TemplatesScreen() {
  const id = useRoute((route) => (route.screen === 'templates' ? route.id : null))
  if (id === null) return <TemplateList />
  return (
    <Suspense fallback={<SkeletonRows count={8} height={48} />}>
      <EditorScreen key={id} id={id} />
    </Suspense>
  )
}
