// The bare loop: splits its input into lines and parses each; it checks, keeps and writes nothing.
process.stdin.setEncoding('utf8');
let rest = '';
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) JSON.parse(line);
}
if (rest !== '') JSON.parse(rest);
