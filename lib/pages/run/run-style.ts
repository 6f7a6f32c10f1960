/** What the page of a run has besides the style of all pages. */
export const runStyle = `
.trail{color:var(--soft);font-size:.9rem}
.verdict p{margin:.3rem 0}.headline{font-size:1.15rem;font-weight:600;line-height:1.35}
.said{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:center;justify-content:space-between}.badge svg{display:block}
.rungs{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;margin:.7rem 0 .2rem;padding:0}
.rungs li{border:1px solid var(--line);border-radius:1rem;padding:.1rem .7rem;background:var(--paper);font-size:.9rem}
.rungs .rung-skip,.rungs .rung-unver{border-style:dashed;color:var(--soft)}
.parts{margin:1rem 0;font-size:.95rem}
main section{scroll-margin-top:1rem}h2{scroll-margin-top:1rem}
.stages>li{border-left:.25rem solid transparent}.stages>li:last-child{border-left:.25rem solid transparent}.stages>li.stage-fail{border-left-color:var(--red)}.stages>li.stage-running{border-left-color:var(--amber)}.why{margin-right:.2rem}.stages pre[tabindex]{max-height:28rem;overflow:auto}
.tests .sign{display:inline-block;width:1.2rem}
.pairs{table-layout:fixed}.pairs th{width:13rem;padding-right:1rem}.pairs th,.pairs td,.files td{overflow-wrap:anywhere}
ul.plain{list-style:none;margin:0;padding:0}
details.wide-fold{margin:.6rem 0}
.once{user-select:all;border-left:.25rem solid var(--blue)}
.shots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:1rem}
figure{margin:0}figure img{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:.3rem;background:var(--card)}figcaption{color:var(--soft);font-size:.9rem;margin-top:.3rem}
.bar{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center;margin:.6rem 0}.bar label{display:flex;gap:.5rem;align-items:center;color:var(--soft)}.grow{flex:1 1 14rem}
select,input,button{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:.3rem;padding:.35rem .6rem;min-height:2.4rem;max-width:100%}.grow input{flex:1;min-width:0;width:100%}
button{cursor:pointer}
select:focus-visible,input:focus-visible,button:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
.lines{height:min(32rem,70vh);overflow:auto;background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.5rem .7rem;font:.8125rem/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.lines:empty{height:4rem}.lines .from{color:var(--blue)}.lines .mark{color:var(--soft);border-top:1px dashed var(--line);margin-top:.2rem;padding-top:.2rem}
mark{background:var(--amber);color:var(--paper)}
[hidden]{display:none!important}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(max-width:40rem){.spare{display:none}.pairs th{width:38%}.lines{padding:.4rem}}
@media print{.viewer,.bar,.parts{display:none}}
`;
