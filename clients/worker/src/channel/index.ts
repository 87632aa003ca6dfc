/** The only place that chooses a channel. */

import type { Channel } from './types'
// #ifdef H5
import { h5 } from './h5'
// #endif

export const channel: Channel = h5
export type * from './types'
