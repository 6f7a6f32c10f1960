/** Style of what all runs have in common: overview and histories. Part of the one style sheet. */
export const siteStyle = `
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.aside{color:var(--soft)}.card p,.state p{margin:.1rem 0}
.moment{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:0 2rem}
.now{margin:0;padding:0;list-style:none;border:1px solid var(--line);border-radius:.5rem}
.now li{padding:.55rem .9rem;border-bottom:1px solid var(--line)}.now li:last-child{border:0}
.now .stage{float:right;color:var(--amber)}
.pulse{display:inline-block;width:.6rem;height:.6rem;margin-right:.45rem;border-radius:50%;background:var(--amber)}
@media(prefers-reduced-motion:no-preference){.pulse{animation:pulse 1.6s ease-in-out infinite alternate}@keyframes pulse{to{opacity:.3}}}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17.5rem),1fr));gap:1rem;list-style:none;margin:0;padding:0}
.card{display:flex;flex-direction:column;border:1px solid var(--line);border-radius:.6rem;overflow:hidden;background:var(--card)}
.card .about{flex:1;padding:.8rem 1rem .7rem}.card h3{margin:0;font-size:1.1rem;line-height:1.3}.card h3 a{text-decoration:none}.card h3 a:hover{text-decoration:underline}
.card .past{padding:0 1rem .9rem}
.shot{display:block;width:100%;height:auto;aspect-ratio:16/10;object-fit:cover;object-position:top;background:var(--line);border-bottom:1px solid var(--line)}
.shot.none{display:grid;place-items:center;font-size:3rem;font-weight:600;color:var(--soft);background:linear-gradient(135deg,var(--card),var(--line))}
.version{font:.875rem/1.5 ui-monospace,monospace;color:var(--soft)}
.result{display:flex;flex-wrap:wrap;gap:.2rem .7rem;align-items:center;justify-content:space-between}
.badge{display:block;height:20px;width:auto}
.trend{display:block}.trend .pass{fill:var(--green)}.trend .fail{fill:var(--red)}.trend .unver{fill:var(--amber)}.trend .aside{fill:var(--soft)}
.card .soft,.state .soft,.now .soft,.runs .soft{font-size:.875rem}
.state{display:grid;grid-template-columns:minmax(0,20rem) 1fr;gap:1.2rem;align-items:start;margin:1rem 0;padding:1rem;border:1px solid var(--line);border-radius:.6rem;background:var(--card)}
.state .shot{border:1px solid var(--line);border-radius:.4rem}.state .result{justify-content:flex-start;font-size:1.15rem}.state .past{margin-top:.7rem}
.runs th .soft{font-weight:400}.runs th[scope=row]{color:inherit;font-size:inherit;min-width:9rem}.runs td:nth-child(4),.runs td:nth-child(5){white-space:nowrap;font-variant-numeric:tabular-nums;font-size:.9375rem}
.runs td:last-child,.runs th:last-child{text-align:right;padding-right:0}
nav{display:flex;gap:1.5rem;margin:1rem 0}
@media(max-width:40rem){.card .badge{display:none}.state{grid-template-columns:1fr}.state .shot.none{display:none}
.card{display:grid;grid-template-columns:6.5rem 1fr}.card .shot{grid-row:1/3;height:100%;aspect-ratio:auto;border:0;border-right:1px solid var(--line)}.card .about{padding:.6rem .8rem .4rem}.card .past{padding:0 .8rem .7rem}.result{justify-content:flex-start}
.runs,.runs tbody,.runs tr,.runs th,.runs td{display:block;border:0;padding:0}.runs thead{display:none}
.runs tr{padding:.7rem 0;border-bottom:1px solid var(--line)}.runs td:last-child{text-align:left}
.runs td:nth-child(3),.runs td:nth-child(4),.runs td:nth-child(5){display:inline-block;margin-right:.8rem;color:var(--soft);font-size:.875rem}}
`;
