import type { ForgeConfig } from './forges.ts';

type Enrolment = Pick<ForgeConfig, 'url' | 'organisations' | 'repositories'>;

/**
 * What is enrolled under two names of one server: keys of triggers begin with the name of the forge, so each comment
 * there would be two. The second name, and why.
 */
export function enrolledTwice(
  forges: Readonly<Record<string, Enrolment>>,
): { readonly forge: string; readonly message: string }[] {
  const named = Object.entries(forges);
  return named.flatMap(([forge, one], index) =>
    named.slice(0, index).flatMap(([before, other]) => {
      const server = serverOf(one);
      const both = server !== undefined && server === serverOf(other) ? shared(one, other) : undefined;
      if (both === undefined) return [];
      const message = `${both} is enrolled in forges.${before}, which is the same server: each comment there would be run twice; name it in one of them`;
      return [{ forge, message }];
    }),
  );
}

/** Its address in one spelling, without a user; of what is no address, which is told of elsewhere, none. */
function serverOf({ url }: Enrolment): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { host, pathname, protocol } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

/** One that both enrol, an organisation or a repository; names have no case. */
function shared(one: Enrolment, other: Enrolment): string | undefined {
  return enrolledBy(one).find((name) => has(other, name)) ?? enrolledBy(other).find((name) => has(one, name));
}

function enrolledBy({ organisations, repositories }: Enrolment): readonly string[] {
  return [...organisations, ...repositories];
}

function has(forge: Enrolment, name: string): boolean {
  const [owner = ''] = name.split('/');
  const names = [name.toLowerCase(), owner.toLowerCase()];
  return enrolledBy(forge).some((one) => names.includes(one.toLowerCase()));
}
