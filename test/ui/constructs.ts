/**
 * HTML that makes a browser connect without a click: the effect in a plain page, and whether the view
 * loads it after consent.
 */
export type Construct = {
  readonly name: string
  readonly html: (address: string) => string
  /** The effect in a plain page of this browser. */
  readonly bare: 'connects' | 'looks up' | 'nothing'
  /** Loaded after consent. */
  readonly consented?: true
}

export const constructs: readonly Construct[] = [
  { name: 'img', html: (at) => `<img src="http://${at}/">`, bare: 'connects', consented: true },
  {
    name: 'srcset',
    html: (at) => `<img srcset="http://${at}/ 1x">`,
    bare: 'connects',
    consented: true,
  },
  {
    name: 'background',
    html: (at) => `<table background="http://${at}/"><tr><td>x</table>`,
    bare: 'connects',
    consented: true,
  },
  {
    name: 'style',
    html: (at) => `<p style="background:url(http://${at}/)">x</p>`,
    bare: 'connects',
    consented: true,
  },
  {
    name: 'import',
    html: (at) => `<style>@import "http://${at}/";</style>`,
    bare: 'connects',
    consented: true,
  },
  {
    name: 'font',
    html: (at) =>
      `<style>@font-face{font-family:f;src:url(http://${at}/)}p{font-family:f}</style><p>x</p>`,
    bare: 'connects',
    consented: true,
  },
  {
    name: 'poster',
    html: (at) => `<video poster="http://${at}/"></video>`,
    bare: 'connects',
    consented: true,
  },
  {
    name: 'video',
    html: (at) => `<video src="http://${at}/" preload=auto></video>`,
    bare: 'connects',
    consented: true,
  },
  {
    name: 'audio',
    html: (at) => `<audio preload=auto><source src="http://${at}/"></audio>`,
    bare: 'connects',
    consented: true,
  },
  {
    name: 'input',
    html: (at) => `<input type=image src="http://${at}/">`,
    bare: 'connects',
    consented: true,
  },
  {
    name: 'svg-image',
    html: (at) => `<svg><image href="http://${at}/" width=9 height=9 /></svg>`,
    bare: 'connects',
    consented: true,
  },
  { name: 'svg-use', html: (at) => `<svg><use href="http://${at}/#x" /></svg>`, bare: 'nothing' },
  {
    name: 'stylesheet',
    html: (at) => `<link rel=stylesheet href="http://${at}/">`,
    bare: 'connects',
    consented: true,
  },
  { name: 'icon', html: (at) => `<link rel=icon href="http://${at}/">`, bare: 'nothing' },
  {
    name: 'preload',
    html: (at) => `<link rel=preload as=image href="http://${at}/">`,
    bare: 'connects',
  },
  { name: 'prefetch', html: (at) => `<link rel=prefetch href="http://${at}/">`, bare: 'connects' },
  {
    name: 'modulepreload',
    html: (at) => `<link rel=modulepreload href="http://${at}/">`,
    bare: 'connects',
  },
  {
    name: 'preconnect',
    html: (at) => `<link rel=preconnect href="http://${at}/">`,
    bare: 'connects',
  },
  {
    name: 'dns-prefetch',
    html: (at) => `<link rel=dns-prefetch href="http://${at}/">`,
    bare: 'looks up',
  },
  {
    name: 'two-relations',
    html: (at) => `<LINK REL="x preconnect" HREF="http://${at}/">`,
    bare: 'connects',
  },
  { name: 'iframe', html: (at) => `<iframe src="http://${at}/"></iframe>`, bare: 'connects' },
  { name: 'iframe-slash', html: (at) => `<iframe/src="http://${at}/"></iframe>`, bare: 'connects' },
  { name: 'iframe-capitals', html: (at) => `<IFRAME\nSRC=http://${at}/>`, bare: 'connects' },
  {
    name: 'iframe-srcdoc',
    html: (at) => `<iframe srcdoc="<img src=http://${at}/>"></iframe>`,
    bare: 'connects',
  },
  {
    name: 'iframe-in-title',
    html: (at) => `<svg><title><iframe src="http://${at}/"></iframe></title></svg>`,
    bare: 'connects',
  },
  {
    name: 'iframe-after-style',
    html: (at) => `<style><a title="</style><iframe src=http://${at}/></iframe>">`,
    bare: 'connects',
  },
  {
    name: 'iframe-in-noscript',
    html: (at) => `<noscript><iframe src="http://${at}/"></iframe></noscript>`,
    bare: 'nothing',
  },
  {
    name: 'iframe-shadow',
    html: (at) =>
      `<div><template shadowrootmode=open><iframe src="http://${at}/"></iframe></template></div>`,
    bare: 'connects',
  },
  {
    name: 'frame',
    html: (at) => `<frameset><frame src="http://${at}/"></frameset>`,
    bare: 'connects',
  },
  { name: 'object', html: (at) => `<object data="http://${at}/"></object>`, bare: 'connects' },
  { name: 'embed', html: (at) => `<embed src="http://${at}/">`, bare: 'connects' },
  {
    name: 'refresh',
    html: (at) => `<meta http-equiv=refresh content="0; url=http://${at}/">`,
    bare: 'connects',
  },
  { name: 'base', html: (at) => `<base href="http://${at}/"><img src="x.gif">`, bare: 'connects' },
  {
    name: 'link-prefetched',
    html: (at) =>
      `<meta http-equiv=x-dns-prefetch-control content=on><a href="http://${at}/">x</a>`,
    bare: 'nothing',
  },
  {
    name: 'link',
    html: (at) => `<a href="http://${at}/" ping="http://${at}/">x</a>`,
    bare: 'nothing',
  },
  {
    name: 'form',
    html: (at) => `<form action="http://${at}/"><input name=x></form>`,
    bare: 'nothing',
  },
  {
    name: 'comment',
    html: (at) => `<!--[if true]><img src="http://${at}/"><![endif]-->`,
    bare: 'nothing',
  },
]
