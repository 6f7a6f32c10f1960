/**
 * A seccomp filter for bubblewrap's `--seccomp`: a socket of the kernel's own news (AF_NETLINK) cannot be opened, all
 * else may. Chromium breaks off what it loads (`ERR_NETWORK_CHANGED`) when it hears of interfaces that come and go, and
 * on a swarm they do with each container. Not a fence: a 32-bit program is not judged.
 * Source: seccomp(2), `struct seccomp_data`; the numbers of `socket` are those of x86-64 and arm64.
 */
export function noNetlink(): Buffer {
  const program = [
    statement(load, architectureAt),
    jump(0xc000003e, 2, 0),
    jump(0xc00000b7, 3, 0),
    statement(give, allow),
    statement(load, callAt),
    jump(41, 2, 6),
    statement(load, callAt),
    jump(198, 0, 4),
    statement(load, familyAt),
    jump(netlink, 0, 2),
    statement(give, refuse | notSupported),
    statement(give, allow),
    statement(give, allow),
  ];
  return Buffer.concat(program);
}

const [load, equals, give] = [0x20, 0x15, 0x06];
const [callAt, architectureAt, familyAt] = [0, 4, 16];
const [allow, refuse] = [0x7fff0000, 0x00050000];
const netlink = 16;
/** `EAFNOSUPPORT`. */
const notSupported = 97;

function statement(code: number, value: number): Buffer {
  return instruction(code, 0, 0, value);
}

/** How many instructions are left out where the value is this one, and where it is not. */
function jump(value: number, isSo: number, isNot: number): Buffer {
  return instruction(equals, isSo, isNot, value);
}

function instruction(code: number, isSo: number, isNot: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(isSo, 2);
  bytes.writeUInt8(isNot, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
