/** Numbers as sentences have them. */

export function number(value: number): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return String(Number(value.toFixed(digits)));
}

export function percent(share: number): string {
  return `${number(share * 100)} %`;
}

export function milliseconds(seconds: number): string {
  return `${number(seconds * 1000)} ms`;
}

/** Milli-cores as Kubernetes writes them. */
export function cores(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${Math.round(milli)}m`;
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)}Mi`;
}

/** As 2026-11-24T08:00Z. */
export function moment(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
}
