import { escape } from './charts.js';

const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--text:#16191f;--soft:#5b6472;--line:#e3e6eb;--bars:#b6bfcc;
--c1:#2563eb;--c2:#0d9488;--c3:#7c3aed;--c4:#c2410c;--c5:#a16207;--c6:#be185d;--good:#15803d;--bad:#c81e1e;--warn:#a16207}
@media(prefers-color-scheme:dark){:root{--bg:#0f1218;--card:#181c24;--text:#e8ebf0;--soft:#9aa4b2;--line:#2a303b;--bars:#4a5464;
--c1:#6ea8fe;--c2:#2dd4bf;--c3:#b794f6;--c4:#fb923c;--c5:#eab308;--c6:#f472b6;--good:#4ade80;--bad:#f87171;--warn:#eab308}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:22px;line-height:1.25;margin:0;overflow-wrap:anywhere}
h2{font-size:15px;margin:0}
small,.soft{color:var(--soft);font-size:13px}
header p{margin:4px 0 0}
.verdict{margin:16px 0;padding:12px 16px;border-radius:10px;background:var(--card);border:1px solid var(--line);border-left:5px solid var(--state)}
.verdict ul{margin:4px 0 0;padding-left:20px}
.verdict b{color:var(--state)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px;margin:16px 0}
.tile,.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 16px;margin:0}
.tile strong{display:block;font-size:22px;line-height:1.3;font-variant-numeric:tabular-nums}
.grid-2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:12px}
figcaption{display:flex;justify-content:space-between;align-items:baseline;gap:12px;flex-wrap:wrap}
.plot{position:relative;height:200px;margin:16px 8px 26px 52px}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.y,.x{position:absolute;font-size:12px;color:var(--soft);line-height:1;white-space:nowrap;font-variant-numeric:tabular-nums}
.y{right:calc(100% + 8px);transform:translateY(50%)}
.x{top:calc(100% + 8px);transform:translateX(-50%)}
.grid,.line,.limit,.mark{vector-effect:non-scaling-stroke;fill:none}
.grid{stroke:var(--line);stroke-width:1}
.line{stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.limit{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:5 4}
.mark{stroke-width:1.5}
.hint{fill:transparent}.hint:hover{fill:var(--text);fill-opacity:.08}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;font-size:13px;color:var(--soft)}
.legend i{display:inline-block;width:14px;height:0;border-top:3px solid var(--color);margin-right:6px;vertical-align:middle}
.legend i.dashed{border-top-style:dashed}
.wide{overflow-x:auto;margin-top:12px}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:6px 10px;border-bottom:1px solid var(--line);white-space:nowrap}
th{color:var(--soft);font-weight:600}
th:first-child,td:first-child{text-align:left;padding-left:0}
tr:last-child td{border-bottom:0}
@media print{body{background:#fff}.card,.tile,.verdict{break-inside:avoid}}
`;

export type State = 'good' | 'bad' | 'warn';

/** A page that needs nothing but itself. */
export function page(title: string, subtitle: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>${escape(title)}</h1><p class="soft">${escape(subtitle)}</p></header>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

/** What was found, in a word and some sentences. */
export function verdictBox(state: State, word: string, sentences: readonly string[]): string {
  const items = sentences.map((sentence) => `<li>${escape(sentence)}</li>`).join('');
  return `<section class="verdict" style="--state:var(--${state})"><b>${escape(word)}</b>${items && `<ul>${items}</ul>`}</section>`;
}

export function tiles(entries: readonly { name: string; value: string; note?: string }[]): string {
  const cells = entries.map(
    ({ name, value, note }) =>
      `<div class="tile"><span class="soft">${escape(name)}</span><strong>${escape(value)}</strong><small>${escape(note ?? '')}</small></div>`,
  );
  return `<section class="tiles">${cells.join('')}</section>`;
}

export function side(charts: readonly string[]): string {
  return `<section class="grid-2">${charts.join('\n')}</section>`;
}

/** In the place of a chart that would be empty. */
export function noteCard(title: string, sentence: string): string {
  return `<section class="card"><h2>${escape(title)}</h2><p class="soft">${escape(sentence)}</p></section>`;
}

export function tableCard(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return `<section class="card" style="margin-top:12px"><h2>${escape(title)}</h2><div class="wide"><table>${head.length > 0 ? `<thead>${cells('th', head)}</thead>` : ''}<tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table></div></section>`;
}
