import { useEffect, useState } from 'react'
import { templatesLabels } from './labels.ts'

/** Shows the rendered HTML. The previous page stays visible until the next one has loaded. */
export function PreviewFrame({ url }: { url: string }) {
  const [shown, setShown] = useState<string | null>(null)
  const isLoading = shown !== url
  useEffect(() => {
    if (shown !== null && shown !== url) {
      // A page that never fires its load event must not block the next one.
      const timer = setTimeout(() => setShown(url), 1500)
      return () => clearTimeout(timer)
    }
  }, [shown, url])
  return (
    <div className="relative h-full w-full" aria-busy={isLoading}>
      {[...new Set([shown, url])].map(
        (address) =>
          address !== null && (
            <iframe
              key={address}
              title={
                address === url
                  ? templatesLabels.preview.frame
                  : templatesLabels.preview.previousFrame
              }
              src={address}
              onLoad={() => address === url && setShown(url)}
              // As in the inbox: no scripts and no access to the window's origin.
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              referrerPolicy="no-referrer"
              className={`absolute inset-0 block h-full w-full border-0 bg-paper [color-scheme:light] ${address === shown ? '' : 'opacity-0'}`}
            />
          ),
      )}
    </div>
  )
}
