/** One command that a recipe wants to be run after a deployment: a function of its `abra.sh`. */
export type RecipeCommand = {
  /** Service, by its name in compose, in whose container it runs. */
  readonly service: string;
  /** Name of the function. */
  readonly name: string;
  /** As written; the shell in the container reads them. */
  readonly args: string;
};

/** `.env` variables that hold such commands. */
export type CommandsVariable = 'POST_DEPLOY_CMDS' | 'POST_UPGRADE_CMDS';

/**
 * Reads `POST_DEPLOY_CMDS="app initialise|app set_default_style easy"`: commands apart by `|`, each a service, a
 * function and its arguments. A text is what is wrong with it. Pure.
 */
export function parseCommands(value: string): RecipeCommand[] | string {
  const commands: RecipeCommand[] = [];
  for (const written of value.split('|').map((part) => part.trim())) {
    if (written === '') continue;
    const [, service, name, args = ''] = /^(\S+)\s+([A-Za-z_][\w-]*)(?:\s+(.*))?$/s.exec(written) ?? [];
    if (service === undefined || name === undefined)
      return `${JSON.stringify(written)}: a service and a function of abra.sh are expected`;
    commands.push({ service, name, args });
  }
  return commands;
}

/** Whether `abra.sh` defines a function of this name. Pure. */
export function definesFunction(abra: string, name: string): boolean {
  return new RegExp(`^[ \\t]*(?:function[ \\t]+)?${name}[ \\t]*\\([ \\t]*\\)`, 'm').test(abra);
}

/** What a shell in the container is told: the functions, who is meant, and the call; each part ends its line. Pure. */
export function commandScript(
  abra: string,
  { service, name, args }: RecipeCommand,
  { domain, stack }: { readonly domain: string; readonly stack: string },
): string {
  const head = `TARGET=${service}; APP_NAME=${domain}; STACK_NAME=${stack}`;
  return `${head}\n${abra}\n${name} ${args}\n`;
}
