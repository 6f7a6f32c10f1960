import { siteStyle } from './site-style.ts';

/** The one style sheet of all pages; inline, named by its hash in the Content-Security-Policy. */
export const pageStyle = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c1f23;--soft:#5a626b;--line:#d9dde2;--card:#f5f6f8;--green:#1a7a35;--red:#b3261e;--amber:#8a5a00;--blue:#0b5cad}
@media(prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e6e8eb;--soft:#9aa4af;--line:#31373e;--card:#1d2126;--green:#5fce7f;--red:#ff8a80;--amber:#f0b849;--blue:#7ab8ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1.25rem 1rem 4rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
a{color:var(--blue)}a:focus-visible,summary:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
h1{font-size:1.35rem;line-height:1.3;margin:.2rem 0 .3rem}h2{font-size:1.05rem;margin:2rem 0 .6rem}
header p,footer{color:var(--soft);margin:.25rem 0}footer{margin-top:3rem;font-size:.875rem}
.verdict{border-left:.4rem solid var(--amber);background:var(--card);border-radius:.4rem;padding:.9rem 1.1rem;margin:1rem 0}
.green{border-color:var(--green)}.red{border-color:var(--red)}
.verdict b{text-transform:uppercase;letter-spacing:.04em;color:var(--amber)}.green b{color:var(--green)}.red b{color:var(--red)}
.stages{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:.4rem}
.stages>li{padding:.55rem .9rem;border-bottom:1px solid var(--line)}.stages>li:last-child{border:0}
.head{display:grid;grid-template-columns:1.4rem minmax(6rem,1fr) auto 5.5rem;gap:.5rem;align-items:baseline}
.head .time{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}
.sign{font-weight:700;text-align:center}.pass{color:var(--green)}.fail{color:var(--red)}.unver,.running{color:var(--amber)}.skip,.waiting{color:var(--soft)}
.why{margin:.35rem 0 .2rem 1.9rem}details{margin:.35rem 0 .2rem 1.9rem}summary{cursor:pointer;color:var(--soft)}
ul.tests{list-style:none;margin:.3rem 0;padding:0}ul.tests li{padding:.12rem 0}
pre{margin:.4rem 0;padding:.6rem .8rem;background:var(--card);border:1px solid var(--line);border-radius:.3rem;overflow-x:auto;white-space:pre-wrap;font:.8125rem/1.45 ui-monospace,monospace}
code{font:.9em ui-monospace,monospace}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .7rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
th{color:var(--soft);font-weight:600;font-size:.875rem}td.value{font:.875rem/1.5 ui-monospace,monospace}
.soft{color:var(--soft)}.links{display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;list-style:none;padding:0;margin:0}
@media(max-width:40rem){body{padding:.8rem .7rem 3rem}.head{grid-template-columns:1.2rem 1fr auto auto}.why,details{margin-left:0}th.wide,td.wide{display:none}}${siteStyle}`;
