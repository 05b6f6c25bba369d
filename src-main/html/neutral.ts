/**
 * Elements that make a browser resolve names and connect before a content policy applies: frames,
 * `meta` and `base`. They are renamed everywhere, also in comments and text, because parsers of HTML
 * disagree on where these begin.
 */
const frameTag =
  /<(\/?)(iframe|frame|frameset|object|embed|applet|portal|fencedframe|meta|base)(?=[\t\n\f\r />])/gi
/** Remote style sheets are allowed together with remote content. */
const linkTag = /<(\/?)(link)(?=[\t\n\f\r />])/gi
/** An SVG animation can change the address of a link. */
const animated = /\battributename(?=[\t\n\f\r ]*=)/gi
const wholeFrame = /<(?:iframe|frame|object|embed|applet)(?=[\t\n\f\r />])[^<>]*/gi

/** Disables every element that could connect in spite of the content policy of the page. */
export function neutralised(html: string, isRemoteAllowed: boolean): string {
  const disabled = html.replace(frameTag, '<$1x-$2').replace(animated, 'x-$&')
  return isRemoteAllowed ? disabled : disabled.replace(linkTag, '<$1x-$2')
}

/** Removes elements that are never loaded, so that they do not count as remote content. */
export const withoutFrames = (html: string): string => html.replace(wholeFrame, '<x')
