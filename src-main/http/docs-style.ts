export const docsStyle = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #1c2022);
  --text: light-dark(#1a1d23, #e6e8ec);
  --quiet: light-dark(#5b6270, #a9b0bc);
  --line: light-dark(#d9dde4, #3b424c);
  --field: light-dark(#f3f4f7, #262b2f);
  --accent: light-dark(#4338ca, #a5b4fc);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.5 system-ui, sans-serif; }
header {
  position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center;
  gap: 8px 24px; padding: 10px 20px; border-bottom: 1px solid var(--line); background: var(--page);
}
header h1, .brand { margin: 0; font-size: 16px; font-weight: 700; }
.brand { color: var(--text); text-decoration: none; }
nav { display: flex; flex-wrap: wrap; gap: 4px; }
nav a { padding: 4px 10px; border-radius: 6px; color: var(--quiet); text-decoration: none; }
nav a:hover { color: var(--text); }
nav a[aria-current] { color: var(--accent); font-weight: 600; }
#sign-in { margin-left: auto; color: var(--quiet); }
#key {
  width: 260px; max-width: 60vw; margin-left: 8px; padding: 5px 9px; border: 1px solid var(--line);
  border-radius: 6px; background: transparent; color: var(--text); font: inherit;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.swagger-ui .wrapper { max-width: 1200px; }
.swagger-ui .scheme-container, .swagger-ui .authorization__btn, .swagger-ui .info .title { display: none; }
.swagger-ui .info { margin: 20px 0 0; }

#guide { display: flex; gap: 40px; max-width: 1160px; margin: 0 auto; padding: 24px 20px 80px; }
#guide > nav { position: sticky; top: 72px; flex: 0 0 150px; flex-direction: column; align-self: flex-start; margin: 0; }
#guide > main { flex: 1; min-width: 0; }
article { max-width: 46rem; font-size: 15px; line-height: 1.65; }
article h1 { margin: 0 0 16px; font-size: 26px; line-height: 1.25; }
article h2 { margin: 36px 0 10px; font-size: 19px; scroll-margin-top: 72px; }
article a { color: var(--accent); }
article code { padding: 1px 5px; border-radius: 4px; background: var(--field); font: 0.88em ui-monospace, monospace; }
article pre { overflow-x: auto; padding: 12px 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--field); line-height: 1.5; }
article pre code { padding: 0; background: none; }
.table { overflow-x: auto; margin: 16px 0; }
article table { border-collapse: collapse; font-size: 14px; }
article th, article td { padding: 7px 16px 7px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
@media (max-width: 760px) {
  #guide { flex-direction: column; gap: 16px; }
  #guide > nav { position: static; flex: none; flex-direction: row; padding-bottom: 12px; border-bottom: 1px solid var(--line); }
  #guide > nav { gap: 0 4px; margin: 0 -10px; }
  #guide > nav a { padding: 6px 10px; }
  article table { min-width: 640px; }
}
`
