/** A fenced block of a Markdown text: its language, what it holds, and the line of the text on which it begins. */
export type Block = { readonly language: string; readonly text: string; readonly line: number };

const fence = /^( *)(`{3,})([^\n`]*)\n([\s\S]*?)^\1\2$/gm;

/** The fenced blocks of a Markdown text, in order. */
export function fencedBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(fence)].map(({ index, 3: language = '', 4: text = '' }) => ({
    language: language.trim(),
    text,
    line: markdown.slice(0, index).split('\n').length,
  }));
}

/** The anchors of a text's headings, as Gitea, Forgejo and GitHub make them. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of markdown.replaceAll(fence, '').matchAll(/^#{1,6} +(.+)$/gm)) {
    const plain = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase();
    const base = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
    const others = [...anchors].filter(
      (anchor) => anchor === base || /^-\d+$/.test(anchor.slice(base.length)),
    );
    anchors.add(others.length === 0 || !anchors.has(base) ? base : `${base}-${others.length}`);
  }
  return anchors;
}

/** Where the links and pictures of a text lead, code apart. */
export function linksOf(markdown: string): string[] {
  const text = markdown.replaceAll(fence, '').replaceAll(/`[^`\n]*`/g, '``');
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const named = [...text.matchAll(/^\[[^\]]+\]:\s+<?([^\s>]+)/gm)];
  return [...inline, ...named].map(([, target = '']) => target);
}

/** A program of ours that a text names with flags: `stage`, or the front door's own `test`, and its flags. */
export type Call = { readonly program: string; readonly flags: readonly string[]; readonly line: number };

/** All calls of programs with flags; a call ends where the shell or the code span ends it. */
export function callsOf(markdown: string): Call[] {
  const text = markdown.replaceAll(/\\\n/g, '  ');
  const calls = text.matchAll(
    /(?<![=\w-])ccci(?:-([a-z]+)\b(?![-.\w])| ([a-z]+)\b)((?:(?!\bccci\b)[^|;&`\n])*)/g,
  );
  return [...calls].flatMap(({ index, 1: tool, 2: word, 3: rest = '' }) => {
    const flags = [...rest.matchAll(/(?<=[\s[(])--([a-z][a-z-]*)/g)].map(([, flag = '']) => flag);
    const program = tool === undefined ? (word as string) : `-${tool}`;
    return flags.length === 0 ? [] : [{ program, flags, line: text.slice(0, index).split('\n').length }];
  });
}
