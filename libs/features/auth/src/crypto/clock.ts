import { Injectable } from '@nestjs/common';

/** The wall clock of this process, apart so that tests can move it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }

  /** Whole seconds since 1970, as JWTs count. */
  seconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }
}
