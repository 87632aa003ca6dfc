/** The only place that chooses a channel. */

import type { Channel } from './types'
// #ifdef H5
import { h5 } from './h5'
// #endif
// #ifdef MP-WEIXIN
import { weixin } from './weixin'
// #endif
// #ifdef MP-ALIPAY
import { alipay } from './alipay'
// #endif

let chosen: Channel
// #ifdef H5
chosen = h5
// #endif
// #ifdef MP-WEIXIN
chosen = weixin
// #endif
// #ifdef MP-ALIPAY
chosen = alipay
// #endif

export const channel: Channel = chosen
export type * from './types'
