import { useEffect, useState } from 'react'

/** Where the HTML is shown. The page before stays until the next one is there. */
export function PreviewFrame({ url }: { url: string }) {
  const [shown, setShown] = useState<string | null>(null)
  const isLoading = shown !== url
  useEffect(() => {
    if (shown !== null && shown !== url) {
      // A page that never says it has loaded must not hold the next one back.
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
              title={address === url ? 'Preview as HTML' : 'Preview before'}
              src={address}
              onLoad={() => address === url && setShown(url)}
              // As in the inbox: neither scripts nor the window's origin.
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              referrerPolicy="no-referrer"
              className={`absolute inset-0 block h-full w-full border-0 bg-paper [color-scheme:light] ${address === shown ? '' : 'opacity-0'}`}
            />
          ),
      )}
    </div>
  )
}
