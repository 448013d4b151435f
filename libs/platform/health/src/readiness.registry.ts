import { Injectable } from '@nestjs/common';

export interface ReadinessCheck {
  /** Key in the report's `checks`. */
  name: string;
  /** When false, a failure is reported as degraded and the service stays ready. */
  required: boolean;
  /** Rejects when the dependency cannot be used; with Degraded where the service can do with what is left. */
  check(): Promise<void>;
}

/** Something required is away in part, and the service goes on with what is left of it. */
export class Degraded extends Error {}

/** What this process needs before it can serve; each platform module adds its own check. */
@Injectable()
export class ReadinessRegistry {
  private readonly registered: ReadinessCheck[] = [];

  add(check: ReadinessCheck): void {
    this.registered.push(check);
  }

  get checks(): readonly ReadinessCheck[] {
    return this.registered;
  }
}
