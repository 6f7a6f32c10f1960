/**
 * Why a word that was probably meant as a commit is none, in words that go on after it; null when it looks like
 * something else. A word without a digit is a word: `add`, `facade`.
 */
export function whyNoCommit(word: string): string | null {
  if (!/^[0-9a-z]+$/i.test(word) || !/\d/.test(word)) return null;
  const wrong = [...new Set(word.toLowerCase().replaceAll(/[0-9a-f]/g, ''))];
  if (wrong.length === 0) {
    return word.length < 7
      ? 'is too short for a commit: 7 to 40 digits are needed'
      : 'is too long for a commit: 7 to 40 digits are needed';
  }
  if (wrong.length > 2 || word.length < 7) return null;
  return `is no commit: ${wrong.join(' and ')} ${wrong.length > 1 ? 'are' : 'is'} not hexadecimal`;
}
