import { renderUnit, type Sections } from '../../../tools/units/render.ts';
import type { Section, Setting } from '../../../tools/units/table.ts';

/** A unit as `evaluate.nix` gives it. */
export type EvaluatedUnit = {
  readonly description: string;
  readonly wantedBy: readonly string[];
  readonly unitConfig: Section;
  readonly path?: readonly string[];
  readonly restartIfChanged?: boolean;
  readonly reloadIfChanged?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly serviceConfig?: Section;
  readonly pathConfig?: Section;
  readonly timerConfig?: Section;
  readonly sliceConfig?: Section;
} & Readonly<Partial<Record<'wants' | 'after' | 'before' | 'requires' | 'partOf', readonly string[]>>>;

export type EvaluatedUnits = {
  readonly services: Readonly<Record<string, EvaluatedUnit>>;
  readonly paths: Readonly<Record<string, EvaluatedUnit>>;
  readonly timers: Readonly<Record<string, EvaluatedUnit>>;
  readonly slices: Readonly<Record<string, EvaluatedUnit>>;
};

/** All unit files, name to text, as NixOS writes them. */
export function unitTexts({ services, paths, timers }: EvaluatedUnits): Map<string, string> {
  const texts = (units: EvaluatedUnits['paths'], ending: string) =>
    Object.entries(units).map(([name, unit]): [string, string] => [`${name}.${ending}`, unitText(unit)]);
  return new Map([...texts(services, 'service'), ...texts(paths, 'path'), ...texts(timers, 'timer')]);
}

/** Text of one unit, whatever its kind. */
export function unitText(unit: EvaluatedUnit): string {
  const { description, wants, requires, partOf, before, after, unitConfig, wantedBy } = unit;
  const orders = { Wants: wants, Requires: requires, PartOf: partOf, Before: before, After: after };
  const sections: Sections = {
    Unit: { Description: description, ...lists(orders), ...unitConfig },
    ...(unit.serviceConfig && { Service: { ...unit.serviceConfig, ...serviceEnvironment(unit) } }),
    ...(unit.pathConfig && { Path: unit.pathConfig }),
    ...(unit.timerConfig && { Timer: unit.timerConfig }),
    ...(unit.sliceConfig && { Slice: unit.sliceConfig }),
    Install: lists({ WantedBy: wantedBy }),
  };
  return renderUnit(sections);
}

/** What `serviceConfig` says itself, `environment`, and PATH out of `path`. */
function serviceEnvironment({ path = [], environment = {}, serviceConfig }: EvaluatedUnit) {
  const folders = path.flatMap((one) => [`${one}/bin`, `${one}/sbin`]);
  const variables = Object.entries({ ...environment, ...(path.length > 0 && { PATH: folders.join(':') }) });
  const made = variables.map(([name, value]) => JSON.stringify(`${name}=${value}`));
  return lists({ Environment: [serviceConfig?.Environment ?? [], made].flat().map(String) });
}

function lists(given: Readonly<Record<string, readonly string[] | undefined>>): Record<string, Setting> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value && value.length > 0 ? [[key, value]] : [])),
  );
}
