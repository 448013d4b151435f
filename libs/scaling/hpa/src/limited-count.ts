/** What stabilisation, policies and bounds made of a count. */
export interface LimitedCount {
  replicas: number;
  /** After the stabilisation windows. */
  stabilized: number;
  /** null if the windows changed nothing. */
  stabilizedBy: 'ScaleUpStabilized' | 'ScaleDownStabilized' | null;
  /** null if neither policy nor bound changed anything. */
  limitedBy: 'ScaleUpLimit' | 'ScaleDownLimit' | 'TooManyReplicas' | 'TooFewReplicas' | null;
  /** The count that the rate allows in this direction; null without a change of the count. */
  rateLimit: number | null;
  /** The policy that gave the rate, as an index; -1 if none did. */
  policy: number;
}
