/** Whether this process has been told to stop: it finishes what it has and asks for no more. */
export class Drain {
  private begun = false;

  /**
   * @param ms how long the listener stays open while /ready already says no, so that load balancers
   *   stop sending before the process stops accepting
   */
  constructor(readonly ms: number) {}

  /** From now on /ready answers 503, and answers close the connection that they are sent on. */
  begin(): void {
    this.begun = true;
  }

  get hasBegun(): boolean {
    return this.begun;
  }
}
